"""The page `/explore`: any metric beside any SLO, and the workshop in which two teams find a target."""
