"""Load a bundle: a signed file with everything that a lab needs on a machine without a network.

Only the standard library is used here, because the launcher runs this before the Python environment exists.
"""
