"""Every code has words."""
