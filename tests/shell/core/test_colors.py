"""Colors at a terminal; none with NO_COLOR, and none in a file or a pipe."""

from __future__ import annotations

import os
import pty
import re
import select
from pathlib import Path

import pytest

from tests.programs import Program
from tests.sampled import NIGHTLY
from tests.shell.terminal import Terminal

BY_NIGHT = pytest.mark.skipif(
    not NIGHTLY, reason="make nightly: by day each screen with or without colors"
)

#: A sequence that sets a color of the foreground or the background.
COLOR = re.compile(rb"\x1b\[(?:[0-9]+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")


PROMPT = "惠民>".encode()


def shown(
    words: list[str], lines: list[bytes], own: Path, environment: dict[str, str]
) -> bytes:
    """Return all that a command leaves on a terminal; each prompt gets a line."""
    master, slave = pty.openpty()
    left, typed = b"", 0
    with Program(
        words,
        stdin=slave, stdout=slave, stderr=slave, cwd=own, env=environment,
        start_new_session=True,
    ) as child:  # fmt: skip
        os.close(slave)
        while select.select([master], [], [], 30)[0]:
            try:
                part = os.read(master, 65536)
            except OSError:  # the command has ended
                break
            left += part
            if b"\x1b[6n" in part:  # the cursor's place is asked for
                os.write(master, b"\x1b[1;1R")
            if typed < len(lines) and left.count(PROMPT) > typed:
                os.write(master, lines[typed])
                typed += 1
        child.kill()
    os.close(master)
    return left


@pytest.mark.parametrize(
    ("words", "lines", "no_color"),
    [
        (["doctor"], [], ""),
        pytest.param(["doctor"], [], "1", marks=BY_NIGHT),
        pytest.param(["item", "show", "7"], [], "", marks=BY_NIGHT),
        (["item", "show", "7"], [], "1"),  # a refusal
        (["shell"], [b"\x04"], ""),  # the prompt itself
        (["shell"], [b"\x04"], "1"),
    ],
)
def test_a_terminal_has_colors_but_with_no_color(
    rehearsal: Terminal, own: Path, words: list[str], lines: list[bytes], no_color: str
) -> None:
    environment = os.environ | {"TERM": "xterm-256color", "NO_COLOR": no_color}
    left = shown([*words, "--db", rehearsal.database], lines, own, environment)
    assert left
    assert bool(COLOR.search(left)) is not bool(no_color), left


def test_a_pipe_has_no_escape(rehearsal: Terminal) -> None:
    answer = rehearsal("doctor")
    assert "\x1b" not in answer.out + answer.err
    assert "\x1b" not in rehearsal("item", "show", "7").err
