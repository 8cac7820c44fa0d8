"""Pages of lists that come about."""
