"""Pages of the desk about what is carried out."""
