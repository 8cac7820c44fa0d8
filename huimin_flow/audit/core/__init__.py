"""The check of batches of facts in a process of their own."""
