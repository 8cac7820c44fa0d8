"""Answers to appeals (A7)."""
