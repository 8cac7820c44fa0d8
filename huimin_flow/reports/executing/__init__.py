"""Plans, tasks, progress: values of pages."""
