"""Laws of the index, colors and ranking."""
