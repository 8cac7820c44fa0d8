"""How well suggestions tell the bureau's messages, and the districts of messages."""
