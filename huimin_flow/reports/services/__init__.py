"""The catalogue of services, ratings, follow-ups: values of pages."""
