"""Appeals, gathering, screening: rows."""
