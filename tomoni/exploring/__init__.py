"""What the page `/explore` works on: the index of metrics, questions as an address has them, and saved views."""
