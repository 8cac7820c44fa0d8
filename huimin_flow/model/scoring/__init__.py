"""The index, colors, ranking: values."""
