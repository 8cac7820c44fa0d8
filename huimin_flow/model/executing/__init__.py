"""Values of plans, tasks and progress."""
