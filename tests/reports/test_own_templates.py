"""A site's own templates: they draw plain values, and reach nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import Area
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.values import Share
from huimin_flow.reports.core import own
from huimin_flow.reports.core.own import draw_own

VALUES = {
    "title": "一月 <b>",
    "rows": [{"unit": "甲", "index": 80}, {"unit": "乙", "index": 70}],
    "share": Share(part=1, whole=2),
    "area": Area.TALENT,
}

PAGE = """{% extends "frame.html" %}{% block body %}<h1>{{ title }}</h1>
{% macro cell(text) %}<td>{{ text }}</td>{% endmacro %}
{% for row in rows if row.index > 60 %}
{{ cell(row.unit) }}{{ cell(row.index + 1) }}{{ loop.index }}
{% endfor %}
{{ rows | length }} {{ share.part ~ "/" ~ share["whole"] }} {{ area | upper }}
{{ rows[0].get("none", "—") }} {% for k, v in rows[0].items() %}{{ k }}={{ v }} {% endfor %}
{% endblock %}"""


def drawn(folder: Path, text: str) -> str:
    """Draw a template of this text."""
    (folder / "page.html").write_text(text, "utf-8")
    (folder / "frame.html").write_text("<main>{% block body %}{% endblock %}</main>")
    return draw_own(folder, "page.html", VALUES)


def test_a_template_of_a_site_draws_plain_values_escaped(tmp_path: Path) -> None:
    page = drawn(tmp_path, PAGE)
    assert "<h1>一月 &lt;b&gt;</h1>" in page
    assert "<td>甲</td><td>81</td>1" in page
    assert "2 1/2 TALENT" in page
    assert "— unit=甲 index=80" in page


#: A list of two lists, each of which is one of two lists, and so on: 2 ** 40 in all.
NESTED = "{% set a = [1, 1] %}" + "{% set a = [a, a] %}" * 40

#: Known ways out of a sandbox, and ways to fill a machine.
ESCAPES = {
    "class": "{{ ''.__class__ }}",
    "mro": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "item": "{{ title['__class__'] }}",
    "attr filter": "{{ title | attr('__class__') }}",
    "globals": "{{ cycler.__init__.__globals__ }}",
    "self": "{{ self._TemplateReference__context }}",
    "self block": "{{ self.__init__.__globals__ }}",
    "range": "{{ range.__init__ }}",
    "macro": "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "loop": "{% for r in rows %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "format": "{{ '{0.__class__}'.format(title) }}",
    "format_map": "{{ '{a.__class__}'.format_map({'a': title}) }}",
    "format item": "{{ title['format'](1) }}",
    "format filter": "{{ '%s' | format(title) }}",
    "wide": "{{ '%999999999d' % 1 }}",
    "map attribute": "{{ rows | map(attribute='__class__') | list }}",
    "import": "{% import 'page.html' as p %}",
    "include": "{% include 'page.html' %}{% include 'page.html' %}",
    "outside": "{% extends '../secret' %}",
    "absolute": "{% extends '/etc/passwd' %}",
    "change": "{% set _ = rows.append(1) %}",
    "pop": "{{ rows[0].pop('unit') }}",
    "update": "{{ rows[0].update({}) }}",
    "power": "{{ 9 ** 9999999 }}",
    "large": "{{ 10000000000000 * 10000000000000 }}",
    "repeat": "{{ 'a' * 1000000000 }}",
    "repeat list": "{% for a in [0] * 1000000000 %}{% endfor %}",
    "long range": "{% for a in range(10000000000) %}{% endfor %}",
    "loops": "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
    "set block": "{% set a %}{{ title }}{% endset %}",
    "filter block": "{% filter upper %}a{% endfilter %}",
    "call block": "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{% endcall %}",
    "unescaped": "{{ title | safe }}",
    "autoescape": "{% autoescape false %}{{ title }}{% endautoescape %}",
    "recursion": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "recursive loop": "{% for a in rows recursive %}{{ loop(rows) }}{% endfor %}",
    "pad": "{{ title | center(1000000000) }}",
    "indent": "{{ title | indent(1000000000) }}",
    "doubled": "{% set a = 'aaaaaaaaaaaaaaaa' %}"
    + "{% set a = a ~ a %}" * 40
    + "{{ a }}",
    "added": "{% set a = 'aaaaaaaaaaaaaaaa' %}"
    + "{% set a = a + a %}" * 40
    + "{{ a }}",
    "joined": "{% set a = range(9999) | join('aaaaaaaaaaaaaaaaaaaaaaaa') %}{{ a }}",
    "macros": "{% macro m(x) %}{{ x }}{{ x }}{% endmacro %}{% set a = 'aaaaaaaa' %}"
    + "{% set a = m(a) %}" * 40,
    "summed lists": "{% set a = [1, 1] %}"
    + "{% set a = [a, a] | sum(start=[]) %}" * 40
    + "{{ a | length }}",
    "rounded": "{{ 1 | round(1000000000, 'ceil') }}",
    "nested list": NESTED + "{{ a }}",
    "nested list as text": NESTED + "{% set b = a | string %}",
    "compared lists": NESTED + NESTED.replace("a", "b") + "{{ a == b }}",
    "nested tuples as a key": NESTED.replace("[", "(").replace("]", ")")
    + "{{ {a: 1} | length }}",
    "nested by adding": "{% set a = [1] %}" + "{% set a = a + [a] %}" * 40 + "{{ a }}",
    "nested mappings": "{% set a = {} %}" + "{% set a = {1: a, 2: a} %}" * 40,
    "a list as text": "{{ rows }}",
    "a function as text": "{{ range }}",
    "many loops in each other": "{% for a in rows %}" * 22 + "{% endfor %}" * 22,
    "many ifs in each other": "{% if 1 %}" * 120 + "{% endif %}" * 120,
    "a parameter twice": "{% macro m(a, a) %}{% endmacro %}{{ m(1) }}",
    "infinite": "{{ 1e400 | int }}",
    "missing": "{{ nothing }}",
    "divided": "{{ 1 / 0 }}",
    "wrong": "{% for %}",
    "absent": "{% extends 'none.html' %}",
}


@pytest.mark.parametrize("way", ESCAPES)
def test_no_known_way_leads_out_or_fills_the_machine(tmp_path: Path, way: str) -> None:
    with pytest.raises(InputRefused) as refused:
        drawn(tmp_path, ESCAPES[way])
    assert refused.value.code == DoorCode.TEMPLATE_UNFIT
    assert refused.value.reasons[0].values["template"] == "page.html"


def test_a_page_has_a_greatest_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "LARGEST", 1000)
    assert drawn(tmp_path, "{% for a in range(90) %}0123456789{% endfor %}")
    with pytest.raises(InputRefused):
        drawn(tmp_path, "{% for a in range(200) %}0123456789{% endfor %}")


def test_a_page_takes_only_so_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = "{% set a = range(99999) | list %}{% for b in a %}{% set c = a | sort %}"
    monkeypatch.setattr(own, "SECONDS", 0.1)
    with pytest.raises(InputRefused, match="SecurityError"):
        drawn(tmp_path, slow + "{% endfor %}")


def test_the_lists_that_a_page_makes_stay_small_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "HEAVIEST", 1000)
    many = "{% set a = range(99) | list %}{% for b in a %}{% set c = a + [b] %}"
    with pytest.raises(InputRefused, match="SecurityError"):
        drawn(tmp_path, many + "{% endfor %}")


def test_a_page_can_always_be_written_into_a_file(tmp_path: Path) -> None:
    page = drawn(tmp_path, r"{{ '\ud800' }}{{ [[1, 2], [3]][0][1] }}{{ none }}")
    assert page.encode() == rb"\ud8002None"


def test_values_that_are_not_plain_and_a_missing_folder_are_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "page.html").write_text("{{ a }}")
    for odd in (1.5, object(), print):
        with pytest.raises(InputRefused):
            draw_own(tmp_path, "page.html", {"a": odd})
    with pytest.raises(InputRefused) as refused:
        draw_own(tmp_path / "none", "page.html", {})
    assert refused.value.code == DoorCode.TEMPLATES_MISSING
