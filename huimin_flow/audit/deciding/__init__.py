"""Laws of judgment, stars and lists."""
