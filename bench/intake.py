"""The intake of appeals from a csv file beside the bare loop of its work.

Each block takes in an export of work orders, in files that grow alike:

- ``bare``: one loop that reads each row with the csv module, and the time; searches
  it for numbers of persons; makes the pseudonym, a data key and its wrapping, the
  sealed content, both hashes and the Merkle root. It checks nothing else, resolves no
  place, makes no keyed hashes for what gathers appeals, and stores nothing;
- ``ours``: the command that an operator runs, with every check, the rows and indexes,
  and the event.
"""

from __future__ import annotations

import csv
import hmac
import io
import os
from contextlib import redirect_stdout
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench import order_files as orders
from bench import worlds
from bench.harness import Line, Size, Variant, compare, run, turns
from huimin_flow.clock import SHANGHAI
from huimin_flow.flow import Flow
from huimin_flow.model.core.canonical import merkle_root
from huimin_flow.model.core.texts import accepted_all
from huimin_flow.personal import names_a_person
from huimin_flow.settings import load_rulebook
from huimin_flow.shell.main import invoke
from huimin_flow.store.core.history import moment_text

CONFIG = Path(__file__).parent.parent / "config"


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the line of the intake."""
    pieces = size.pick(20_000, 200)
    sources = []
    for block in range(size.blocks + 1):
        sources.append(folder / f"{block}.csv")
        orders.write(sources[-1], pieces, first=block * pieces)
    into = folder / "ours.db"
    found(into)
    variants = [
        Variant("bare", partial(bare, sources), pieces),
        Variant("ours", partial(brought, sources, into), pieces),
    ]
    samples = turns(variants, size.blocks)
    line = compare(
        "intake of appeals", samples, "ours", "bare",
        by="CPU", faster=True, bound=0.5,
    )  # fmt: skip
    return [line]


def found(into: Path) -> None:
    """Found the database of a bench."""
    book = load_rulebook(CONFIG)
    Flow.found(worlds.url_of(into), book, rehearsal=True).close()


def brought(sources: list[Path], into: Path, block: int) -> None:
    """Take in the file of a block by the very command that an operator runs."""
    words = ["appeal", "import", str(sources[block]), "--profile", "hotline-12333"]
    with redirect_stdout(io.StringIO()) as said:
        code = invoke([*words, "--by", "office-1", "--db", str(into)])
    if code:
        raise SystemExit(said.getvalue())


def bare(sources: list[Path], block: int) -> str:
    """Do the work of each row of a file, and nothing else; return the root."""
    master, secret, leaves = AESGCM(os.urandom(32)), os.urandom(32), []
    ciphers: dict[str, AESGCM] = {}
    with sources[block].open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for line, row in enumerate(rows, 1):
            key, text = row[orders.KEY], row[orders.TEXT].strip()
            at = datetime.fromisoformat(row[orders.AT]).replace(tzinfo=SHANGHAI)
            if names_a_person(f"{key}|{row[orders.DISTRICT]}"):
                raise SystemExit(f"order {key} names a person")
            texts = [text, row[orders.TITLE], row[orders.NAME], row[orders.ADDRESS]]
            if accepted_all(texts, 20_000, lines=True) is None:
                raise SystemExit(f"order {key} has an unfit text")
            who, phone = "", row[orders.PHONE]
            if phone:
                trait = f"phone/{phone}".encode()
                who = "k" + hmac.digest(secret, trait, "sha256").hex()[:24]
            subject = f"who/{who}" if who else f"appeal/hotline_12333/{key}"
            cipher = ciphers.get(subject)
            random = os.urandom(32 + 12 + 16 + 12)
            if cipher is None:
                master.encrypt(random[32:44], random[:32], subject.encode())
                cipher = ciphers[subject] = AESGCM(random[:32])
            salt, nonce = random[44:60], random[60:]
            said = {
                "contact": {
                    "address": row[orders.ADDRESS], "identity": row[orders.IDENTITY],
                    "name": row[orders.NAME], "other": "", "phone": phone,
                },
                "salt": salt.hex(), "text": text, "title": row[orders.TITLE],
            }  # fmt: skip
            plain = orjson.dumps(said)
            cipher.encrypt(nonce, plain, f"hotline_12333\0{key}".encode())
            promise = sha256(b"\x02" + salt + plain)
            kept = {
                "at": moment_text(at), "batch": block, "channel": "hotline_12333",
                "district": row[orders.DISTRICT], "key": key, "life_stage": "all",
                "line": line, "text_commitment": promise.hexdigest(),
                "town": "", "village": "", "who": who,
            }  # fmt: skip
            leaves.append(sha256(b"\x00" + orjson.dumps(kept)).digest())
    return merkle_root(leaves).hex()


if __name__ == "__main__":
    run(measure)
