"""Queries of improving."""
