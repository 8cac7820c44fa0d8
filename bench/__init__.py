"""The bench: how fast we are, beside the bare limit and beside peers."""
