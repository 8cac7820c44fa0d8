"""Values of judgment, stars and lists."""
