"""Other programs with the engine inside: the examples, run as their users run them."""
