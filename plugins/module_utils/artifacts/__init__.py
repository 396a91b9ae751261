"""Build, download and keep artifacts."""
