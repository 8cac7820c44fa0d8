"""Files that every room uses."""
