"""Released revisions of rules, kept as long as a history names them."""
