"""What citizens are called, where they live and how to reach them is nowhere (X1).

Planted names, addresses and numbers go through intake, linking, reading, erasure,
pages, exports and a backup. Then every file that was written is searched for them,
in each way in which a file may have a text.
"""

from __future__ import annotations

import io
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.sensing.appeals import Appeal, Contact
from huimin_flow.shell.main import invoke

NAME, STREET = "欧阳菁萍", "翠屏巷牡丹楼9栋2单元"
PHONE, IDENTITY = "13983571246", "500101198604127351"
#: The same number in full-width digits.
WIDE = "".join(chr(ord(digit) + 0xFEE0) for digit in PHONE)
CARD, PLATE, MAIL = "6222021234567890123", "渝A8K952", "ouyang.jp@163.com"
#: What identifies, in the forms in which it is planted.
PLANTED = (
    NAME, STREET, PHONE, "139-8357-1246", "139 8357 1246", IDENTITY, CARD, PLATE,
    MAIL, WIDE,
)  # fmt: skip
TEXT = (
    f"我是{NAME},住{STREET},电话139-8357-1246或{WIDE},"
    f"身份证{IDENTITY},卡号{CARD},车牌{PLATE},邮箱{MAIL},候工没有地方躲雨"
)


def forms(planted: str) -> Iterator[bytes]:
    """Yield the bytes that a file may have of a text."""
    for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        yield planted.encode(code)
    for escaped in (json.dumps(planted)[1:-1], ascii(planted)[1:-1]):
        yield escaped.encode()


def found(folder: Path, *but: Path) -> list[tuple[str, str]]:
    """Return each file below a folder with what is planted in it."""
    return [
        (str(file.relative_to(folder)), planted)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file not in but
        for content in [file.read_bytes()]
        for planted in PLANTED
        if any(form in content for form in forms(planted))
    ]


class Day:
    """A working day in a folder of its own, in which every command says ``said``."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.folder, self.config = folder, config
        self.database = folder / "huimin.db"
        self.said = folder / "said.txt"

    def run(self, *words: str, code: int = 0, kept: bool = True) -> str:
        """Run a command; ``kept`` says that what it shows may be kept anywhere."""
        places = ["--db", str(self.database), "--config", str(self.config)]
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(out):
            assert invoke([*words, *places]) == code, out.getvalue()
        if kept:
            with self.said.open("a", encoding="utf-8") as said:
                said.write(out.getvalue())
        return out.getvalue()


@pytest.fixture
def day(tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch) -> Day:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("HUIMIN_KEY")
    made = Day(tmp_path, config)
    made.run("init", "--rehearsal")
    return made


def told(key: str, channel: str = "media") -> Appeal:
    contact = Contact(name=NAME, phone=PHONE, identity=IDENTITY, address=STREET)
    return Appeal(
        key=key, channel=channel, district="500101", title=f"{NAME}反映躲雨",
        text=TEXT, contact=contact,
    )  # fmt: skip


def brought_in(day: Day, theirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bring appeals in by each door, and let each door refuse one."""
    with Flow.open(f"sqlite:///{day.database}") as flow:
        office = flow.people.actor("office-1")
        flow.appeals.add_all([told(f"A{n}") for n in range(40)], by=office)
        flow.once("r-1").appeals.add(told("R1"), by=office)
        refused = flow.appeals.add_all([told("X", "nowhere")], by=office).refused
        assert refused
        assert NAME not in repr((refused, told("X")))
    contact = day.folder / "contact.json"
    contact.write_text(json.dumps({"name": NAME, "phone": PHONE}), encoding="utf-8")
    words = ["appeal", "add", "--by", "office-1", "--channel", "media"]
    words += ["--district", "500101"]
    day.run(*words, "--key", "B1", "--text", TEXT, "--contact", str(contact))
    day.run(*words, "--key", "B2", "--text", TEXT, "--district", "x" * 200, code=1)
    day.run(*words, "--key", "B3", f"--text={TEXT}", "--at", "2999-01-01T08:00", code=1)
    day.run(*words, "--key", "B4", "--text", TEXT, "--nothing", code=2)
    monkeypatch.setattr(sys, "stdin", io.StringIO(TEXT))
    day.run(*words, "--key", "B5", "--text", "-", "--at", "2999-01-01T08:00", code=1)
    contact.unlink()
    # An operator's own file is theirs, and so is that of its refused rows.
    monkeypatch.chdir(theirs)
    rows = [
        f"W1,2023-10-01 10:00,涪陵区,{TEXT.replace(',', ';')},{NAME},{PHONE},{STREET}"
    ]
    rows.append(rows[0].replace("W1", "W2").replace("2023-10", "2999-10"))
    head = "工单编号,来电时间,所属区县,诉求内容,来电人,联系电话,地址"
    Path("orders.csv").write_text("\n".join([head, *rows]), encoding="gb18030")
    day.run("appeal", "import", "orders.csv", "--by", "office-1", code=1)
    day.run("appeal", "import", "orders.csv", "--by", "office-1", "--json", code=1)


def test_nothing_that_is_planted_is_in_any_file(
    day: Day, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    brought_in(day, tmp_path_factory.mktemp("theirs"), monkeypatch)
    act = ["--by", "office-1"]
    day.run(
        "item", "collect", "--title", "缺少遮雨候工区", "--origin", "problem", "--area",
        "employment", "--unit", "500101", *act,
    )  # fmt: skip
    number = json.loads(day.run("item", "list", "--json"))["rows"][0]["number"]
    pairs = [f"media=A{n}" for n in range(30)]
    day.run("item", "link", number, *pairs, *act)
    day.run(
        "item", "screen", number, "--score", "urgency=90", "--score",
        "fundamentality=90", "--yes", *act,
    )  # fmt: skip
    masked = day.run("appeal", "read", "media=A1", "--reason", "挂接", *act)
    assert "躲雨" in masked
    read = ["appeal", "read", "media=A1", "--reason", "答复", "--full"]
    assert NAME in day.run(*read, "--request", "read-1", *act, kept=False)
    assert NAME in day.run(*read, "--request", "read-1", *act, kept=False)
    day.run("appeal", "read", "media=A1", "--reason", f"打{PHONE}", *act, code=1)
    day.run("appeal", "readings")
    day.run("appeal", "list", "--json")
    day.run("appeal", "show", "A1")
    day.run(
        "person",
        "erase",
        "media=B1",
        "--reason",
        "本人要求",
        "--second",
        "office-2",
        *act,
    )
    day.run("report", "site", "--into", str(day.folder / "site"))
    day.run("backup", str(day.folder / "backups"))
    day.run("doctor")
    day.run("audit", "verify", "--json")
    day.run("audit", "refusals", "--json")
    assert len(list((day.folder / "site").rglob("*.html"))) > 3
    assert (day.folder / "state" / "huimin" / "refused.jsonl").exists()
    assert found(day.folder) == []


def test_nothing_is_in_the_journal_while_it_is_written(day: Day) -> None:
    """A transaction that is open has its pages in the journal, or in the log."""
    with Flow.open(f"sqlite:///{day.database}") as flow, flow.whole() as whole:
        office = whole.people.actor("office-1")
        whole.appeals.add_all([told(f"A{n}") for n in range(3000)], by=office)
        own = door_of(whole).connection
        assert own is not None
        own.exec_driver_sql("PRAGMA cache_spill=1")
        assert found(day.folder) == []
        beside = [one.name for one in day.folder.glob("huimin.db-*")]
        assert beside
    assert found(day.folder) == []


def test_the_search_would_find_it_in_each_form(day: Day) -> None:
    """The control: what is planted in the clear is found, also once it is deleted."""
    for n, form in enumerate(forms(NAME)):
        file = day.folder / f"plain{n}.bin"
        file.write_bytes(b"\x00" + form + b"\x00")
        assert found(day.folder) == [(file.name, NAME)]
        file.unlink()
    with sqlite3.connect(day.database) as careless:
        careless.execute("PRAGMA secure_delete=OFF")
        careless.execute("CREATE TABLE notes (body TEXT)")
        careless.execute("INSERT INTO notes VALUES (?)", (TEXT,))
    careless.close()
    assert {planted for _, planted in found(day.folder)} >= set(PLANTED[:2])
