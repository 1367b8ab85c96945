"""What compare_outputs is made of."""
