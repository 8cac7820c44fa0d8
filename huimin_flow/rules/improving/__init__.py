"""Evaluation and adjustment: rules."""
