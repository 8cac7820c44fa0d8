"""Rows of the service catalogue, ratings and follow-ups."""
