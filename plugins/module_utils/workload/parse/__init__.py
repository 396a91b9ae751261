"""Parse and validate the short form of an application."""
