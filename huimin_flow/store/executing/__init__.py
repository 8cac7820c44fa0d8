"""Rows of plans, tasks and progress."""
