"""The entry point of the process: a signal ends it at once while it loads."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from huimin_flow.catalogue.language import (
    in_english,
    language_of,
    say,
    say_pair,
    speaking,
)

#: The message of the shell, in both languages; the shell is not loaded yet.
INTERRUPTED = "已中断\uff1b未完成的操作没有留下任何改动"
STOPPED = "stopped; nothing of what was not finished was recorded"

#: The extra of each service, by its command.
_EXTRAS = {"scheduler": "service", "desk": "web"}

#: Words with which such a command ends by itself.
_ENDING = {"--rehearse", "link", "sign-out-all"}

#: The exit code of a process that Ctrl-C stopped.
_STOPPED = 130

#: The descriptor for the message: a module may be loaded only in part.
_STDERR = 2


def run(arguments: list[str] | None = None) -> None:
    """Run the process's command line and exit with its code.

    Loading takes a third of a second. If a signal stops a service meanwhile, it exits
    with 0: it has nothing to clean up. If Ctrl-C stops another command, it prints a
    message and exits with 130, as it does once it is loaded.
    """
    words = sys.argv[1:] if arguments is None else arguments
    language, words = language_of(words, os.environ)
    extra = _EXTRAS.get(words[0], "") if words else ""
    serves = bool(extra) and _ENDING.isdisjoint(words)
    signal.signal(signal.SIGINT, _exit_quietly if serves else _exit_stopped)
    if serves:
        signal.signal(signal.SIGTERM, _exit_quietly)

    with speaking(language):
        try:
            from huimin_flow.shell import main  # noqa: PLC0415 - slow to load

            if not serves:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            main.run(words)
        except ModuleNotFoundError as failure:
            from huimin_flow.errors import extra_missing  # noqa: PLC0415 - seldom needed

            refusal = extra_missing(failure, extra)
            if refusal is None:
                raise
            from huimin_flow.catalogue.typography import full_width  # noqa: PLC0415

            parts = (
                say_pair(say("未执行"), refusal),
                say_pair(say("可以这样做"), refusal.remedy),
            )
            sys.exit(full_width("\n".join(parts)))


# The module that is being imported could catch an exception, or show its trace.
def _exit_quietly(_: int, __: FrameType | None) -> None:
    os._exit(0)


def _exit_stopped(_: int, __: FrameType | None) -> None:
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    text = STOPPED if in_english() else INTERRUPTED
    os.write(_STDERR, f"{text}\n".encode(encoding, "backslashreplace"))
    os._exit(_STOPPED)
