"""The index, colors, ranking: laws."""
