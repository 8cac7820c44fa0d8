"""Checks of screening, of policies, and of answers to appeals."""
