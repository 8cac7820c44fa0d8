"""Checks of screening and of policies."""
