"""The index, colors, ranking: rules."""
