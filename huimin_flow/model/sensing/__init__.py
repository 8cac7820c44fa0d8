"""Appeals, gathering, screening: values."""
