"""A rule of two revisions: the example of docs/how-to/change-a-rule.md."""
