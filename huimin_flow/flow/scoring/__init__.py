"""The index, colors, ranking: acts and questions."""
