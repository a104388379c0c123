"""Every source against its contract, its faults and the real thing."""
