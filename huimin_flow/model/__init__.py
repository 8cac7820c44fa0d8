"""Frozen values, by concept: they hold, and neither judge nor remember."""
