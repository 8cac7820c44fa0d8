"""Rows of the index, colors and ranking."""
