"""Demands: the ledgers of demands and tasks, and the responses of units (B2, B4)."""
