"""The library of postmortems, and the page of one."""
