"""Engagements of third parties: planned, reported, and followed (D4)."""
