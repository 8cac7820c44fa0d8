"""Rectifications: questions, steps of unit and judges, the ladder (D2, F3)."""
