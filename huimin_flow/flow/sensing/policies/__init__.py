"""Policies, the city's measures made from them, and the comparison of both (A5)."""
