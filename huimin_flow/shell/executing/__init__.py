"""Plans, tasks, progress: commands."""
