"""Commands of improving."""
