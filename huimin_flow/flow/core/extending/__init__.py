"""Extensions of hosts: what they say of a step, and the own fields of an item."""
