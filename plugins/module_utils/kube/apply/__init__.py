"""Apply and delete objects."""
