"""Feeds: registered, delivered, asked about (E1)."""
