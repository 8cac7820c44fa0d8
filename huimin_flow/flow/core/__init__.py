"""The basis of all acts and questions."""
