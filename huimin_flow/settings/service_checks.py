"""Checks of channels.yaml and service_items.yaml beyond their types."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import ConfigCode
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.rulebook import Channels
from huimin_flow.model.services.catalogue import Services
from huimin_flow.settings.yaml import PERCENT, WORKING_DAYS, Document


def check_channels(channels: Channels, document: Document) -> None:
    """Record what is wrong with the channels: repeated keys, deadlines out of range."""
    document.distinct([channel.key for channel in channels.intake], "key", "intake")
    for index, channel in enumerate(channels.intake):
        document.within(channel.days, WORKING_DAYS, "intake", index, "days")
    for name in ("intake", "service"):
        if not getattr(channels, name):
            document.problem(ConfigCode.EMPTY, name)
    for name in channels.rating_codes:
        document.among(name, channels.service, "rating_codes", name)


def check_services(
    organization: Organization | None,
    channels: Channels | None,
    services: Services,
    document: Document,
) -> None:
    """Record what is wrong with service_items.yaml.

    ``organization`` and ``channels`` are None if their files are not valid; what
    depends on them is not checked then.
    """
    units = None
    if organization is not None:
        units = {unit.code for unit in organization.units}
    _of_items(services, units, document)
    seen: set[tuple[str, str]] = set()
    for index, window in enumerate(services.windows):
        place = ("windows", index)
        if not window.code:
            document.problem(ConfigCode.EMPTY, *place, "code")
        elif (window.unit, window.code) in seen:
            document.problem(ConfigCode.REPEATED, *place, "code")
        seen.add((window.unit, window.code))
        document.unit(window.unit, units, *place, "unit")
    if channels is not None:
        document.complete(services.reach, channels.service, "reach")
        for channel in services.reach:
            document.among(channel, channels.service, "reach", channel)
    rule = services.follow_up
    for name in ("answer_days", "verify_days", "objection_days"):
        document.within(getattr(rule, name), WORKING_DAYS, "follow_up", name)
    document.within(rule.callback_percent, PERCENT, "follow_up", "callback_percent")


def _of_items(services: Services, units: set[str] | None, document: Document) -> None:
    keys = [item.key for item in services.items]
    for index, item in enumerate(services.items):
        place = ("items", index)
        if item.key in keys[:index]:
            document.problem(ConfigCode.REPEATED, *place, "key")
        if not (item.key.isascii() and item.key.isprintable()):
            document.problem(ConfigCode.NOT_A_CODE, *place, "key")
        document.unit(item.unit, units, *place, "unit")
        burdens = {"before": item.before, "after": item.after}
        missing = [name for name, burden in burdens.items() if burden is None]
        if len(missing) == 1:
            document.problem(ConfigCode.ENTRY_MISSING, *place, name=missing[0])
        if item.before is not None and not item.figures_source:
            document.problem(ConfigCode.ENTRY_MISSING, *place, name="figures_source")
        for name, burden in burdens.items():
            for part in ("steps", "documents", "days", "visits"):
                if burden is not None and getattr(burden, part) < 0:
                    document.problem(ConfigCode.TOO_SMALL, *place, name, part, least=0)
