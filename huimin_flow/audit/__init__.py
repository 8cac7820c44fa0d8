"""Verify, replay, re-derive: it reads, believes nothing, and changes nothing."""
