"""Revisions that are no longer asked, kept while a history names them."""
