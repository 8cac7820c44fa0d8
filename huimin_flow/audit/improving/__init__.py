"""Checks of what is judged and improved."""
