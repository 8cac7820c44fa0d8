"""Check the built site and the READMEs: each local link and anchor, nothing fetched.

``python docs/links.py out/docs`` names what leads nowhere, and what a page would load
from another host, and exits 1 if there is any.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parent.parent

#: The attributes by which a page loads something, and those that only lead there.
LOADS = {("script", "src"), ("img", "src"), ("source", "src"), ("iframe", "src")}
_FETCHED = re.compile(r"(?:@import|url\()\s*[\"']?((?:https?:)?//[^\"')]+)")
_KINDS = {"stylesheet", "preconnect", "dns-prefetch", "preload", "icon"}


class Page(HTMLParser):
    """What a page has: its anchors, its links, and what it loads."""

    def __init__(self, path: Path) -> None:
        """Read the page."""
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        text = path.read_text(encoding="utf-8")
        self.unresolved = re.findall(r"\]\[(huimin_flow[\w.]+)\]", text)
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a tag names."""
        of = {name: value or "" for name, value in attrs}
        self.anchors |= {of[name] for name in ("id", "name") if name in of}
        loaded = [of[name] for kind, name in LOADS if kind == tag and name in of]
        if tag == "link" and _KINDS & set(of.get("rel", "").split()):
            loaded.append(of.get("href", ""))
        self.loads += loaded
        if tag == "a" and "href" in of:
            self.links.append(of["href"])


@cache
def page(path: Path) -> Page:
    """Return a page, read once."""
    return Page(path)


def lost(site: Path) -> Iterator[str]:
    """Yield what in a built site leads nowhere, or is fetched from elsewhere."""
    for path in sorted(site.rglob("*.html")):
        here, name = page(path), path.relative_to(site)
        if path.name == "404.html":  # its addresses are those of a served site
            continue
        yield from (f"{name} names {one}, which is nowhere" for one in here.unresolved)
        yield from (f"{name} loads {to}" for to in here.loads if urlsplit(to).netloc)
        for target in (*here.links, *here.loads):
            if why := _fault(path, target):
                yield f"{name} leads to {target}, {why}"
    for path in sorted(site.rglob("*.css")):
        for target in _FETCHED.findall(path.read_text("utf-8")):
            yield f"{path.relative_to(site)} loads {target}"


def _fault(path: Path, target: str) -> str:
    """Return what is wrong with a local link of a page, nothing if it leads there."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return ""
    to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    to = to / "index.html" if to.is_dir() else to
    if not to.is_file():
        return "which is no file"
    if parts.fragment and to.suffix == ".html":
        known = unquote(parts.fragment) in page(to).anchors
        return "" if known else "which has no such place"
    return ""


def lost_of_readme(path: Path) -> Iterator[str]:
    """Yield the links of a page outside the site that lead nowhere."""
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        to = path.parent / file if file else path
        if "://" in target:
            continue
        if not to.exists():
            yield f"{path.name} leads to {target}, which is no file"
        elif anchor and anchor not in _headings(to):
            yield f"{path.name} leads to {target}, which has no such place"


def _headings(path: Path) -> set[str]:
    """Return the anchors of a Markdown page's headings."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in titles}


def main() -> int:
    """Name each lost link."""
    site = Path(sys.argv[1])
    found = [*lost(site)]
    for path in sorted(ROOT.glob("*.md")):
        found += lost_of_readme(path)
    for line in found:
        print(line)
    pages = len([*site.rglob("*.html")])
    print(f"{pages} pages, {len(found)} lost links")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
