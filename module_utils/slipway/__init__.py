"""Code that the modules of library/ share."""
