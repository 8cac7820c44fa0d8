"""The closed loop from a citizen's voice to a replayed history.

>>> from huimin_flow import Flow
>>> Flow.__name__
'Flow'

"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huimin_flow.flow import Flow
    from huimin_flow.flow.sensing import Demand

__all__ = ["Demand", "Flow"]


def __getattr__(name: str) -> object:
    """Load the engine only when it is asked for: its imports take half a second."""
    if name == "Flow":
        from huimin_flow.flow import Flow  # noqa: PLC0415 - see above

        return Flow
    if name == "Demand":
        from huimin_flow.flow.sensing import Demand  # noqa: PLC0415 - see above

        return Demand
    message = f"module 'huimin_flow' has no attribute {name!r}"
    raise AttributeError(message)
