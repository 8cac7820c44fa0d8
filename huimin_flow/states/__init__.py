"""May it happen: the table of an item's life, its guards and its machine."""
