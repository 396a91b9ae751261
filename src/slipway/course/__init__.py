"""The course as pages: static files, and a server on loopback that marks what is done."""
