"""The index, colors, ranking: values of pages."""
