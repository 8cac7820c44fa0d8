"""Plans, tasks, progress: values."""
