"""Evaluation and adjustment: acts and questions."""
