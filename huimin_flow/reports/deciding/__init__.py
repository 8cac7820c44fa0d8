"""Pages and lists of what is judged, chosen, and responded to."""
