"""What every room stands on: rules."""
