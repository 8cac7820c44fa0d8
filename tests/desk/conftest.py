"""A production desk of a service, with a proxy and people of three accounts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from tests.accounts import account
from tests.databases import memory
from tests.desk.server import Browser, Served, configured, known, served
from tests.flow.core.test_two_desks import with_accounts

#: Accounts that every Linux has; the group is of those who may use the desk.
CLERK, HEAD, PROXY, GROUP = 1, 2, 33, 54321

#: What the proxy shows.
SECRET = "0123456789abcdef" * 4


@dataclass
class House:
    """A running desk of a service, and those who come to it."""

    desk: Served
    clerk: str
    head: str
    proxy: str
    url: str

    def visits(self, uid: int) -> Browser:
        """Return a browser on the socket, whose connections an account opens."""
        return As(port=self.desk.port, path=self.desk.path, uid=uid)

    def forwards(self, name: str, secret: str = SECRET) -> dict[str, str]:
        """Return the headers with which the proxy names a visitor."""
        return {"X_Remote_User": name, "X_Huimin_Secret": secret}


@dataclass
class As(Browser):
    """A browser whose connections are opened by another account."""

    uid: int = 0

    def opened(self):  # type: ignore[no-untyped-def]
        with account(self.uid, GROUP):
            return super().opened()


@pytest.fixture(scope="module")
def house(book: Rulebook, config: Path) -> Iterator[House]:
    """A production desk on a socket that a group may use.

    Its folder is none of pytest's: another run of pytest closes those to others.
    """
    with TemporaryDirectory(prefix="huimin-desk-", dir=memory()) as folder:
        yield from housed(book, config, Path(folder))


def housed(book: Rulebook, config: Path, base: Path) -> Iterator[House]:
    """Found the database, and serve it until the end."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another account")
    clerk, head, proxy = (known(uid) for uid in (CLERK, HEAD, PROXY))
    base.chmod(0o755)
    own = {"office_1": clerk, "office_2": head, "op_500101": clerk, "leader_1": head}
    own["coordination_1"] = proxy  # a slip of the administrator, which gives nothing
    Flow.found(f"sqlite:///{base}/huimin.db", with_accounts(book, **own)).close()
    run = base / "run"
    run.mkdir()
    os.chown(run, 0, GROUP)
    run.chmod(0o2750)
    place = configured(config, base / "config", service_account="root", proxy_account=proxy,
                       socket=str(run / "desk.sock"))  # fmt: skip
    with served(
        f"sqlite:///{base}/huimin.db",
        place,
        base,
        path=run / "desk.sock",
        HUIMIN_PROXY_SECRET=SECRET,
    ) as desk:
        yield House(desk, clerk, head, proxy, f"sqlite:///{base}/huimin.db")
