"""A connection whose transactions another framework begins and ends.

Such a framework gives its own driver's connection. SQLAlchemy sees neither the end of
the transaction nor a return to a pool, so the framework's glue says what goes on.
"""

from __future__ import annotations

from typing import Any, Final, Protocol

from sqlalchemy import Connection

#: The execution option that names the manager of a connection.
MANAGER: Final = "huimin_manager"


class Manager(Protocol):
    """What manages one transaction of a framework.

    ``pending`` is the work that waits for its end; the manager does it then.
    """

    pending: list[Any]

    @property
    def is_open(self) -> bool:
        """Tell whether the transaction goes on."""

    def require(self) -> None:
        """Refuse whatever is done after the transaction.

        Raises:
            StoreRefused: if it has ended, has failed, or its connection is closed.

        """


def manager_of(connection: Connection) -> Manager | None:
    """Return the manager of a connection, None if SQLAlchemy itself is."""
    manager: Manager | None = connection.get_execution_options().get(MANAGER)
    return manager
