"""Judgment, stars, lists: acts and questions."""
