"""The process's first lines: a signal ends it at once while it still loads."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

#: What the shell says once it is loaded; until then nothing of it can be asked.
INTERRUPTED = "已中断;未完成的操作没有留下任何改动"

#: What a process ends with that Ctrl-C stopped.
_STOPPED = 130

#: Where it says so: nothing that is half loaded may be asked to.
_STDERR = 2


def run(arguments: list[str] | None = None) -> None:
    """Run the process's command line and exit with its code.

    Loading takes half a second. A service that a signal stops meanwhile ends with 0:
    it has nothing to put away. Any other command that Ctrl-C stops says so and ends
    with 130, as it does once it is loaded.
    """
    words = sys.argv[1:] if arguments is None else arguments
    serves = words[:1] == ["scheduler"] and "--rehearse" not in words
    signal.signal(signal.SIGINT, _well if serves else _stopped)
    if serves:
        signal.signal(signal.SIGTERM, _well)

    try:
        from huimin_flow.shell import main  # noqa: PLC0415 - what takes so long
    except ModuleNotFoundError as failure:
        from huimin_flow.errors import extra_missing  # noqa: PLC0415 - seldom needed

        refusal = extra_missing(failure, "service" if serves else "")
        if refusal is None:
            raise
        sys.exit(f"未执行:{refusal}\n可以这样做:{refusal.remedy}")

    if not serves:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    main.run(words)


# An exception could be caught, or shown as a trace, by whatever is being imported.
def _well(_: int, __: FrameType | None) -> None:
    os._exit(0)


def _stopped(_: int, __: FrameType | None) -> None:
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    os.write(_STDERR, f"{INTERRUPTED}\n".encode(encoding, "backslashreplace"))
    os._exit(_STOPPED)
