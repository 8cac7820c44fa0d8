"""The audit: verify, replay and re-derive; it trusts nothing and changes nothing."""
