"""Programs of other departments that have the engine inside, each a page to read."""
