"""Scores, ratings and items as frames of polars and pandas."""
