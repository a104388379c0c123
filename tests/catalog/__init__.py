"""Loading what users write, the problems it tells, and its schemas."""
