"""What is run beside the product."""
