"""What assistants may ask over the Model Context Protocol: the use cases of the product, to read alone."""
