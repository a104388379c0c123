"""Published examples of others, and reference cases of our own, that the maths must meet."""
