"""Turns of those who write to one SQLite file, and commits that acts share (P2).

SQLite lets one write at a time and has no queue: who tries again first is next, and
another may wait for seconds. Here the processes queue for a lock file beside the
database, and the threads of one engine queue within the process. Acts that wait
together share one transaction: each is undone alone if it is refused, and acknowledged
after the commit. A host's own transaction does not queue.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import StoreBusy
from huimin_flow.store.core.driver import command, commit, is_begun, rollback

T = TypeVar("T")

#: How long others may join a transaction after its begin, in seconds; those who acted
#: in it wait for its commit.
_JOINING = 0.03

#: How long a process waits in the queue, in seconds.
_LONGEST = 10.0


class Turns:
    """The queue of one engine's writers; its first has the lock file.

    ``take`` begins a transaction for writing, and ``give`` gets its connection back.
    """

    def __init__(
        self,
        path: Path,
        take: Callable[[], Connection],
        give: Callable[[Connection], None],
    ) -> None:
        """Store where the file is, and what begins and ends a transaction."""
        self.file = LockFile(path.with_name(path.name + "-queue"), path)
        self._take, self._give = take, give
        self._mutex = threading.Lock()
        self._queue: deque[_Place] = deque()
        self._occupied = False

    def act(self, work: Callable[[Connection], T], until: float) -> T:
        """Do ``work`` in a transaction, its own or one that others have begun.

        ``until`` is the end of all waiting, by the monotonic clock.

        Raises:
            StoreBusy: if it is not this act's turn until then.
            DBAPIError: for a failure of the database, also of the shared commit.

        """
        group = self._wait(until, alone=False) or self._begin(until)
        try:
            result = group.do(work)
        finally:
            self._go_on(group)
        group.wait()
        return result

    def begin(self, until: float) -> Group:
        """Begin a transaction that nobody joins; ``end`` ends it.

        Raises:
            StoreBusy: if it is not this writer's turn until then.

        """
        self._wait(until, alone=True)
        return self._begin(until)

    def end(self, group: Group, *, undo: bool) -> None:
        """Commit or undo a transaction of ``begin``, and call the next writer."""
        try:
            if undo:
                rollback(group.connection)
            else:
                group.end()
        except BaseException:
            with suppress(DBAPIError):
                rollback(group.connection)
            raise
        finally:
            self._leave(group)

    def _wait(self, until: float, *, alone: bool) -> Group | None:
        """Return the open transaction to join, or None to begin one."""
        with self._mutex:
            if not self._occupied:
                self._occupied = True
                return None
            place = _Place(alone=alone)
            self._queue.append(place)
        try:
            called = place.called.wait(max(0.0, until - time.monotonic()))
        except BaseException:
            if self._called_meanwhile(place):
                self._go_on(place.group)
            raise
        if not called and not self._called_meanwhile(place):
            raise StoreBusy(StoreCode.BUSY)
        return place.group

    def _called_meanwhile(self, place: _Place) -> bool:
        """Leave the queue; tell whether it is this place's turn already."""
        with self._mutex:
            if place in self._queue:
                self._queue.remove(place)
                return False
        return True

    def _begin(self, until: float) -> Group:
        try:
            self.file.acquire(until)
            try:
                return Group(self._take(), until)
            except BaseException:
                self.file.release()
                raise
        except BaseException:
            self._call_next()
            raise

    def _go_on(self, group: Group | None) -> None:
        """Let the next in the queue join an open transaction, or end it."""
        if group is not None:
            with self._mutex:
                joins = group.is_open() and self._queue and not self._queue[0].alone
                place = self._queue.popleft() if joins else None
            if place is not None:
                place.group = group.shared()
                place.called.set()
                return
            try:
                group.commit()
            finally:
                self._leave(group)
            return
        self._call_next()

    def _leave(self, group: Group) -> None:
        """Give the connection and the lock file back, and call the next writer."""
        try:
            self._give(group.connection)
        finally:
            self.file.release()
            self._call_next()
            if group.ended is not None:
                group.ended.set()

    def close(self) -> None:
        """Remove the lock file, unless somebody writes."""
        with self._mutex:
            if not self._occupied:
                self.file.remove()

    def _call_next(self) -> None:
        with self._mutex:
            place = self._queue.popleft() if self._queue else None
            self._occupied = place is not None
        if place is not None:
            place.called.set()


class _Place:
    """A place in the queue: ``group`` is the transaction to join, if there is one."""

    def __init__(self, *, alone: bool) -> None:
        self.alone = alone
        self.called = threading.Event()
        self.group: Group | None = None


class Group:
    """The acts that share one transaction and its commit."""

    def __init__(self, connection: Connection, until: float) -> None:
        """Store the connection of a transaction that has just begun.

        Its commit waits for readers until then, by the monotonic clock.
        """
        self.connection = connection
        self._deadline = until
        self.ended: threading.Event | None = None
        self._failure: BaseException | None = None
        self._acts = 0
        self._until = time.monotonic() + _JOINING

    def shared(self) -> Group:
        """Return the group, whose acts wait for each other from now on."""
        self.ended = self.ended or threading.Event()
        return self

    def is_open(self) -> bool:
        """Tell whether another act may join."""
        early = time.monotonic() < self._until
        return self._acts > 0 and self._failure is None and early

    def do(self, work: Callable[[Connection], T]) -> T:
        """Do one act completely or not at all; the acts before it stay."""
        try:
            if self._acts:
                command(self.connection, "SAVEPOINT huimin_act")
            result = work(self.connection)
            if self._acts:
                command(self.connection, "RELEASE huimin_act")
        except BaseException as failure:
            self._undo(failure)
            raise
        self._acts += 1
        return result

    def _undo(self, failure: BaseException) -> None:
        """Undo the act that failed; a full disk ends the whole transaction."""
        if not self._acts:
            with suppress(DBAPIError):
                rollback(self.connection)
        elif is_begun(self.connection):
            try:
                command(self.connection, "ROLLBACK TO huimin_act")
                command(self.connection, "RELEASE huimin_act")
            except DBAPIError as broken:
                self._failure = broken
        else:
            self._failure = failure

    def commit(self) -> None:
        """Commit what was done; a failure is raised by ``wait`` of each act."""
        try:
            if self._acts and self._failure is None:
                self.end()
        except Exception as failure:  # noqa: BLE001 - each act's own caller gets it
            self._failure = failure
        except BaseException:
            if is_begun(self.connection):  # it was interrupted before the commit
                self._failure = StoreBusy(StoreCode.BUSY)
            raise
        finally:
            if self._failure is not None:
                with suppress(DBAPIError):
                    rollback(self.connection)

    def end(self) -> None:
        """Commit the transaction.

        Raises:
            DBAPIError: for a failure of the database.

        """
        commit(self.connection, self._deadline - time.monotonic())

    def wait(self) -> None:
        """Wait until the acts are committed.

        Raises:
            BaseException: the failure of the commit; then no act was recorded.

        """
        if self.ended is not None:
            self.ended.wait()
        if self._failure is not None:
            raise self._failure


class LockFile:
    """A file for whose lock the writers of all processes queue.

    Where it can't be made or locked, nobody queues: a folder that is
    read-only, a network folder without locks, a file of another account. Then SQLite's
    own lock decides, as it does for who has waited very long: the queue gives order and
    nothing else. A process that dies loses its lock, and its file stays empty.
    """

    def __init__(self, path: Path, database: Path) -> None:
        """Store where the file is; it is opened for the first writer."""
        self._path, self._database = path, database
        self._descriptor: int | None = None

    def acquire(self, until: float) -> None:
        """Lock the file, after those who came before; wait for them until then."""
        until = min(until, time.monotonic() + _LONGEST)
        while (descriptor := self._open()) is not None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._descriptor = None
                if not _locked(descriptor, until):
                    return  # its holder was stopped, or holds it on purpose
                self._descriptor = descriptor
            except OSError:  # this file system has no such locks
                return
            if os.fstat(descriptor).st_nlink:
                return
            self._close()  # who closed last had removed the file that was open here

    def release(self) -> None:
        """Let the next process write."""
        if self._descriptor is not None:
            with suppress(OSError):
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def remove(self) -> None:
        """Close the file, and remove it unless another process uses it."""
        if self._descriptor is None:
            return
        with suppress(OSError):
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._path.unlink(missing_ok=True)
        self._close()

    def forget(self) -> None:
        """Close the file in a forked child, and leave its lock to the parent."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _close(self) -> None:
        self.release()  # a forked child may have the file open, too
        self.forget()

    def _open(self) -> int | None:
        if self._descriptor is None:
            flags = os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
            with suppress(OSError):
                # Who may write to the database may queue for it; a reader's lock
                # would make writers wait.
                writers = self._database.stat().st_mode & 0o222
                mode = writers | writers << 1
                self._descriptor = os.open(self._path, flags, mode)
                made = os.fstat(self._descriptor)
                if made.st_uid == os.geteuid() and made.st_mode & 0o777 != mode:
                    os.fchmod(self._descriptor, mode)  # the umask took some of it
        return self._descriptor


def _locked(descriptor: int, until: float) -> bool:
    """Lock a file that another process has; return False if it isn't free until then.

    Only a lock that waits keeps the order of the queue, and it has no deadline: it
    waits in a thread, which closes the file if nobody waits for it any more.
    """
    mutex, answered = threading.Lock(), threading.Event()
    waits = [True]

    def lock() -> None:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        with mutex:
            if waits[0]:
                answered.set()
                return
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)

    threading.Thread(target=lock, name="huimin-queue", daemon=True).start()
    try:
        answered.wait(max(0.0, until - time.monotonic()))
    finally:
        with mutex:
            waits[0] = answered.is_set()
    return waits[0]
