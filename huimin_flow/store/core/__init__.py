"""Rows that every room uses."""
