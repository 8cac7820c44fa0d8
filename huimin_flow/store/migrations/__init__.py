"""The schema's own history, carried in the wheel."""
