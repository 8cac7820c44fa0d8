"""Screening and suggestions in words."""
