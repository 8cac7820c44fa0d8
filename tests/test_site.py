"""What the check of the built site finds: lost links and places, and foreign hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.examples import DOCS, module_at

LINKS: Any = module_at(DOCS / "links.py")

WHOLE = '<h2 id="here">x</h2><a href="#here">x</a> <a href="below/b.html#there">y</a>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "below").mkdir()
    (tmp_path / "a.html").write_text(WHOLE, encoding="utf-8")
    page = (
        '<p id="there"></p><a href="../a.html">z</a><a href="https://example.org">w</a>'
    )
    (tmp_path / "below" / "b.html").write_text(page, encoding="utf-8")
    return tmp_path


def test_a_whole_site_has_no_lost_link(site: Path) -> None:
    assert list(LINKS.lost(site)) == []


@pytest.mark.parametrize(
    ("added", "found"),
    [
        ('<a href="c.html">x</a>', "leads to c.html, which is no file"),
        ('<a href="#gone">x</a>', "leads to #gone, which has no such place"),
        (
            '<a href="below/b.html#here">x</a>',
            "leads to below/b.html#here, which has no such place",
        ),
        ('<img src="none.png">', "leads to none.png, which is no file"),
        (
            '<script src="https://example.org/a.js"></script>',
            "loads https://example.org/a.js",
        ),
        (
            '<link rel="stylesheet" href="//example.org/a.css">',
            "loads //example.org/a.css",
        ),
        (
            "[<code>Item</code>][huimin_flow.model.items.Item]",
            "names huimin_flow.model.items.Item, which is nowhere",
        ),
    ],
)
def test_what_leads_nowhere_or_elsewhere_is_named(
    site: Path, added: str, found: str
) -> None:
    (site / "c").mkdir()
    (site / "c" / "d.html").write_text(WHOLE.replace("below", "../below"), "utf-8")
    (site / "a.html").write_text(WHOLE + added, encoding="utf-8")
    LINKS.page.cache_clear()
    assert list(LINKS.lost(site)) == [f"a.html {found}"]


def test_a_style_that_fetches_is_named(site: Path) -> None:
    style = "@import 'https://example.org/b.css'; a{background:url(data:x)}"
    (site / "a.css").write_text(style, encoding="utf-8")
    assert list(LINKS.lost(site)) == ["a.css loads https://example.org/b.css"]


def test_a_readme_leads_to_files_and_headings(tmp_path: Path) -> None:
    page = "# One two\n[a](b.md#three-4) [c](#one-two) [d](b.md#five) [e](none.md)"
    (tmp_path / "README.md").write_text(page, encoding="utf-8")
    (tmp_path / "b.md").write_text("## Three, 4\n", encoding="utf-8")
    assert list(LINKS.lost_of_readme(tmp_path / "README.md")) == [
        "README.md leads to b.md#five, which has no such place",
        "README.md leads to none.md, which is no file",
    ]
