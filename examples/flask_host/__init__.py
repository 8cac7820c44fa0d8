"""A letters office on Flask: letters by the ORM, items in the same session."""
