"""What the settings of the outbox accept, and where secrets may stand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import SenderKind
from huimin_flow.errors import ConfigRefused, StoreRefused
from huimin_flow.settings import load_settings
from huimin_flow.settings.outbox import (
    DestinationSettings,
    OutboxSettings,
    secret_of,
)

PORTAL = '{name: portal, sender: webhook, url: "https://a.cn/x"}'


def settings_of(config: Path, tmp_path: Path, text: str) -> OutboxSettings:
    shutil.copy(config / "huimin.yaml", tmp_path)
    with (tmp_path / "huimin.yaml").open("a", encoding="utf-8") as file:
        file.write(f"outbox:\n{text}\n")
    return load_settings(tmp_path).outbox


def test_a_destination_is_read_with_its_limits(config: Path, tmp_path: Path) -> None:
    text = f"  hosts: [a.cn, 10.1.0.0/16, '::1']\n  destinations: [{PORTAL}]"
    read = settings_of(config, tmp_path, text)
    assert read.destinations[0].sender is SenderKind.WEBHOOK
    assert read.attempts.source == "ours"


def test_a_listed_network_and_this_machine_may_be_named(
    config: Path, tmp_path: Path
) -> None:
    url = "http://{}/"
    named = [url.format(host) for host in ("10.1.2.3", "127.0.0.1:8000", "[::1]:80")]
    lines = [
        f"{{name: d{n}, sender: webhook, url: '{u}'}}" for n, u in enumerate(named)
    ]
    text = f"  hosts: [10.1.0.0/16]\n  destinations: [{', '.join(lines)}]"
    read = settings_of(config, tmp_path, text)
    assert [each.url for each in read.destinations] == named


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("  hosts: ['http://a.cn']", "hosts"),
        ("  hosts: ['*.cn']", "hosts"),
        (f"  destinations: [{PORTAL}]", "hosts 里没有列明 a.cn"),
        ("  hosts: [10.1.0.0/16]\n  destinations: [{name: a, sender: webhook, url: 'http://10.2.0.1/'}]", "10.2.0.1"),
        ("  hosts: [a.cn]\n  destinations: [{name: a, sender: mail, host: b.cn, mail_from: a@b.cn, recipients: {'500101': 'a@b.cn'}}]", "b.cn"),
        ("  lease_seconds: {value: 20, source: ours}", "lease_seconds"),
        ("  destinations: [{name: Portal, sender: file, folder: /a}]", "name"),
        (f"  destinations: [{PORTAL}, {PORTAL}]", "name"),
        ("  destinations: [{name: a, sender: file}]", "folder"),
        ("  destinations: [{name: a, sender: file, folder: out}]", "folder"),
        ("  destinations: [{name: a, sender: webhook}]", "url"),
        ("  destinations: [{name: a, sender: webhook, url: 'ftp://a.cn'}]", "url"),
        ("  destinations: [{name: a, sender: webhook, url: 'https://u:p@a.cn'}]", "url"),
        ("  destinations: [{name: a, sender: webhook, url: 'https://a.cn/ x'}]", "url"),
        ("  destinations: [{name: a, sender: webhook, url: 'https://a.cn:x'}]", "url"),
        ("  destinations: [{name: a, sender: mail, host: a.cn}]", "recipients"),
        (("  destinations: [{name: a, sender: mail, host: a.cn, mail_from: a@b.cn,"
         " recipients: {'500101': 'a@b.cn\\n'}}]"), "recipients"),
        ("  destinations: [{name: a, sender: file, folder: /a, kinds: [moon]}]", "kinds"),
        ("  destinations: [{name: a, sender: file, folder: /a, password: x}]", "password"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_by_its_place(
    config: Path, tmp_path: Path, text: str, place: str
) -> None:
    with pytest.raises(ConfigRefused) as refused:
        settings_of(config, tmp_path, text)
    assert place in str(refused.value)


def test_a_secret_stands_in_the_environment_or_a_closed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    portal = DestinationSettings(
        name="my-portal", sender=SenderKind.WEBHOOK, secret_file=str(file)
    )
    with pytest.raises(StoreRefused):
        secret_of(portal)
    file.write_text("k" * 32 + "\n")
    file.chmod(0o640)
    with pytest.raises(StoreRefused):
        secret_of(portal)
    file.chmod(0o600)
    assert secret_of(portal) == b"k" * 32
    file.write_text("k" * 31)
    with pytest.raises(StoreRefused, match="32"):
        secret_of(portal)
    monkeypatch.setenv("HUIMIN_OUTBOX_MY_PORTAL", "e" * 32)
    assert secret_of(portal) == b"e" * 32
