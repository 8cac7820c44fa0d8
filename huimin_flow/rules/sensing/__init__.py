"""Appeals, gathering, screening: rules."""
