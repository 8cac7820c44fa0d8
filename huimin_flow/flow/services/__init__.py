"""The catalogue of services, ratings, follow-ups: acts and questions."""
