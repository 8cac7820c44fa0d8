"""What every room stands on: values."""
