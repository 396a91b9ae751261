"""A class on one lab: its students, their credentials, and what they did."""
