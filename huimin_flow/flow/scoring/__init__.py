"""Acts and questions on the index, colors and rankings."""
