"""Judgment, stars, lists: values of pages."""
