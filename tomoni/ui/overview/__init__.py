"""What only the overview draws."""
