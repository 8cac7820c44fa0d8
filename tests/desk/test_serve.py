"""The desk's sockets: who may reach them, what is replaced, how the server ends."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from huimin_flow.clock import SystemClock
from huimin_flow.desk.app import THREADS
from huimin_flow.desk.serve import unix_socket
from huimin_flow.errors import HuiminError, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.testing import Desk
from tests.accounts import mode
from tests.conftest import Founded
from tests.databases import Pool
from tests.desk.conftest import CLERK, HEAD, House
from tests.desk.server import Browser, served
from tests.programs import RUN, Program, ran
from tests.sampled import NIGHTLY


@pytest.fixture
def url(founded: Founded) -> str:
    return f"sqlite:///{founded.file}"


@pytest.mark.parametrize("mask", [0o077, 0o000])
def test_the_socket_is_for_its_group_whatever_the_umask(
    url: str, config: Path, tmp_path: Path, mask: int
) -> None:
    path = tmp_path / "run" / "desk.sock"
    with served(url, config, tmp_path, path=path, mask=mask) as desk:
        assert (mode(path), mode(path.parent)) == ("660", "750")
        assert desk.client().get("index.html").status == 200
        assert desk.browser().get("index.html").status == 200
    assert list(path.parent.iterdir()) == []


def test_the_socket_belongs_to_the_group_of_a_setgid_folder(
    url: str, config: Path, tmp_path: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to any group")
    folder = tmp_path / "run"
    folder.mkdir()
    os.chown(folder, 0, 54321)
    folder.chmod(0o2750)
    with served(url, config, tmp_path, path=folder / "desk.sock"):
        assert (folder / "desk.sock").stat().st_gid == 54321


def test_loopback_alone_is_listened_to(url: str, config: Path, tmp_path: Path) -> None:
    with served(url, config, tmp_path) as desk:
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
        own = [line.split()[1:4:2] for line in lines]
        port = f":{desk.port:04X}"
        assert [
            place for place, state in own if place.endswith(port) and state == "0A"
        ] == [f"0100007F{port}"]
        six = Path("/proc/net/tcp6")
        assert not six.exists() or f"{port} " not in six.read_text()


@pytest.mark.parametrize("killed", [True, False] if NIGHTLY else [True])
def test_a_dead_servers_socket_is_replaced_and_a_live_one_is_not(
    url: str, config: Path, tmp_path: Path, *, killed: bool
) -> None:
    path = tmp_path / "run" / "desk.sock"
    path.parent.mkdir(mode=0o750)
    if killed:
        with (
            pytest.raises(AssertionError),
            served(url, config, tmp_path, path=path) as dead,
        ):
            dead.stop(signal.SIGKILL)
    else:
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(path))
    assert path.is_socket()
    with served(url, config, tmp_path, path=path) as desk:
        before = path.stat().st_ino
        assert "由另一个服务使用" in refused(url, config, path)
        assert path.stat().st_ino == before
        assert desk.client().get("index.html").status == 200


def test_a_socket_of_another_program_that_answers_is_left_alone(
    url: str, config: Path, tmp_path: Path
) -> None:
    path = tmp_path / "run" / "desk.sock"
    path.parent.mkdir(mode=0o750)
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        assert "由另一个服务使用" in refused(url, config, path)
    assert path.is_socket()


@pytest.mark.parametrize(
    ("folder", "there", "words"),
    [
        (0o750, "file", "不是套接字"),
        (0o750, "link", "不是套接字"),
        (0o755, "", "权限设为 0750"),
        (0o770, "", "权限设为 0750"),
    ],
)
def test_nothing_else_is_replaced_and_no_open_folder_is_used(
    tmp_path: Path, folder: int, there: str, words: str
) -> None:
    path = tmp_path / "run" / "desk.sock"
    path.parent.mkdir()
    path.parent.chmod(folder)
    if there == "file":
        path.write_text("mine")
    if there == "link":
        (tmp_path / "target").write_text("mine")
        path.symlink_to(tmp_path / "target")
    assert words in unfit(path)
    assert path.exists() == bool(there)
    if there:
        assert path.read_text() == "mine"


def test_no_folder_is_used_that_others_could_put_another_in_place_of(
    tmp_path: Path,
) -> None:
    shared, own = tmp_path / "shared", tmp_path / "own"
    for folder, bits in ((shared, 0o777), (own, 0o750), (shared / "run", 0o750)):
        folder.mkdir()
        folder.chmod(bits)
    (shared / "led").symlink_to(own)
    for name in ("run", "led"):
        said = unfit(shared / name / "desk.sock")
        assert str(shared) in said
        assert "权限设为 0750" in said
    shared.chmod(0o1777)  # as /tmp: each keeps what is theirs
    with unix_socket(shared / "led" / "desk.sock"):
        pass
    if os.geteuid() == 0:
        os.chown(shared / "led", 2, 2, follow_symlinks=False)
        assert "权限设为 0750" in unfit(shared / "led" / "desk.sock")


def test_a_port_in_use_is_told(url: str, config: Path, tmp_path: Path) -> None:
    with served(url, config, tmp_path) as desk:
        said = refused(url, config, None, "--port", str(desk.port))
    assert f"无法在127.0.0.1:{desk.port}监听" in said


def unfit(path: Path) -> str:
    """Return why no socket is made there, and the way out."""
    with pytest.raises(HuiminError) as refusal, unix_socket(path):
        pass
    return f"{refusal.value}\n{refusal.value.remedy}"


def refused(url: str, config: Path, path: Path | None, *words: str) -> str:
    """Return what a desk says that can't begin."""
    named = [*words] if path is None else ["--port", "0", "--socket", str(path), *words]
    done = ran(["desk", "--db", url, "--config", str(config), *named])
    assert done.returncode == 1
    assert "可以这样做" in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    "by", [signal.SIGTERM, signal.SIGINT] if NIGHTLY else [signal.SIGTERM]
)
def test_a_signal_ends_the_desk_well_and_removes_its_socket(
    url: str, config: Path, tmp_path: Path, by: signal.Signals
) -> None:
    path = tmp_path / "run" / "desk.sock"
    with served(url, config, tmp_path, path=path) as desk:
        waiting = desk.client().opened()  # idle connections hold nothing up
        waiting.connect() if waiting.sock is None else None
        assert desk.stop(by) == 0
        waiting.close()
    assert not path.exists()
    events = [line["event"] for line in desk.lines()]
    assert (events[0], events[-1]) == ("started", "stopped")


@pytest.fixture
def notified(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "notify"))
        told.settimeout(60)
        yield told


def test_systemd_is_told_when_the_desk_is_ready_and_when_it_stops(
    url: str, config: Path, tmp_path: Path, notified: socket.socket
) -> None:
    with served(url, config, tmp_path, NOTIFY_SOCKET=str(tmp_path / "notify")):
        assert notified.recv(100) == b"READY=1"
    assert notified.recv(100) == b"STOPPING=1"


def test_what_runs_when_a_signal_comes_is_finished(
    url: str, config: Path, tmp_path: Path, notified: socket.socket
) -> None:
    with served(url, config, tmp_path, NOTIFY_SOCKET=str(tmp_path / "notify")) as desk:
        assert notified.recv(100) == b"READY=1"
        browser = desk.browser()
        browser.get("sign-in.html")
        body = urlencode({"token": browser.token, "person": "office-1"}).encode()
        connection = browser.opened()
        connection.putrequest("POST", "/sign-in.html")
        kind = "application/x-www-form-urlencoded"
        cookie = "".join(f"{name}={value}" for name, value in browser.cookies.items())
        for name, value in (("Type", kind), ("Length", str(len(body)))):
            connection.putheader(f"Content-{name}", value)
        connection.putheader("Cookie", cookie)
        connection.putheader("Expect", "100-continue")
        connection.endheaders()
        assert connection.sock.recv(100).startswith(b"HTTP/1.1 100")  # it runs
        connection.send(body[:20])
        desk.process.send_signal(signal.SIGTERM)
        assert notified.recv(100) == b"STOPPING=1"
        connection.send(body[20:])
        assert connection.getresponse().status == 303
        connection.close()


def test_a_database_that_is_missing_is_told_before_anything_listens(
    config: Path, tmp_path: Path
) -> None:
    path = tmp_path / "run" / "desk.sock"
    assert "打不开数据库文件" in refused(f"sqlite:///{tmp_path}/no.db", config, path)
    assert not path.parent.exists()
    with pytest.raises(StoreRefused):
        Flow.open(f"sqlite:///{tmp_path}/no.db")


def test_the_desk_serves_a_database_of_a_server(
    server: str, pool: Pool, config: Path, tmp_path: Path
) -> None:
    name = pool.take()
    with served(f"{server}/{name}", config, tmp_path) as desk:

        def visits(_: int) -> int:
            browser = desk.browser()
            browser.get("sign-in.html")
            assert browser.post("sign-in.html", person="office-1").status == 303
            return browser.get("items.html").status

        with ThreadPoolExecutor(12) as people:
            assert list(people.map(visits, range(24))) == [200] * 24
    pool.give(name)


def moment_of(client: Browser) -> datetime:
    return datetime.fromisoformat(json.loads(client.get("api/").text)["moment"])


@pytest.mark.parametrize("words", [(), ("--now", "2024-02-29T18:00")])
def test_a_rehearsals_desk_follows_what_others_record(
    file_desk: Desk, file_url: str, config: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    path = tmp_path / "run" / "desk.sock"
    with served(file_url, config, tmp_path, *words, path=path) as desk:
        client = desk.client()
        begun = moment_of(client)
        if words:
            assert begun == moment_of(client) == datetime(2024, 2, 29, 10, tzinfo=UTC)
        else:
            assert abs(begun - SystemClock().now()) < timedelta(minutes=1)
        file_desk.clock.set(datetime(2031, 1, 6, 2, tzinfo=UTC))
        file_desk.collect()
        assert moment_of(client) == file_desk.clock.now()


def test_the_desk_speaks_the_language_of_its_command(
    url: str, config: Path, tmp_path: Path
) -> None:
    with served(url, config, tmp_path, HUIMIN_LANG="en") as desk:
        shown = desk.browser().get("sign-in.html").text
        assert '<html lang="en"' in shown
        assert "This is a rehearsal" in shown
        assert "This can&#39;t be shown" in desk.browser().get("nothing.html").text


def test_a_terminal_shows_the_address_and_no_line_of_every_request(
    url: str, config: Path
) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, "desk", "--db", url, "--config", str(config), "--port", "0"],
        stdout=theirs, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(theirs)
    assert process.stderr is not None
    with process:
        port = int(process.stderr.readline().rsplit(":", 1)[1].strip("/\n"))
        assert Browser(port=port).get("index.html").status == 200
        process.terminate()
        assert process.wait(60) == 0
    with suppress(OSError):  # the end of a terminal is an error
        assert os.read(ours, 1000) == b""
    os.close(ours)


def test_a_log_that_nobody_reads_ends_nothing(url: str, config: Path) -> None:
    process = Program(
        ["desk", "--db", url, "--config", str(config), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        port = int(process.stderr.readline().rsplit(":", 1)[1].strip("/\n"))
        process.stdout.close()
        for _ in range(3):
            assert Browser(port=port).get("index.html").status == 200
        process.terminate()
        assert process.wait(60) == 0
        assert process.stderr.read() == ""


def test_acts_that_wait_for_a_trial_leave_threads_for_pages(house: House) -> None:
    """A trial of one account holds the turn to write; who waits for it may be many."""
    demand = {
        "title": "甲",
        "origin": "problem",
        "area": "employment",
        "unit": "500101",
    }
    call = json.dumps({"by": "op-500101", "args": {"demand": demand}}).encode()
    line = b"items.collect " + call + b"\n"
    step = b"%x\r\n%b\r\n" % (len(line), line)
    head = b"HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    chunked, sized = b"Transfer-Encoding: chunked", b"Content-Length: %d" % len(call)

    def tried() -> bool:
        text = b""
        while b'"events"' not in text and (part := trial.recv(65536)):
            text += part
        return b'"events"' in text

    with ExitStack() as stack:

        def opened(target: bytes) -> socket.socket:
            own: socket.socket = house.visits(CLERK).opened().sock
            stack.enter_context(own).sendall(b"POST /api/" + target)
            return own

        trial = opened(b"sessions/trial %b%b\r\n\r\n%b" % (head, chunked, step))
        assert tried()
        act = b"acts/items.collect %b%b\r\n\r\n%b" % (head, sized, call)
        acts = [opened(act) for _ in range(2 * THREADS)]
        for _ in range(3):
            assert house.visits(HEAD).get("items.html").status == 200
        trial.sendall(step)
        assert tried()  # it has not ended meanwhile
        trial.close()
        assert [own.recv(12) for own in acts] == [b"HTTP/1.1 200"] * len(acts)
