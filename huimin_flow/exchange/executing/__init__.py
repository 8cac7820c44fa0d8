"""Files of plans, tasks and progress."""
