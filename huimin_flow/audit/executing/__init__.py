"""The audit of what is carried out."""
