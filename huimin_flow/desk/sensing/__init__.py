"""Pages of the desk about what citizens say."""
