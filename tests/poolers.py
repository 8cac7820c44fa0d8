"""A real PgBouncer in front of a server, which gives each transaction a connection."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from huimin_flow.store.core.engine import until

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

_CONFIG = """
[databases]
* = host={host} port={port} user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 100
server_check_delay = 0
{more}
"""


@contextmanager
def pooled(server: str, *, size: int = 2, more: str = "") -> Iterator[str]:
    """Yield the URL of a pooler with so many connections of the server for all."""
    assert PROGRAM is not None
    place = urlsplit(server)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        own = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="huimin-pool-") as folder:
        config = Path(folder) / "pgbouncer.ini"
        config.write_text(
            _CONFIG.format(
                host=place.hostname, port=place.port, own=own, size=size, more=more
            )
        )
        user = "postgres" if os.geteuid() == 0 else None
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        with subprocess.Popen(
            [PROGRAM, "-q", str(config)],
            user=user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                _wait(own)
                yield f"postgresql://postgres@127.0.0.1:{own}"
            finally:
                process.kill()


def _wait(port: int) -> None:
    """Wait until the pooler takes connections."""

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    if not any(until(answers) for _ in range(20)):
        raise TimeoutError("the pooler doesn't answer")
