"""What every room stands on: values of pages."""
