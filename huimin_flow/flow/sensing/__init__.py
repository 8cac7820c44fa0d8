"""Appeals, gathering, screening: acts and questions."""
