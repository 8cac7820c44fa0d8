"""A bureau on this machine: real accounts, installed as the how-to says.

Accounts and groups have names of their own, and are removed at the end. The folders
of the how-to lie below a folder of the test; a stand-in is what pip would install.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.accounts import ROOT, interpreter, open_folder
from tests.programs import FORKS, ran

PAGE = ROOT / "docs" / "how-to" / "install-for-a-bureau.zh-CN.md"

#: The posts that people of the how-to and of its tests get, by what they do.
POSTS = {
    "clerk": "op-500101",
    "office": "office-1",
    "second": "office-2",
    "auditor": "auditor-1",
}

#: What the how-to's commands need besides Python.
TOOLS = ("useradd", "groupadd", "usermod", "userdel", "runuser", "install", "bash")


#: The how-to's blocks by what they do; the first has the variables.
(ACCOUNTS, PROGRAM, CONFIG, SECRET, FOUNDING) = range(1, 6)
(PEOPLE, PROXY, BACKUP, RESTORE, UPGRADE) = range(6, 11)


def blocks() -> list[str]:
    """Return the how-to's commands that are run, block by block."""
    return re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def require_tools() -> None:
    """Skip where accounts can't be made, and say why."""
    if os.geteuid() != 0:
        pytest.skip("only root can make accounts")
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@dataclass(frozen=True)
class Bureau:
    """An installation: ``folder`` holds all its folders, ``names`` its accounts."""

    folder: Path
    names: dict[str, str]

    @property
    def database(self) -> Path:
        """Return the path of the database."""
        return self.folder / "data" / "huimin.db"

    @property
    def socket(self) -> str:
        """Return the URL of the desk's socket."""
        return f"unix:{self.folder}/run/desk.sock"

    def own(self, text: str) -> str:
        """Return commands of the how-to with this bureau's folders and accounts."""
        names, folder = self.names, self.folder
        for theirs, ours in (
            ("PREFIX=/opt/huimin", f"PREFIX={folder}/opt"),
            ("CONFIG=/etc/huimin", f"CONFIG={folder}/etc"),
            ("DATA=/var/lib/huimin", f"DATA={folder}/data"),
            ("RUN=/run/huimin", f"RUN={folder}/run"),
            ("BACKUP=/var/backups/huimin", f"BACKUP={folder}/backup"),
            ("SERVICE=huimin ", f"SERVICE={names['service']} "),
            ("USERS=huimin-users", f"USERS={names['users']}"),
            ("AUDIT=huimin-audit", f"AUDIT={names['readers']}"),
            ("PROXY=www-data", f"PROXY={names['proxy']}"),
            ("/etc/profile.d", f"{folder}/profile.d"),
            ("/run/huimin", f"{folder}/run"),
            ("/etc/huimin", f"{folder}/etc"),
            ("service_account: huimin", f"service_account: {names['service']}"),
            ("proxy_account: www-data", f"proxy_account: {names['proxy']}"),
            (" zhangsan", f" {names['clerk']}"),
            (" lisi", f" {names['auditor']}"),
        ):
            text = text.replace(theirs, ours)
        return text

    def follow(self, *numbers: int, mask: int = 0o077) -> str:
        """Run blocks of the how-to as root, and return what they print."""
        shown = [self.own(block) for block in blocks()]
        (function,) = re.findall(
            r"^as_service\(\) \{.*?^\}$", "\n".join(shown), re.MULTILINE | re.DOTALL
        )
        lines = ["set -eu", f"umask {mask:o}", shown[0], function]
        lines += [shown[number] for number in numbers]
        done = subprocess.run(
            ["bash", "-c", "\n".join(lines)], cwd=ROOT, env=self.variables(),
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def variables(self) -> dict[str, str]:
        """Return the variables of a process that begins anew."""
        path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
        return {"PATH": path, "LANG": "C.UTF-8", "HOME": str(self.folder)}

    def command(self, who: str, *words: str, **variables: str) -> list[str]:
        """Return what runs a program as an account, with all groups of a new login."""
        places = {"HOME": str(self.folder / "home" / who), **variables}
        named = [f"{name}={value}" for name, value in places.items()]
        return ["runuser", "-u", self.names[who], "--", "env", *named, *words]

    def run(
        self, who: str, *words: str, program: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``huimin`` as a person does, through the service unless told otherwise.

        ``program`` is another one that takes the same words. By day a program that
        lies to no one is forked and becomes the account, with all its groups.
        """
        places = {"HUIMIN_CONFIG": f"{self.folder}/etc", "HUIMIN_DATABASE": self.socket}
        if FORKS and program is None and "LD_PRELOAD" not in variables:
            account = pwd.getpwnam(self.names[who])
            home = {"HOME": str(self.folder / "home" / who)}
            return ran(
                words, cwd="/", env=self.variables() | home | places | variables,
                umask=0o077, user=account.pw_uid, group=account.pw_gid,
                extra_groups=os.getgrouplist(account.pw_name, account.pw_gid),
            )  # fmt: skip
        named = str(program or self.folder / "opt" / "bin" / "huimin")
        return subprocess.run(
            self.command(who, named, *words, **places | variables),
            cwd="/", env=self.variables(), umask=0o077,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    @contextmanager
    def serving(self, mask: int = 0o077) -> Iterator[subprocess.Popen[str]]:
        """Run the desk as its unit does, while its folder of the socket exists."""
        run = self.folder / "run"
        run.mkdir(exist_ok=True)
        shutil.chown(run, self.names["service"], self.names["users"])
        run.chmod(0o750)
        program = str(self.folder / "opt" / "bin" / "huimin")
        environment = {
            "HUIMIN_CONFIG": f"{self.folder}/etc",
            "HUIMIN_DATABASE": f"sqlite:///{self.database}",
        }
        words = ["runuser", "-u", self.names["service"], "-g", self.names["users"]]
        words += ["-G", self.names["users"], "-G", self.names["readers"]]
        words += ["--", "env", *(f"{k}={v}" for k, v in environment.items())]
        with subprocess.Popen(
            [*words, program, "desk", "--port", "0"], cwd="/", env=self.variables(),
            umask=mask, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        ) as service:  # fmt: skip
            assert service.stderr is not None
            try:
                told = service.stderr.readline()
                assert "http://" in told, told + service.stderr.read()
                yield service
            finally:
                os.killpg(service.pid, signal.SIGTERM)
                service.communicate(timeout=90)


@contextmanager
def installed() -> Iterator[Bureau]:
    """Make accounts and install as the how-to says; remove the accounts afterwards."""
    require_tools()
    program, needs = interpreter()
    mark = f"hm{os.getpid()}"
    people = (*POSTS, "stranger", "proxy")
    names = {who: f"{mark}{who[:3]}" for who in (*people, "service")}
    names |= {"users": f"{mark}-users", "readers": f"{mark}-audit"}
    with open_folder() as folder:
        binaries = folder / "opt" / "bin"
        binaries.mkdir(parents=True)
        (folder / "profile.d").mkdir()
        (folder / "home").mkdir()
        lines = "".join(f"export {name}='{value}'\n" for name, value in needs.items())
        huimin = " -c 'from huimin_flow.entry import run; run()'"
        for name, words in (("python", ""), ("huimin", huimin)):
            script = f'#!/bin/sh\n{lines}exec {program}{words} "$@"\n'
            (binaries / name).write_text(script, encoding="utf-8")
        for place in folder.rglob("*"):
            place.chmod(0o755)
        try:
            for who in people:
                made = ["useradd", "--create-home", "-d", str(folder / "home" / who)]
                subprocess.run([*made, names[who]], check=True, capture_output=True)
            yield Bureau(folder, names)
        finally:
            for command in [
                *(["userdel", names[who]] for who in (*people, "service")),
                *(["groupdel", names[group]] for group in ("users", "readers")),
            ]:
                subprocess.run(command, check=False, capture_output=True)


def with_posts(bureau: Bureau) -> None:
    """Give the people their posts, as the how-to says, and set up the desk."""
    etc = bureau.folder / "etc"
    organization = etc / "organization.yaml"
    text = organization.read_text("utf-8")
    for who, post in POSTS.items():
        text, count = re.subn(
            rf"^(  - \{{id: {post}, .*)\}}$",
            rf"\1, accounts: [{bureau.names[who]}]}}",
            text,
            flags=re.MULTILINE,
        )
        assert count == 1, post
    organization.write_text(text, encoding="utf-8")
    (desk,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    settings = etc / "huimin.yaml"
    text = settings.read_text("utf-8").replace("desk:\n", bureau.own(desk))
    settings.write_text(text, encoding="utf-8")


def checks(text: str) -> dict[str, dict[str, str]]:
    """Return the checks of ``doctor --json`` by their names."""
    return {check["name"]: check for check in json.loads(text)}
