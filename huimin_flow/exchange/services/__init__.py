"""The catalogue of services, ratings, follow-ups: files."""
