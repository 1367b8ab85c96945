"""What write_hierarchy.py puts together, one idea in each module."""
