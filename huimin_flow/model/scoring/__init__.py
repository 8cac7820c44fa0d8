"""Values of the index, colors and ranking."""
