"""Guards: each returns the reasons why a step may not be taken, by room."""
