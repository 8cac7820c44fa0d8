"""The allowed steps: the lives of items and records, their guards and machines."""
