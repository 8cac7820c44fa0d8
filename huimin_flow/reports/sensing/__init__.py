"""Screening, suggestions and imports in words."""
