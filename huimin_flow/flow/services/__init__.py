"""Acts and questions on the catalogue of services, ratings and follow-ups."""
