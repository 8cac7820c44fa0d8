"""The closed loop from a citizen's appeal to a replayed history.

``Flow`` has every act and question (``help(huimin_flow.Flow)``); ``tick`` runs what is
due, ``send`` sends changes to other programs, ``verify`` audits. ``huimin_flow.api``
has all of this, each class that is taken or returned, and each refusal.
``huimin_flow.testing`` is for an embedder's tests.

>>> from huimin_flow import Flow
>>> Flow.__name__
'Flow'

"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huimin_flow.api import verify
    from huimin_flow.flow import Flow
    from huimin_flow.flow.sensing.items import Demand
    from huimin_flow.store.schema import without_huimin
    from huimin_flow.timetable.ledger import tick
    from huimin_flow.timetable.sending import send

# A host configures logging; without it nothing is written anywhere.
logging.getLogger(__name__).addHandler(logging.NullHandler())

__all__ = ["Demand", "Flow", "send", "tick", "verify", "without_huimin"]

_HOMES = {
    "Demand": "huimin_flow.flow.sensing.items",
    "Flow": "huimin_flow.flow",
    "send": "huimin_flow.timetable.sending",
    "tick": "huimin_flow.timetable.ledger",
    "verify": "huimin_flow.api",
    "without_huimin": "huimin_flow.store.schema",
}


def __getattr__(name: str) -> object:
    """Load the engine only when it is asked for: its imports take a while."""
    if name not in _HOMES:
        message = f"module 'huimin_flow' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
