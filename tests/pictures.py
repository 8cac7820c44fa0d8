"""Draw the pictures of the READMEs: ``make pictures``, from the demo in out/demo.

The shell runs in a real terminal (tmux), and Chromium draws what the terminal shows,
as it draws the pages.
"""

from __future__ import annotations

import html
import os
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

#: The terminal's size, and who looks at it when: the last evening of the demo.
COLUMNS, LINES = 92, 26
LOOKING = ("HUIMIN_BY=op-500230", "HUIMIN_NOW=2024-02-29T18:00")

#: What is typed, and what the terminal shows once it is answered.
TYPED = (
    ("todo", "2024-03-15"),
    ("progress show 2023-12 --unit 丰都县", "滞后"),
    ("item explain 2023-000028 执行完成", "丰都县单位负责人"),
    ("item hist", "item hist"),
)

#: The pages, and how much of each is drawn: width and height.
SHOWN = {
    "index": (1280, 680),
    "month-2023-10": (1100, 960),
    "list-2023": (1100, 800),
}

#: How many quiet moments of half a second an answer may take.
_PATIENCE = 60

_COLORS = {"31": "#d9534f", "32": "#4caf50", "33": "#d7a52f", "36": "#56b6c2"}


def draw(demo: Path, into: Path) -> list[Path]:
    """Draw the shell and the pages of a demo's folder; return the pictures' paths."""
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    drawn = []
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        shell = Path(folder) / "shell.html"
        shell.write_text(
            _as_page(_terminal(demo / "demo.db", Path(folder))), encoding="utf-8"
        )
        page = browser.new_page(viewport={"width": 1100, "height": 860})
        for source, name, size in (
            (shell, "shell", None),
            *((demo / f"{name}.html", name, size) for name, size in SHOWN.items()),
        ):
            drawn.append(_picture(page, source, into / f"{name}.png", size))
        browser.close()
    return drawn


def _picture(
    page: Page, source: Path, target: Path, size: tuple[int, int] | None
) -> Path:
    page.goto(source.resolve().as_uri())
    if size:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.screenshot(path=target)
    else:
        page.locator("pre").screenshot(path=target)
    return target


def _terminal(database: Path, folder: Path) -> str:
    """Return what a terminal shows after the commands, with its escapes."""
    pipe = folder / "shown"
    server = ["tmux", "-u", "-f", os.devnull, "-S", str(folder / "tmux")]

    def tmux(*words: str) -> str:
        return subprocess.run(
            [*server, *words], capture_output=True, text=True, check=True
        ).stdout

    def seen(text: str) -> str:
        """Wait until the terminal is quiet and shows a text; return all it shows."""
        for _ in range(_PATIENCE):
            while select.select([reader], [], [], 0.5)[0]:
                os.read(reader, 65536)
            if text in (shown := tmux("capture-pane", "-p", "-e")):
                return shown
        raise TimeoutError(text)

    command = [str(Path(sys.executable).parent / "huimin"), "shell", "--db", "demo.db"]
    settings = [word for pair in LOOKING for word in ("-e", pair)]
    tmux(
        "new-session", "-d", "-x", str(COLUMNS), "-y", str(LINES), *settings,
        "-c", str(database.parent.resolve()), f"read begin; exec {shlex.join(command)}",
    )  # fmt: skip
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        tmux("pipe-pane", f"cat > {shlex.quote(str(pipe))}")
        tmux("send-keys", "Enter")
        shown = seen("惠民>")
        for line, answer in TYPED:
            tmux("send-keys", "-l", line)
            if line != answer:
                tmux("send-keys", "Enter")
            shown = seen(answer)
    finally:
        tmux("kill-server")
        os.close(reader)
    return shown


def _as_page(shown: str) -> str:
    """Return a page that shows a terminal's text in its colors."""
    marks = [
        (0, 0, ""),
        *((*m.span(), m[1]) for m in re.finditer("\x1b\\[([\\d;]*)m", shown)),
    ]
    text = ""
    style: dict[str, str] = {}
    for (_, start, codes), (end, _, _) in pairwise([*marks, (len(shown), 0, "")]):
        for code in codes.split(";"):
            if code in {"", "0"}:
                style = {}
            elif code in _COLORS:
                style["color"] = _COLORS[code]
            elif code == "39":
                style.pop("color", None)
            elif code == "7":
                style |= {"background": "#c8ccd4", "color": "#1d2433"}
            elif code == "27":
                style = {}
        css = ";".join(f"{name}:{value}" for name, value in style.items())
        text += f'<span style="{css}">{html.escape(shown[start:end])}</span>'
    # A terminal gives these signs one column, the font of Han characters two.
    text = re.sub("[—…]", lambda sign: f"<i>{sign[0]}</i>", text)
    return f"""<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; }} pre {{ display: inline-block; margin: 0; padding: 14px 18px; border-radius: 8px;
background: #1d2433; color: #e3e6ec; font: 15px/1.45 "Noto Sans Mono CJK SC", monospace; }}
i {{ display: inline-block; width: .5em; font-style: normal;
transform: scaleX(.5); transform-origin: left; }}
</style><pre>{text.rstrip()}</pre>"""


def main() -> None:
    """Draw the pictures of a demo's folder into another folder."""
    demo, into = map(Path, sys.argv[1:])
    for path in draw(demo, into):
        sys.stdout.write(f"{path} {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    main()
