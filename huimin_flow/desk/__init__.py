"""The desk: a server of pages and forms, whose visitors nobody can impersonate."""
