"""Frozen values, one module per concept: they hold data, and decide nothing."""
