"""The migrations of the host; Django leaves tables alone that no model declares."""
