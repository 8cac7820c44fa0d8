"""Judgment, stars, lists: rules."""
