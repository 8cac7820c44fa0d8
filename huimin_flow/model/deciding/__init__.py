"""Judgment, stars, lists: values."""
