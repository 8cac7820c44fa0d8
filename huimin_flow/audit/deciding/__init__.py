"""Judgment, stars, lists: laws."""
