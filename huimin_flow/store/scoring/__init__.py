"""The index, colors, ranking: rows."""
