"""Judgment, stars, lists: commands."""
