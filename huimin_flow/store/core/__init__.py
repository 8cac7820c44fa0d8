"""What every room stands on: rows."""
