"""Spot checks: drawn by two parties, hidden until done, answered by the checked."""
