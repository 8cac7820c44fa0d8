"""Rows of appeals, gathering and screening."""
