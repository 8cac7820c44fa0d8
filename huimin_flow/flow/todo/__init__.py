"""What waits for an actor: their next steps, with due days, one module a room."""
