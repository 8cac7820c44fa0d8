"""The only SQL of the house: what it remembers, and nothing that decides."""
