"""What channels.yaml and service_items.yaml must hold beyond their shapes."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import ConfigCode, RulebookCode
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.rulebook import Channels
from huimin_flow.model.services.catalogue import Services
from huimin_flow.settings.document import PERCENT, WORKING_DAYS, Document


def check_channels(channels: Channels, document: Document) -> None:
    """Note what is wrong with the channels: keys once, deadlines in range."""
    keys = [channel.key for channel in channels.intake]
    for index, channel in enumerate(channels.intake):
        place: list[str | int] = ["intake", index]
        if keys.count(channel.key) > 1:
            document.problem([*place, "key"], ConfigCode.REPEATED)
        document.within(channel.days, WORKING_DAYS, [*place, "days"])
    for name in ("intake", "service"):
        if not getattr(channels, name):
            document.problem([name], ConfigCode.EMPTY)
    for name in channels.rating_codes:
        document.among(name, channels.service, ["rating_codes", name])


def check_services(
    organization: Organization | None,
    channels: Channels | None,
    services: Services,
    document: Document,
) -> None:
    """Note what is wrong with service_items.yaml, as far as can be told.

    ``organization`` and ``channels`` are None where their files are unfit.
    """
    units = None if organization is None else {one.code for one in organization.units}
    _of_items(services, units, document)
    seen: set[tuple[str, str]] = set()
    for index, window in enumerate(services.windows):
        place: list[str | int] = ["windows", index]
        if not window.code:
            document.problem([*place, "code"], ConfigCode.EMPTY)
        elif (window.unit, window.code) in seen:
            document.problem([*place, "code"], ConfigCode.REPEATED)
        seen.add((window.unit, window.code))
        if units is not None and window.unit not in units:
            document.problem([*place, "unit"], RulebookCode.UNIT_UNKNOWN)
    if channels is not None:
        document.complete(services.reach, channels.service, ["reach"])
        for channel in services.reach:
            document.among(channel, channels.service, ["reach", channel])
    rule = services.follow_up
    for name in ("answer_days", "verify_days", "objection_days"):
        document.within(getattr(rule, name), WORKING_DAYS, ["follow_up", name])
    place = ["follow_up", "callback_percent"]
    document.within(rule.callback_percent, PERCENT, place)


def _of_items(services: Services, units: set[str] | None, document: Document) -> None:
    keys = [item.key for item in services.items]
    for index, item in enumerate(services.items):
        place: list[str | int] = ["items", index]
        if item.key in keys[:index]:
            document.problem([*place, "key"], ConfigCode.REPEATED)
        if not (item.key.isascii() and item.key.isprintable()):
            document.problem([*place, "key"], ConfigCode.NOT_A_CODE)
        if units is not None and item.unit not in units:
            document.problem([*place, "unit"], RulebookCode.UNIT_UNKNOWN)
        burdens = {"before": item.before, "after": item.after}
        missing = [name for name, burden in burdens.items() if burden is None]
        if len(missing) == 1:
            document.problem(place, ConfigCode.ENTRY_MISSING, name=missing[0])
        if item.before is not None and not item.figures_source:
            document.problem(place, ConfigCode.ENTRY_MISSING, name="figures_source")
        for name, burden in burdens.items():
            for part in ("steps", "documents", "days", "visits"):
                if burden is not None and getattr(burden, part) < 0:
                    here = [*place, name, part]
                    document.problem(here, ConfigCode.TOO_SMALL, least=0)
