"""The labs on the Docker engine of this machine."""
