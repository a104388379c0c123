"""The SLO maths: pure functions over buckets. No input or output, no clock, no words."""
