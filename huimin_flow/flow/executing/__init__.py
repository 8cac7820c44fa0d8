"""Plans, tasks, progress: acts and questions."""
