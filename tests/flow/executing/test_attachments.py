"""Attached files: kept by their content, vouched for by the history."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.errors import InputRefused, NotFound, StepRefused, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.items import LARGEST_FILE
from huimin_flow.testing import Desk


def shelved(desk: Desk, number: str, content: bytes = b"photo") -> Path:
    made = desk.flow.items.attach(number, "现场照片.jpg", content, by=desk.operator)
    shelf = door_of(desk.flow).shelf
    assert shelf is not None
    return shelf.folder / made.digest[:2] / made.digest


def test_a_file_comes_back_as_it_was_kept(file_desk: Desk) -> None:
    number = file_desk.collect().number
    made = file_desk.flow.items.attach(
        number, "证明.pdf", b"\x00pdf", by=file_desk.operator
    )
    assert file_desk.flow.items.attached(made.digest) == b"\x00pdf"
    assert file_desk.flow.items.attachments(number) == (made,)
    again = file_desk.flow.items.attach(
        number, "另名.pdf", b"\x00pdf", by=file_desk.operator
    )
    assert again == made


def test_a_name_never_becomes_a_path(file_desk: Desk, tmp_path: Path) -> None:
    number = file_desk.collect().number
    file_desk.flow.items.attach(number, "../../etc/passwd", b"x", by=file_desk.operator)
    assert not (tmp_path.parent / "etc").exists()
    for wrong in ("../huimin.db", "", "a" * 63):
        with pytest.raises(NotFound):
            file_desk.flow.items.attached(wrong)


def test_an_empty_or_too_large_file_is_refused(file_desk: Desk) -> None:
    number = file_desk.collect().number
    for content in (b"", b"x" * (LARGEST_FILE + 1)):
        with pytest.raises(InputRefused):
            file_desk.flow.items.attach(number, "a", content, by=file_desk.operator)
    with pytest.raises(StepRefused):
        file_desk.flow.items.attach(number, "a", b"a", by=file_desk.actor("window-1"))
    assert file_desk.flow.items.attachments(number) == ()


@pytest.mark.parametrize("harm", ["changed", "removed"])
def test_a_file_that_was_touched_is_found(file_desk: Desk, harm: str) -> None:
    flow = file_desk.flow
    path = shelved(file_desk, file_desk.collect().number)
    audit = partial(verify, shelf=door_of(flow).shelf)
    assert door_of(flow).read(audit).clean
    if harm == "changed":
        path.write_bytes(b"other")
    else:
        path.unlink()
    found = door_of(flow).read(audit)
    assert [one.flaw.value for one in found.findings] == ["file_mismatch"]


def test_a_server_needs_a_named_folder(desk: Desk, url: str, tmp_path: Path) -> None:
    number = desk.collect().number
    if door_of(desk.flow).shelf is None:
        with pytest.raises(StoreRefused, match="附件目录"):
            desk.flow.items.attach(number, "a", b"a", by=desk.operator)
    with Flow.open(url, clock=desk.clock, attachments=tmp_path / "files") as flow:
        made = flow.items.attach(number, "a", b"a", by=desk.operator)
        assert flow.items.attached(made.digest) == b"a"
        assert door_of(flow).read(verify).clean
