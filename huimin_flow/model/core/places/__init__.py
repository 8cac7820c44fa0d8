"""Places: how people name them, and where each lies on a day."""
