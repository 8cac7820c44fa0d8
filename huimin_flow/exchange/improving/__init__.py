"""Files about what is judged and improved."""
