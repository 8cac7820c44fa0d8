"""Punctuation beside Chinese characters is full-width, and nothing else changes."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs import generate
from huimin_flow.catalogue.typography import full_width, full_width_page
from huimin_flow.shell.main import huimin
from tests.shell.core.test_every_command import COMMANDS

HAN = "[\u4e00-\u9fff]"
#: A half-width mark beside Han; a point counts at the end of a sentence only.
LEFT = re.compile(
    rf"(?<={HAN})[,:;?!()]|[,:;?!()](?={HAN})|(?<={HAN})\.(?![A-Za-z0-9_.])"
)
#: What of a page is no text: style, codes, tags of blocks, and those within a line.
NO_TEXT = re.compile(r"<style.*?</style>|<code.*?</code>|<[^>]*>", re.DOTALL)
WITHIN = re.compile(r"</?(?:a|b|em|i|small|span|strong)\b")

texts = st.text(st.sampled_from("甲乙，。（,.:;?!()ab1 /'\"`“”&-\n"), max_size=40)


@given(texts)
def test_it_is_idempotent_and_keeps_the_length(text: str) -> None:
    shown = full_width(text)
    assert full_width(shown) == shown
    assert len(shown) == len(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_a_text_of_ascii_stays(text: str) -> None:
    assert full_width(text) == text


@given(texts)
def test_a_pages_tags_stay(text: str) -> None:
    page = f'<p title="甲,乙">{text}<code>甲,乙</code><b>{text}</b></p>'
    shown = full_width_page(page)
    assert NO_TEXT.findall(shown) == NO_TEXT.findall(page)
    assert len(shown) == len(page)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲,乙:丙;丁?戊!己.", "甲，乙：丙；丁？戊！己。"),
        ("全市清单(list/2024/city),共3项", "全市清单（list/2024/city），共3项"),
        ("“A”:“B”,1", "“A”：“B”，1"),  # quotation marks are Chinese
        ("甲(a),b", "甲（a），b"),  # a mark beside a full-width one
        ("请看 huimin item list --json;再试", "请看 huimin item list --json；再试"),
        ("&lt;甲&gt;&#39;,乙", "&lt;甲&gt;&#39;，乙"),
    ],
)
def test_marks_beside_han_become_wide(text: str, shown: str) -> None:
    assert full_width(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "第2026-01期 10:30开始 51.50% 1,234元",
        "1.甲 2.乙",
        "见 /home/王(小)/甲.html",
        "“甲(1).pdf”",
        "huimin item collect --title '零工,市场(甲)'",
        '{"标题": "甲,乙"}',
        "`甲,乙`",
        "https://huimin.example/a?b=1,c",
        "数据.csv",
    ],
)
def test_codes_paths_numbers_and_quoted_values_stay(text: str) -> None:
    assert full_width(text) == text


def test_no_page_of_the_demo_has_a_half_width_mark_beside_han(played: Path) -> None:
    pages = sorted((played / "out").glob("*.html"))
    assert len(pages) > 30
    for page in pages:
        text = NO_TEXT.sub(
            lambda tag: "" if WITHIN.match(tag[0]) else "\n", page.read_text("utf-8")
        )
        assert LEFT.findall(text) == [], page.name


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("甲,乙(见 [丙](a.md))", "甲，乙（见 [丙](a.md)）"),
        ("**甲**:`a,b`,乙", "**甲**：`a,b`，乙"),
        ("```sh\n甲,乙\n```\n甲,乙", "```sh\n甲,乙\n```\n甲，乙"),
        ("甲![乙](丙,丁.png),戊", "甲![乙](丙,丁.png)，戊"),
        ("甲:\n\n    huimin demo  # 甲,乙", "甲：\n\n    huimin demo  # 甲,乙"),
    ],
)
def test_code_and_addresses_of_a_document_stay(page: str, shown: str) -> None:
    assert generate.wide(page) == shown


def test_no_chinese_document_has_a_half_width_mark_beside_han() -> None:
    pages = [*Path("docs").rglob("*.md"), Path("README.zh-CN.md")]
    chinese = [page for page in pages if generate.is_chinese(page.read_text("utf-8"))]
    assert len(chinese) > 8
    for page in chinese:
        text = page.read_text("utf-8")
        code = r"(?ms)^```.*?^```|^    [^\n]*|`[^`\n]*`|\]\([^)\n]*\)"
        assert LEFT.findall(re.sub(code, " ", text)) == [], page


@pytest.mark.parametrize("path", [(), *COMMANDS], ids=" ".join)
def test_no_help_page_has_a_half_width_mark_beside_han(path: tuple[str, ...]) -> None:
    command = COMMANDS[path] if path else huimin
    with click.Context(command, info_name="huimin") as context:
        text = command.get_help(context)
    assert "用法：huimin" in text
    assert LEFT.findall(text) == []
