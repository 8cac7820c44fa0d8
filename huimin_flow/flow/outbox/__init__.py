"""What other systems get: the feed of changes, and what is sent of it."""
