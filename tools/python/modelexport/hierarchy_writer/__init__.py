"""What sidecar.py puts together, one idea in each module."""
