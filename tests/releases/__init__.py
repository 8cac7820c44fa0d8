"""A database of every release, and its public API: what nobody may lose (issue of E1)."""
