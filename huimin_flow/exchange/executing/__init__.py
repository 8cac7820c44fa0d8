"""Plans, tasks, progress: files."""
