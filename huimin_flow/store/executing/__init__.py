"""Plans, tasks, progress: rows."""
