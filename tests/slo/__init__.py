"""The SLO maths."""
