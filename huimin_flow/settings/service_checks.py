"""What the catalogue of service items must hold beyond the shape of its file."""

from __future__ import annotations

from collections.abc import Iterator

from huimin_flow.model.organization import Organization
from huimin_flow.model.rulebook import Channels
from huimin_flow.model.service import Services
from huimin_flow.settings.document import Document
from huimin_flow.settings.figures import PERCENT, within

#: Working days: a year has 250 of them.
_DAYS = (1, 250)


def of_services(
    organization: Organization | None,
    channels: Channels | None,
    services: Services,
    document: Document,
) -> Iterator[str]:
    """Yield what is wrong with service_items.yaml, as far as can be told.

    ``organization`` and ``channels`` are None where their files are unfit.
    """
    units = None if organization is None else {one.code for one in organization.units}
    yield from _of_items(services, units, document)
    yield from _of_windows(services, units, document)
    if channels is not None:
        for channel in channels.service:
            if channel not in services.reach:
                yield document.problem(["reach"], f"缺少 {channel}", "请补上该渠道")
        for channel in services.reach:
            if channel not in channels.service:
                yield document.problem(
                    ["reach", channel], "没有该服务渠道", "请核对 channels.yaml"
                )
    rule = services.follow_up
    for name in ("answer_days", "verify_days", "appeal_days"):
        figure = getattr(rule, name)
        yield from within(figure, _DAYS, document, ["follow_up", name])
    place = ["follow_up", "callback_percent"]
    yield from within(rule.callback_percent, PERCENT, document, place)


def _of_items(
    services: Services, units: set[str] | None, document: Document
) -> Iterator[str]:
    seen: set[str] = set()
    for index, item in enumerate(services.items):
        place: list[str | int] = ["items", index]
        if item.key in seen or not (item.key.isascii() and item.key.isprintable()):
            yield document.problem([*place, "key"], "重复或不是ASCII代码", "请改正")
        seen.add(item.key)
        if units is not None and item.unit not in units:
            yield document.problem([*place, "unit"], "没有该代码的单位", "请核对代码")
        if (item.before is None) != (item.after is None):
            yield document.problem(place, "before 与 after 须同时给出", "请补上另一项")
        if item.before is not None and not item.figures_source:
            yield document.problem(place, "数字没有出处", "请写 figures_source")
        for name in ("before", "after"):
            burden = getattr(item, name)
            for part in ("steps", "documents", "days", "visits"):
                if burden is not None and getattr(burden, part) < 0:
                    yield document.problem([*place, name, part], "不能为负", "请改正")


def _of_windows(
    services: Services, units: set[str] | None, document: Document
) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for index, window in enumerate(services.windows):
        place: list[str | int] = ["windows", index]
        if (window.unit, window.code) in seen or not window.code:
            yield document.problem(
                [*place, "code"], "为空,或在本单位内重复", "请改用另一个编码"
            )
        seen.add((window.unit, window.code))
        if units is not None and window.unit not in units:
            yield document.problem([*place, "unit"], "没有该代码的单位", "请核对代码")
