"""Evaluation and adjustment: commands."""
