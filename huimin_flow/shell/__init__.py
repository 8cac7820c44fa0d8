"""One command tree; screens turn values into Chinese text."""
