"""A letters office on FastAPI with async SQLAlchemy."""
