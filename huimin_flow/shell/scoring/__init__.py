"""The index, colors, ranking: commands."""
