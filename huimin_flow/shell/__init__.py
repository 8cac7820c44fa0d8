"""One command tree; screens turn values into Chinese text."""

from huimin_flow.shell.core.help_pages import speak

# Before any command is declared: click fixes some of its words at that moment.
speak()
