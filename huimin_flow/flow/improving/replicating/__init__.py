"""Good practices and their replication by other units (D1)."""
