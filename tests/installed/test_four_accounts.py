"""Four real accounts work on one machine for a day, all with the umask 077."""

from __future__ import annotations

import hashlib
import json
import pwd
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.accounts import ROOT
from tests.installed import bureau as bureaus
from tests.installed.bureau import (
    ACCOUNTS,
    CONFIG,
    FOUNDING,
    PEOPLE,
    PROGRAM,
    SECRET,
    Bureau,
)
from tests.installed.bureau import PROXY as PROXIES
from tests.sampled import NIGHTLY

#: Who works through the service, and who can read the files besides.
WORKERS = ("clerk", "office", "second", "auditor")

#: Who of them reads what all may read by day: one in the group of readers, one not.
READERS = WORKERS if NIGHTLY else ("office", "auditor")

#: Whose accounts an attacker claims; by night each way of lying claims both.
LIED = ("office", "service")
LIES = 2 if NIGHTLY else 1

PROOF = "现场照片".encode()

#: A library that says of its process whatever an attacker wants.
LIAR = """
#define _GNU_SOURCE
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>
static uid_t lie(void) { return LIE; }
uid_t getuid(void) { return lie(); }
uid_t geteuid(void) { return lie(); }
int getresuid(uid_t *r, uid_t *e, uid_t *s) { *r = *e = *s = lie(); return 0; }
int access(const char *p, int m) { return 0; }
int faccessat(int d, const char *p, int m, int f) { return 0; }
"""

#: The same in Python, before the command begins.
PATCHED = """
import os, pwd, sys
theirs = pwd.getpwnam(sys.argv[1])
os.getuid = os.geteuid = lambda: theirs.pw_uid
pwd.getpwuid = lambda uid: theirs
os.access = lambda *_, **__: True
from huimin_flow.shell.main import invoke
sys.exit(invoke(sys.argv[2:]))
"""

#: Writes as somebody would by hand.
BY_HAND = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("UPDATE huimin_meta SET value = 'rehearsal'")
"""


@pytest.fixture(scope="module")
def bureau() -> Iterator[Bureau]:
    """A bureau whose desk is served; a second person of the office has an account."""
    with bureaus.installed() as own:
        own.follow(ACCOUNTS, PROGRAM, CONFIG)
        bureaus.with_posts(own)
        own.follow(SECRET, FOUNDING, PEOPLE, PROXIES)
        for who in ("office", "second"):
            group = ["usermod", "-aG", own.names["users"], own.names[who]]
            subprocess.run(group, check=True)
        with own.serving():
            yield own


def done(bureau: Bureau, who: str, *words: str) -> Any:
    """Return what a command prints with ``--json``; it must succeed."""
    made = bureau.run(who, *words, "--json")
    if made.returncode:
        pytest.fail(f"{who} {words} {made.stderr}")
    return json.loads(made.stdout)


def refused(bureau: Bureau, who: str, *words: str) -> dict[str, Any]:
    """Return the refusal of a command, as JSON."""
    made = bureau.run(who, *words, "--json")
    if made.returncode != 1:
        pytest.fail(f"{who} {words} {made.stdout} {made.stderr}")
    told: dict[str, Any] = json.loads(made.stderr)
    return told


@pytest.fixture(scope="module")
def number(bureau: Bureau) -> str:
    """The item of the day: it was collected, attached to, rejected, and reopened."""
    collect = ["item", "collect", "--origin", "问题反映", "--area", "就业创业"]
    item = done(bureau, "clerk", *collect, "--title", "零工市场缺少候工区")["number"]
    proof = bureau.folder / "home" / "clerk" / "photo.jpg"
    proof.write_bytes(PROOF)
    shutil.chown(proof, bureau.names["clerk"])
    proof.chmod(0o600)
    done(bureau, "clerk", "item", "attach", item, str(proof))
    done(bureau, "office", *f"item reject {item} --reason duplicate --yes".split())
    told = bureau.run(
        "office", *f"item reopen {item} --reason facts_incomplete".split()
    )
    proposed = re.search(r"proposal approve (\S+) --seen (\w+)", told.stdout)
    assert proposed is not None, told
    approve = ["proposal", "approve", proposed[1], "--seen", proposed[2]]
    assert item in json.dumps(done(bureau, "second", "proposal", "show", proposed[1]))
    assert refused(bureau, "office", *approve)["code"] == "same_person"
    done(bureau, "second", *approve)
    return str(item)


def test_a_two_person_day_is_recorded_as_the_kernel_says(
    bureau: Bureau, number: str
) -> None:
    for who in WORKERS:
        item = done(bureau, who, "item", "show", number)
        assert json.dumps(item).count('"collected"')
    events = done(bureau, "auditor", "item", "history", number)
    ways = set(re.findall(r'"via": "(\w+)"', json.dumps(events)))
    assert ways == {"peer"}


@pytest.mark.parametrize("who", READERS)
def test_attachments_are_read_by_all_who_may(
    bureau: Bureau, number: str, who: str
) -> None:
    into = bureau.folder / "home" / who / "files"
    done(bureau, who, "item", "files", number, "--into", str(into))
    (file,) = into.iterdir()
    assert file.read_bytes() == PROOF
    assert file.name == hashlib.sha256(PROOF).hexdigest()


@pytest.mark.parametrize("who", READERS)
def test_the_audit_is_clean_under_each_who_may_read_the_file(
    bureau: Bureau, number: str, who: str
) -> None:
    del number
    file = f"sqlite:///{bureau.database}"
    made = bureau.run(who, "audit", "verify", "--json", "--db", file)
    if who != "auditor":  # a person who may not read the file is told whose it is
        assert made.returncode == 1
        told = json.loads(made.stderr)
        assert told["code"] == "not_readable"
        assert bureau.names["service"] in told["message"]
        group = ["usermod", "-aG", bureau.names["readers"], bureau.names[who]]
        subprocess.run(group, check=True)
        try:
            made = bureau.run(who, "audit", "verify", "--json", "--db", file)
        finally:
            group[1:3] = ["-G", bureau.names["users"]]
            subprocess.run([*group[:3], bureau.names[who]], check=True)
    assert made.returncode == 0, made.stdout
    assert json.loads(made.stdout)["findings"] == []


def fingerprint(bureau: Bureau) -> dict[str, str]:
    """Return what every file of the bureau's data contains."""
    files = (path for path in bureau.database.parent.rglob("*") if path.is_file())
    return {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


@pytest.mark.parametrize("who", [*WORKERS, "proxy", "stranger"])
def test_nobody_but_the_service_can_change_a_file(
    bureau: Bureau, number: str, who: str
) -> None:
    del number
    before = fingerprint(bureau)
    python = str(bureau.folder / "opt" / "bin" / "python")
    data, run = bureau.database.parent, bureau.folder / "run"
    attachment = next(Path(f"{bureau.database}.files").glob("*/*"))
    for words in (
        [python, "-c", BY_HAND, str(bureau.database)],
        ["sh", "-c", f"echo x >> '{bureau.database}'"],
        ["sh", "-c", f"echo x > '{data}/huimin.db-journal'"],
        ["sh", "-c", f"echo x > '{attachment}'"],
        ["rm", "-f", str(bureau.database)],
        ["mv", str(data), f"{data}.gone"],
        ["rm", "-f", str(run / "desk.sock")],
        ["chmod", "666", str(bureau.database)],
        ["cat", str(bureau.folder / "etc" / "proxy.secret")],
        ["ls", str(bureau.folder / "backup")],
    ):
        made = subprocess.run(
            bureau.command(who, *words), cwd="/", env=bureau.variables(),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert made.returncode != 0, words
    assert fingerprint(bureau) == before
    with socket.socket(socket.AF_UNIX) as still:  # the service answers there
        still.connect(str(run / "desk.sock"))


def test_a_preloaded_library_that_lies_about_the_account_changes_nothing(
    bureau: Bureau, number: str
) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler is installed")
    for theirs in LIED[:LIES]:
        uid = pwd.getpwnam(bureau.names[theirs]).pw_uid
        library = bureau.folder / f"lie-{theirs}.so"
        built = [compiler, "-shared", "-fPIC", f"-DLIE={uid}", "-x", "c", "-"]
        subprocess.run([*built, "-o", library], input=LIAR, text=True, check=True)
        library.chmod(0o755)
        python = str(bureau.folder / "opt" / "bin" / "python")
        lies = ["-c", "import os; print(os.geteuid())"]
        shown = subprocess.run(
            bureau.command("clerk", python, *lies, LD_PRELOAD=str(library)),
            env=bureau.variables(), capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert shown.stdout.strip() == str(uid)  # the lie is told
        run = partial(bureau.run, "clerk", LD_PRELOAD=str(library))
        require_powerless(bureau, number, run)


def test_a_patched_python_that_lies_about_the_account_changes_nothing(
    bureau: Bureau, number: str
) -> None:
    for theirs in LIED[-LIES:]:
        program = bureau.folder / f"lie-{theirs}"
        named = bureau.names[theirs]
        python = str(bureau.folder / "opt" / "bin" / "python")
        lines = f"#!/bin/sh\nexec {python} -c '{PATCHED}' {named} \"$@\"\n"
        program.write_text(lines, encoding="utf-8")
        program.chmod(0o755)
        require_powerless(bureau, number, partial(bureau.run, "clerk", program=program))


def require_powerless(
    bureau: Bureau, number: str, lying: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """Check that a clerk who lies is the clerk, over the socket and with the file."""
    reject = f"item reject {number} --reason duplicate --yes --json".split()
    for words, code in (
        (reject, "step_not_permitted"),
        ([*reject, "--by", "office-1"], "not_your_post"),
    ):
        made = lying(*words)
        assert made.returncode == 1, made.stdout
        assert json.loads(made.stderr)["code"] == code
    before = fingerprint(bureau)  # the refusals were logged
    made = lying(*reject, HUIMIN_DATABASE=f"sqlite:///{bureau.database}")
    assert made.returncode == 1, made.stdout
    assert fingerprint(bureau) == before
    assert bureau.names["clerk"] in lying("whoami", "--json").stdout


def test_the_proxys_account_can_do_nothing_as_itself(
    bureau: Bureau, number: str
) -> None:
    for words in (
        ["whoami"],
        ["item", "list"],
        ["item", "show", number],
        f"item reject {number} --reason duplicate --yes".split(),
        ["desk", "link"],
    ):
        made = bureau.run("proxy", *words)
        assert made.returncode == 1, made.stdout
        assert number not in made.stdout


def test_who_may_not_use_the_socket_is_told_so(bureau: Bureau) -> None:
    told = refused(bureau, "stranger", "item", "list")
    assert told["code"] == "desk_socket_denied"


class SignIn(BaseHTTPRequestHandler):
    """The sign-in of a bureau: a cookie names who has signed in there."""

    def do_GET(self) -> None:
        """Answer who has signed in, or 401."""
        named = re.search(r"who=(\w+)", self.headers.get("Cookie", ""))
        self.send_response(200 if named else 401)
        if named:
            self.send_header("X-User", named[1])
        self.end_headers()

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - its name
        """Write nothing."""


@pytest.fixture(scope="module")
def proxied(bureau: Bureau) -> Iterator[Callable[..., tuple[int, str]]]:
    """Ask the desk through nginx, set up as the example says."""
    for tool in ("nginx", "openssl"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    own = bureau.folder / "nginx"
    own.mkdir(mode=0o755)
    own.chmod(0o755)
    with ThreadingHTTPServer(("127.0.0.1", 0), SignIn) as sso:
        threading.Thread(target=sso.serve_forever, daemon=True).start()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        secret = (bureau.folder / "etc" / "proxy.secret").read_text("utf-8").strip()
        line = f'proxy_set_header X-Huimin-Secret "{secret}";\n'
        (own / "huimin-secret.conf").write_text(line, encoding="utf-8")
        (own / "huimin-secret.conf").chmod(0o600)
        words = f"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout {own}/huimin.key"
        subprocess.run(
            [*words.split(), "-out", f"{own}/huimin.crt"],
            check=True,
            capture_output=True,
        )
        text = bureau.own((ROOT / "deploy" / "nginx.conf").read_text("utf-8"))
        text = text.replace("/etc/nginx", str(own)).replace(
            "listen 443", f"listen 127.0.0.1:{port}"
        )
        text = text.replace(
            "https://sso.example.gov.cn", f"http://127.0.0.1:{sso.server_port}"
        )
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
            text += f"{kind}_temp_path {own}/{kind};\n"
        (own / "nginx.conf").write_text(
            f"user {bureau.names['proxy']}; daemon off; pid {own}/pid; error_log {own}/log;"
            f" events {{}} http {{ access_log off; {text} }}",
            encoding="utf-8",
        )
        nginx = subprocess.Popen(["nginx", "-c", f"{own}/nginx.conf", "-p", str(own)])
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE

        def ask(path: str, **headers: str) -> tuple[int, str]:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection = HTTPSConnection("127.0.0.1", port, context=trusting)
            with closing(connection):
                asked = {"Host": "huimin.example.gov.cn", **named}
                connection.request("GET", path, headers=asked)
                answer = connection.getresponse()
                return answer.status, answer.read().decode()

        try:
            for _ in range(100):
                if (own / "pid").exists() or nginx.poll() is not None:
                    break
                threading.Event().wait(0.05)
            yield ask
        finally:
            nginx.terminate()
            nginx.wait(30)
            sso.shutdown()


def test_a_proxy_names_who_has_signed_in_and_a_browser_cannot(
    bureau: Bureau, proxied: Callable[..., tuple[int, str]]
) -> None:
    clerk, office = bureau.names["clerk"], bureau.names["office"]
    assert proxied("/sign-in.html")[0] == 401
    status, page = proxied("/sign-in.html", Cookie=f"who={clerk}")
    assert (status, clerk in page, "op-500101" in page) == (200, True, True)
    forged = {
        "X_Remote_User": office,
        "X_Forwarded_User": office,
        "X_Huimin_Secret": "x",
    }
    status, page = proxied("/sign-in.html", Cookie=f"who={clerk}", **forged)
    assert (status, clerk in page, office in page) == (200, True, False)
    assert proxied("/sign-in.html", **forged)[0] == 401
    assert proxied("/sign-in.html", Cookie=f"who={bureau.names['proxy']}")[0] == 403
    assert proxied("/api/", Cookie=f"who={clerk}")[0] == 404
