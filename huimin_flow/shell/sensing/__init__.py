"""Appeals, gathering, screening: commands."""
