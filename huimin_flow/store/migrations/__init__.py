"""The migrations of the schema; the wheel contains them."""
