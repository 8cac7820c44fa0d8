"""What a host program gives, and what it must get back as it was."""
