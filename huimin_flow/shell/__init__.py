"""One command tree; screens turn values into Chinese text."""

from huimin_flow.shell.core.usage import speak_chinese

# Before any command is declared: some of click's words are fixed then.
speak_chinese()
