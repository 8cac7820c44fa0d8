"""A whole installation: its files, accounts, service and desk, as the how-to says."""
