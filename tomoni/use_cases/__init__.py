"""What the product does for pages, commands and files, and what one process keeps between two requests."""
