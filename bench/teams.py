"""Processes that act in a loop at the same time, each on an item of its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bench.harness import Sample

#: What a process of a team does: it opens the place it is told, and calls ``loop``.
Work = Callable[[Connection, str, str], None]


@dataclass(frozen=True)
class Turn:
    """What one process did in a turn: its acts, its worst wait, its CPU seconds."""

    acts: int
    worst: float
    cpu: float


def loop(end: Connection, act: Callable[[int], object]) -> None:
    """Do acts for as long as each message says, and answer with a turn."""
    k = 0
    act(k)
    end.send(None)
    while seconds := end.recv():
        acts, worst, busy, now = 0, 0.0, time.process_time(), time.perf_counter()
        until = now + seconds
        while now < until:
            k += 1
            act(k)
            acts += 1
            begun, now = now, time.perf_counter()
            worst = max(worst, now - begun)
        end.send(Turn(acts, worst, time.process_time() - busy))


def in_turns(
    teams: Mapping[str, tuple[Work, str, Sequence[str]]], seconds: float, blocks: int
) -> dict[str, list[list[Turn]]]:
    """Let teams of processes act by turns; return each team's turns, block by block.

    A team is its work, its place (a file or a URL), and an item for each process.
    """
    context = multiprocessing.get_context("spawn")
    ends: dict[str, list[Connection]] = {}
    processes = []
    for name, (work, place, items) in teams.items():
        ends[name] = []
        for item in items:
            end, other = context.Pipe()
            process = context.Process(
                target=work, args=(other, place, item), daemon=True
            )
            process.start()
            other.close()  # if the process fails, its end is closed and we hear of it
            processes.append(process)
            ends[name].append(end)
        for end in ends[name]:
            end.recv()
    done: dict[str, list[list[Turn]]] = {name: [] for name in teams}
    for block in range(blocks):
        for name in list(teams)[:: 1 if block % 2 else -1]:
            for end in ends[name]:
                end.send(seconds)
            done[name].append([end.recv() for end in ends[name]])
    for end in (end for some in ends.values() for end in some):
        end.send(0.0)
    for process in processes:
        process.join()
    return done


def samples(turns: Sequence[Sequence[Turn]], seconds: float) -> list[Sample]:
    """Return the time of an act in each block, by what the whole team did."""
    made = []
    for block in turns:
        acts = max(1, sum(turn.acts for turn in block))
        made.append(Sample(sum(turn.cpu for turn in block) / acts, seconds / acts))
    return made
