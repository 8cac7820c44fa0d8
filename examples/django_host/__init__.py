"""A letters office on Django: its letters and our items in one transaction."""
