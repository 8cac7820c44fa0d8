"""The demo's pages as a reader sees them: on screens, on a phone, on paper."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import KINDS, Look, Shown

#: Narrow phone, tablet, desk.
WIDTHS = (375, 768, 1280)

#: The width of A4 within its margins of 12 mm, in CSS pixels.
PAPER = 703

#: Text of a table that sticks out of the window, or of its own cell.
STICKS_OUT = """() => [...document.querySelectorAll('td, th, h1, h2, li, p, code')]
  .filter(one => one.getClientRects().length && !one.closest('.hidden'))
  .filter(one => matchMedia('print').matches || !one.closest('.wide'))
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1
              || one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
  .map(one => one.tagName + ':' + one.textContent.slice(0, 30))"""

#: Every chip: its word, its color and the color behind it.
CHIPS = """() => [...document.querySelectorAll('.chip')].map(one => {
  const style = getComputedStyle(one);
  return [one.textContent.trim(), one.className, style.color, style.backgroundColor]; })"""

#: Radicals of a printer that NFKC leaves as they are, and their characters.
_RADICALS = str.maketrans("\u2ee9\u2ea0", "黄民")

TILES = """() => [...document.querySelectorAll('.grid g')].map(one => {
  const box = one.querySelector('rect').getBoundingClientRect();
  const texts = [...one.querySelectorAll('text')];
  return { color: getComputedStyle(one.querySelector('rect')).fill,
    ink: getComputedStyle(texts[0]).fill, word: texts[1].textContent,
    within: texts.every(text => { const at = text.getBoundingClientRect();
      return at.left >= box.left - 0.5 && at.right <= box.right + 0.5; }) }; })"""


def luminance(color: str) -> float:
    """Return the relative luminance of ``rgb(r, g, b)``, as WCAG defines it."""
    inner = color[color.index("(") + 1 : -1]
    parts = [int(one) / 255 for one in inner.split(",")[:3]]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4
        for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_page_of_the_demo_opens_from_its_file_alone_and_complains_of_nothing(
    looks: dict[Path, Look],
) -> None:
    opened = Counter[str]()
    for path, look in looks.items():
        assert look.asked == [path.as_uri()]
        assert look.complaints == []
        assert look.title
        assert look.language == "zh-CN"
        assert path.stat().st_size < 300_000
        opened[path.name.partition("-")[0].removesuffix(".html")] += 1
    assert opened == {
        "index": 1, "items": 1, "units": 1, "unit": 47, "lists": 1, "months": 1, "quarters": 1, "item": 79, "list": 54,
        "month": 16, "quarter": 5, "progress": 9, "services": 4, "demands": 1, "deliberations": 1, "meeting": 2,
        "funnel": 1, "third": 1, "hot": 1, "answer": 1, "points": 1, "boards": 5,
        "burden": 16, "survey": 20, "digest": 91, "digests": 1, "why": 180,
    }  # fmt: skip


def test_every_link_of_every_page_leads_to_something_there(
    looks: dict[Path, Look],
) -> None:
    """Of each page: a file beside it, and in that page what is linked to."""
    links: set[tuple[str, str]] = set()
    folder = next(iter(looks)).parent
    marks = {path.name: {"", *look.marks} for path, look in looks.items()}
    for path, look in looks.items():
        for link in look.links:
            name, _, mark = link.partition("#")  # a file has no use for a query
            links.add((name.partition("?")[0] or path.name, mark))
    files = {name for name, _ in links if not name.endswith(".html")}
    assert all((folder / name).is_file() for name in files)
    links = {link for link in links if link[0] not in files}
    assert len({name for name, _ in links}) == len(marks)
    assert all("index.html" in look.links for look in looks.values())
    assert len(links) > 900
    assert [one for one in links if one[1] not in marks[one[0]]] == []


@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        ("month-2023-11", "td.index, td.part:nth-child(8)"),
        ("quarter-2023Q4", "td.index"),
    ],
)
def test_every_published_figure_opens_what_it_is_made_of(
    kind: str, figures: str, pages: Path, chromium: Any
) -> None:
    with Shown(chromium, pages / f"{kind}.html", 375) as shown:
        # A unit that lacks what its group needs has no figure: a dash opens nothing.
        numbers = shown.page.locator(figures).filter(has_text=re.compile(r"\d"))
        assert numbers.count() >= 38
        assert numbers.count() == numbers.locator("a").count()
        assert shown.page.locator(".why:visible").count() == 0
        told = numbers.first.inner_text()
        numbers.first.locator("a").click()
        why = shown.page.locator(".why:visible")
        assert why.count() == 1
        assert told.strip() in why.inner_text()
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= 375
        assert shown.page.evaluate(STICKS_OUT) == []


def fits(shown: Shown, width: int) -> None:
    """Hold a page against a window of some width."""
    shown.widen(width)
    assert shown.page.evaluate("innerWidth") == width
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.page.evaluate(STICKS_OUT) == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_sticks_out_of_a_window_of_any_width(
    kind: str, pages: Path, chromium: Any
) -> None:
    with Shown(chromium, pages / f"{kind}.html", WIDTHS[0]) as shown:
        for width in WIDTHS:
            fits(shown, width)


#: Of each wall of numbers: whether it can be focused, has a name, shows its heads,
#: and keeps its first column in sight when it is scrolled.
WALLS = """() => [...document.querySelectorAll('.wide')].map(wall => {
  wall.scrollLeft = 10000;
  const [box, first] = [wall, wall.querySelector('tbody th')].map(
    one => one.getBoundingClientRect());
  return [wall.tabIndex === 0, !!wall.getAttribute('aria-labelledby'),
    wall.querySelector('thead').offsetHeight > 0, Math.abs(first.left - box.left) < 2]; })"""


@pytest.mark.parametrize(
    ("kind", "walls", "longest"),
    [
        ("month-2023-11", 4, 6_000),
        ("quarter-2023Q4", 4, 6_000),
        ("services-2023", 7, 9_600),
        ("list-2023", 0, 15_500),
        ("progress-2023-11", 0, 16_000),
        ("lists", 0, 6_000),
    ],
)
def test_on_a_phone_tables_scroll_beside_their_first_column_or_are_short_rows(
    kind: str, walls: int, longest: int, pages: Path, chromium: Any
) -> None:
    with Shown(chromium, pages / f"{kind}.html", 390) as shown:
        told = shown.page.evaluate(WALLS)
        assert len(told) == walls
        assert all(all(one) for one in told)
        assert shown.page.evaluate("document.body.scrollHeight") < longest
        assert shown.page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("kind", KINDS)
def test_a_printed_page_keeps_every_column_on_a4(
    kind: str, pages: Path, chromium: Any
) -> None:
    import pypdf

    with Shown(chromium, pages / f"{kind}.html", PAPER) as shown:
        shown.page.emulate_media(media="print")
        assert shown.page.evaluate(STICKS_OUT) == []
        heads = shown.page.eval_on_selector_all(
            "thead:first-of-type:not(.hidden) th",
            "all => all.map(one => one.textContent)",
        )
        shown_title = shown.page.title()
        printed = shown.page.pdf(prefer_css_page_size=True)
    paper = pypdf.PdfReader(io.BytesIO(printed))
    size = paper.pages[0].mediabox
    assert (round(size.width), round(size.height)) == (595, 842)
    # The printer's text has radicals for characters; NFKC makes them one again.
    sheets = [
        "".join(unicodedata.normalize("NFKC", one.extract_text()).split())
        for one in paper.pages
    ]
    title = "".join(unicodedata.normalize("NFKC", shown_title).split())
    for number, sheet in enumerate(sheets, start=1):
        assert f"{title}·2024-02-29" in sheet.translate(_RADICALS)
        assert f"{number}/{len(sheets)}" in sheet
    text = "".join(one.extract_text() for one in paper.pages)
    told = "".join(unicodedata.normalize("NFKC", text).split())
    for head in heads:
        words = "".join(unicodedata.normalize("NFKC", head).split())
        assert words.translate(_RADICALS) in told.translate(_RADICALS), head
    # A table for each of 46 units, three or four on a sheet; the list of 2023 ends
    # with the 38 entries that its second edition added.
    most = {"progress": 14, "list": 9}.get(kind.partition("-")[0], 8)
    assert len(paper.pages) <= most


def test_every_color_is_printed_as_a_word_in_ink_that_stands_out(
    pages: Path, chromium: Any
) -> None:
    with Shown(chromium, pages / "month-2023-11.html", WIDTHS[0]) as shown:
        for width in WIDTHS:
            shown.widen(width)
            stand_out(shown.page.evaluate(CHIPS), shown.page.evaluate(TILES))
            assert "示意图，不表示行政区域界线" in shown.page.inner_text("body")


def stand_out(chips: list[list[str]], tiles: list[dict[str, Any]]) -> None:
    """Hold every color's word against the color behind it."""
    words = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝", "green": "绿"}
    assert {one[1].split()[1] for one in chips} >= set(words)
    for word, names, ink, behind in chips:
        assert word == words.get(names.split()[1], "数据不足")
        assert contrast(ink, behind) >= 4.5, (word, ink, behind)
    assert len(tiles) == 38
    for tile in tiles:
        assert tile["within"], tile
        assert tile["word"][0] in "红橙黄蓝绿缺"
        assert contrast(tile["ink"], tile["color"]) >= 4.5


def test_the_words_on_a_phones_tiles_are_large_enough_to_read(
    pages: Path, chromium: Any
) -> None:
    sizes = """() => [...document.querySelectorAll('.grid text')].map(one =>
      parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)"""
    with Shown(chromium, pages / "month-2023-11.html", 390) as shown:
        assert min(shown.page.evaluate(sizes)) >= 9
        assert all(one["within"] for one in shown.page.evaluate(TILES))


@pytest.mark.parametrize(
    "template", ["progress", "month", "quarter", "list", "item", "services"]
)
def test_a_page_holds_names_of_any_length_and_letters_of_every_kind(
    template: str, pages: Path, tmp_path: Path, chromium: Any
) -> None:
    """What a unit or an item is called is put in place of the demo's short names."""
    kind = next(one for one in KINDS if one.startswith(f"{template}-"))
    text = (pages / f"{kind}.html").read_text("utf-8")
    odd = f"𠮷😀\u202eabc\u202c{'长' * 200}{'W' * 200}"
    for name in ("就业处", "稳岗拓岗与高校毕业生就业", "巫山县", "零就业家庭"):
        text = text.replace(name, odd)
    assert odd in text
    path = tmp_path / "odd.html"
    path.write_text(text, "utf-8")
    with Shown(chromium, path, WIDTHS[0]) as shown:
        assert shown.complaints == []
        for width in WIDTHS:
            fits(shown, width)
