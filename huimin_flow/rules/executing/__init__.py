"""Plans, tasks, progress: rules."""
