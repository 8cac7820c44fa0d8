"""The units and scripts of deploy/ are what their programs accept."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)
def test_systemd_accepts_every_unit(tmp_path: Path) -> None:
    program = tmp_path / "huimin"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/huimin/bin/huimin", str(program))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
         *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"])
def test_a_service_has_its_own_account_and_can_become_no_other(unit: Path) -> None:
    lines = unit.read_text("utf-8").splitlines()
    settings = dict(
        line.split("=", 1) for line in lines if re.match("[A-Z][a-zA-Z]+=", line)
    )
    assert settings["User"] == "huimin"
    assert int(settings["UMask"], 8) & 0o027 == 0o027
    for name, allowed in (
        ("CapabilityBoundingSet", ""),
        ("NoNewPrivileges", "yes"),
        ("ProtectHome", "yes"),
        ("ProtectSystem", "strict"),
        ("RestrictSUIDSGID", "yes"),
    ):
        assert settings[name] == allowed
    # With numbers of its own the service would not know whose a connection is.
    assert "PrivateUsers" not in settings


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_accepts_the_example(tmp_path: Path) -> None:
    text = (
        (DEPLOY / "nginx.conf").read_text("utf-8").replace("/etc/nginx", str(tmp_path))
    )
    (tmp_path / "huimin-secret.conf").write_text(
        'proxy_set_header X-Huimin-Secret "x";'
    )
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x",
         "-keyout", tmp_path / "huimin.key", "-out", tmp_path / "huimin.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    text = text.replace("sso.example.gov.cn", "127.0.0.1")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    text += "".join(f"{kind}_temp_path {tmp_path}/{kind}; " for kind in kinds)
    text += "access_log off;"
    whole = f"error_log stderr; pid {tmp_path}/pid; events {{}} http {{ {text} }}"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    done = subprocess.run(
        ["nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_example_of_a_proxy_overwrites_every_header_that_could_name_a_person() -> (
    None
):
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert "proxy_set_header X-Remote-User $person;" in text
    assert "auth_request_set $person $upstream_http_x_user;" in text
    assert "include /etc/nginx/huimin-secret.conf;" in text
