"""What every room stands on: files."""
