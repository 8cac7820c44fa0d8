"""Fifty people at the desk for a minute, beside a bare Starlette page.

``python -m bench.visitors out/demo/demo.db`` prints the median and the 95th percentile
of what they wait, and how many answers failed. Each looks at a page, reads for one to
five seconds, and clicks; each tenth click sends a form. The bare page is one text of
the size of the first page, from a plain handler in a thread. Both servers are a
process of their own, and so are their visitors.
"""

from __future__ import annotations

import asyncio
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

#: How many people, for how many seconds, and what they look at.
PEOPLE, SECONDS = 50, 60.0
PAGES = (
    *("index.html", "items.html", "item-2022-000001.html", "item-2022-000010.html"),
    *("list-2023.html", "progress-2023-10.html", "month-2023-12.html", "todo.html"),
)

#: How long somebody reads before the next click, in seconds.
READS = (1.0, 5.0)

BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
text = sys.stdin.read()
def page(request):
    return HTMLResponse(text)
app = Starlette(routes=[Route("/{file}", page)])
uvicorn.run(app, port=int(sys.argv[1]), log_level="critical", http="h11")
"""


@dataclass
class Visitor:
    """Somebody with a browser: one connection, one cookie."""

    port: int
    chance: random.Random
    waits: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    cookie: str = ""

    async def stay(self, until: float, pages: tuple[str, ...]) -> None:
        """Look and click until a moment of the monotonic clock."""
        await asyncio.sleep(self.chance.uniform(0, READS[1]))
        while time.monotonic() < until:
            if self.chance.random() < 0.1 and "sign-in.html" in pages:
                shown = await self.ask("GET", "sign-in.html")
                token = re.search(rb'name="token" value="([0-9a-f]+)"', shown)
                form = {
                    "token": token[1].decode() if token else "",
                    "person": "office-1",
                }
                await self.ask("POST", "sign-in.html", urlencode(form))
            else:
                await self.ask("GET", self.chance.choice(pages))
            await asyncio.sleep(self.chance.uniform(*READS))

    async def ask(self, method: str, file: str, body: str = "") -> bytes:
        """Send a request, and note how long its answer takes, or that it failed."""
        began = time.monotonic()
        try:
            status, text = await self._exchange(method, file, body)
        except OSError as failure:
            status, text = repr(failure), b""
        except asyncio.IncompleteReadError:
            status, text = "cut", b""
        self.waits.append(time.monotonic() - began)
        if status not in {"200", "303"}:
            self.failures.append(f"{method} {file} {status}")
        return text

    async def _exchange(self, method: str, file: str, body: str) -> tuple[str, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = f"{method} /{file} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        head += f"Cookie: {self.cookie}\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        writer.write((head + body).encode())
        first = await reader.readuntil(b"\r\n\r\n")
        text = await reader.read()
        writer.close()
        if given := re.search(rb"set-cookie: ([^;\r]+)", first):
            self.cookie = given[1].decode()
        return first.split(b" ", 2)[1].decode(), text


async def visited(port: int, pages: tuple[str, ...], seconds: float) -> list[Visitor]:
    """Return everybody after their visit."""
    until = time.monotonic() + seconds
    visitors = [Visitor(port, random.Random(k)) for k in range(PEOPLE)]
    await asyncio.gather(*(each.stay(until, pages) for each in visitors))
    return visitors


@contextmanager
def desk(database: Path) -> Iterator[int]:
    """Run the desk on a rehearsal; give its port."""
    words = ["desk", "--port", "0", "--now", "2024-02-29T18:00", "--db", str(database)]
    run = "from huimin_flow.entry import run; run()"
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", run, *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        assert server.stderr is not None
        said = server.stderr.readline()
        yield int(re.findall(r":(\d+)/", said)[0])
        server.terminate()


@contextmanager
def bare(text: bytes) -> Iterator[int]:
    """Run the bare page of a text; give its port."""
    port = 8765
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", BARE, str(port)], stdin=subprocess.PIPE
    ) as server:
        assert server.stdin is not None
        server.stdin.write(text)
        server.stdin.close()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            probe = Visitor(port, random.Random(0))
            asyncio.run(probe.ask("GET", "x"))
            if not probe.failures:
                break
        yield port
        server.terminate()


def told(name: str, visitors: list[Visitor]) -> str:
    """Return a line with what they waited, in milliseconds."""
    waits = sorted(wait * 1000 for each in visitors for wait in each.waits)
    failures = [failure for each in visitors for failure in each.failures]
    quantiles = statistics.quantiles(waits, n=20)
    return (
        f"{name:10} {len(waits):>6} answers  p50 {quantiles[9]:>7.1f} ms"
        f"  p95 {quantiles[18]:>7.1f} ms  failed {len(failures)} {failures[:3]}"
    )


def main() -> None:
    """Measure both, one after the other."""
    database = Path(sys.argv[1] if len(sys.argv) > 1 else "out/demo/demo.db")
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    with desk(database) as port:
        first = Visitor(port, random.Random(0))
        text = asyncio.run(first.ask("GET", "index.html"))
        there = []
        for page in PAGES:
            asyncio.run(first.ask("GET", page))
            if not first.failures:
                there.append(page)
            first.failures.clear()
        own = asyncio.run(visited(port, (*there, "sign-in.html"), seconds))
    print(told("the desk", own))
    with bare(text) as port:
        print(told("bare page", asyncio.run(visited(port, ("x",), seconds))))


if __name__ == "__main__":
    main()
