"""What every room stands on: acts and questions."""
