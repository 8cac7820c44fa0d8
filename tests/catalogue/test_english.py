"""The catalogue is complete in English, and every refusal can be said in it."""

from __future__ import annotations

import asyncio
import re
import string
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from docs import messages
from huimin_flow.catalogue.language import (
    Language,
    in_english,
    language_of,
    say,
    say_count,
    say_note,
    speaking,
)
from huimin_flow.catalogue.reasons import CODES, InputCode
from huimin_flow.catalogue.terms import ReasonCode, kinds
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.errors import HuiminError
from huimin_flow.reports.core import sources

#: Chinese characters, marks and full-width forms.
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")

#: How many texts of the doors have no English yet; it may only fall.
UNTRANSLATED = 0


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_english_word_has_a_chinese_sign() -> None:
    words = [word for kind in kinds() for word in kind]
    assert len(words) > 500
    assert [word for word in words if CHINESE.search(word.english)] == []


@pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))
def test_a_code_says_the_same_in_both_languages(code: ReasonCode) -> None:
    assert not CHINESE.search(code.english + code.way_english)
    assert code.english
    assert bool(code.way) is bool(code.way_english)
    assert fields(code.label) == fields(code.english)
    assert fields(code.way_english) <= fields(code.way) | fields(code.label)


@pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))
def test_a_refusal_is_whole_in_english(code: ReasonCode) -> None:
    names = fields(code.label) | fields(code.way)
    values: dict[str, Any] = dict.fromkeys(names, "v-1")
    refusal = HuiminError(code, **values)
    with speaking(Language.ENGLISH):
        text, remedy = str(refusal), refusal.remedy
    assert not CHINESE.search(text + remedy)
    assert "{" not in text + remedy
    assert str(refusal) != text or code.label == code.english


def test_several_names_are_an_enumeration_of_the_language() -> None:
    refusal = HuiminError(InputCode.UNIT_UNCLEAR, unit="x", units=("A", "B"))
    assert "A、B" in str(refusal)
    with speaking(Language.ENGLISH):
        assert "A, B" in str(refusal)


def test_the_language_belongs_to_a_task_not_to_the_process() -> None:
    async def told(language: Language) -> tuple[bool, bool]:
        with speaking(language):
            await asyncio.sleep(0)
            return in_english(), language is Language.ENGLISH

    async def both() -> list[tuple[bool, bool]]:
        return await asyncio.gather(*map(told, [*Language, *Language]))

    with ThreadPoolExecutor() as aside:  # a browser's test may have a loop here
        answers = aside.submit(asyncio.run, both()).result()
    assert all(is_so == wanted for is_so, wanted in answers)
    assert not in_english()


@pytest.mark.parametrize(
    ("words", "variables", "english", "rest"),
    [
        (["todo"], {}, False, ["todo"]),
        (["todo"], {"LANG": "en_US.UTF-8", "LANGUAGE": "en"}, False, ["todo"]),
        (["todo"], {"HUIMIN_LANG": "en"}, True, ["todo"]),
        (["--lang", "zh", "todo"], {"HUIMIN_LANG": "en"}, False, ["todo"]),
        (["todo", "--lang=en"], {}, True, ["todo"]),
        (["a", "--", "--lang", "en"], {}, False, ["a", "--", "--lang", "en"]),
        (["todo", "--lang", "fr"], {}, False, ["--lang", "fr", "todo"]),
        (["todo", "--lang"], {}, False, ["--lang", "todo"]),
        (["todo", "--json", "--lang", "en"], {}, False, ["todo", "--json"]),
        (["todo"], {"HUIMIN_JSON": "1", "HUIMIN_LANG": "en"}, False, ["todo"]),
    ],
)
def test_a_command_line_names_its_language(
    words: list[str], variables: dict[str, str], *, english: bool, rest: list[str]
) -> None:
    language, left = language_of(words, variables)
    assert (language is Language.ENGLISH) is english
    assert left == rest


def test_a_period_and_a_count_are_english() -> None:
    with speaking(Language.ENGLISH):
        said = [period_in_words(text) for text in ("2023", "2023Q4", "2023-07", "x")]
        counts = [say_count("分解为{count}项任务", count) for count in (1, 2)]
    assert said == ["2023", "fourth quarter of 2023", "July 2023", "x"]
    assert counts == ["divided into 1 task", "divided into 2 tasks"]


def test_a_text_without_a_translation_stays() -> None:
    with speaking(Language.ENGLISH):
        assert say("没有人译过的一句{name}", name="甲") == "没有人译过的一句甲"
        assert say("") == ""


def test_the_catalog_is_sound_and_only_grows() -> None:
    catalog = messages.merged()
    assert list(messages.faults(catalog)) == []
    texts = [message for message in catalog if message.id]
    lacking = [text.id for text in texts if not messages.translated(text)]
    assert len(lacking) <= UNTRANSLATED, lacking


def test_every_text_with_values_is_a_whole_sentence_for_say() -> None:
    glued = [
        f"{path.relative_to(messages.PACKAGE)}:{line}"
        for path in messages.SOURCES
        for line in messages.glued(path)
    ]
    assert len(glued) <= GLUED, glued


#: How many texts with values are no messages yet; it may only fall.
GLUED = 0


def test_the_english_readme_is_english() -> None:
    text = Path("README.md").read_text("utf-8")
    text = re.sub(
        r"(?ms)^```.*?^```|^    .*?$|`[^`\n]*`|“[^”]*”|\"[^\"]*\"|中文说明见.*$",
        "",
        text,
    )
    text = re.sub(r"\[[^\]]*\]\([^)]*\)", "", text)
    lines = [line for line in text.splitlines() if CHINESE.search(line)]
    assert lines == []


def test_brackets_and_lists_have_the_marks_of_their_language() -> None:
    mixed = "通知 附件2 任务10(办理方式为 ours)"
    with speaking(Language.ENGLISH):
        assert say_note("万州区", "500101") == "万州区 (500101)"
        assert say_note("collected", "collected") == "collected"
        assert sources.in_words("batch/7、batch/9") == "batch 7, batch 9"
        assert sources.in_words("ours(95%置信)") == "set by this system (95%置信)"
        assert sources.in_words(mixed) == mixed.replace("(", " (")
        refusal = HuiminError(InputCode.NONE_FITS, choices=["500101(万州区)", "2"])
        assert "500101 (万州区), 2" in refusal.remedy + str(refusal)
    assert say_note("万州区", "500101") == "万州区(500101)"
    assert sources.in_words(mixed) == "通知 附件2 任务10(办理方式为本系统自定)"
