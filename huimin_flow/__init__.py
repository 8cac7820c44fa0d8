"""The closed loop from a citizen's voice to a replayed history."""
