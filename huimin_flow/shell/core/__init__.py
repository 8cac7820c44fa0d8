"""What every room stands on: commands."""
