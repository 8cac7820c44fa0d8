"""A Flow behind a service: the same answers, refusals, moments and trials."""

from __future__ import annotations

import select
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import UnixStreamServer

import pytest

from huimin_flow.catalogue.terms import Criterion, RecordStep, State, Step, Via
from huimin_flow.clock import CommandClock, RehearsalClock, SystemClock
from huimin_flow.errors import (
    HuiminError,
    InputRefused,
    ItemMoved,
    NotFound,
    RequestReused,
    StepRefused,
    StoreBusy,
    StoreRefused,
)
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.testing import Desk
from huimin_flow.timetable import ledger
from tests.desk.serving import Served, serving


@pytest.fixture
def served(file_desk: Desk, tmp_path: Path) -> Iterator[Served]:
    file_desk.frozen(2099)  # the list on which a desk of tests puts its items
    with serving(file_desk.flow, tmp_path / "desk.sock") as service:
        yield service
        assert service.failures == []


@pytest.fixture
def far(served: Served, clock: RehearsalClock) -> Iterator[Desk]:
    """The same desk, whose Flow is a client."""
    with Flow.open(served.url) as flow:
        yield Desk(flow, clock)


@contextmanager
def breaking(path: Path, to: Path, times: int) -> Iterator[None]:
    """Relay connections, and break those of the first acts before their answers."""
    left = [times]

    def relay(client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as service:
            service.connect(str(to))
            acts = False
            while True:
                ready, _, _ = select.select([client, service], [], [])
                data = ready[0].recv(65536)
                if ready[0] is client:
                    if data.startswith((b"GET ", b"POST ")):
                        acts = data.startswith(b"POST /api/acts/")
                    service.sendall(data)
                elif acts and left[0]:
                    left[0] -= 1  # the act is done, and nobody is told
                    return
                else:
                    client.sendall(data)
                if not data:
                    return

    def accept() -> None:
        with suppress(OSError):
            while True:
                thread = threading.Thread(target=relay, args=(own.accept()[0],))
                thread.start()

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as own:
        own.bind(str(path))
        own.listen()
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield
        finally:
            own.shutdown(socket.SHUT_RDWR)
            accepting.join()


def test_an_item_goes_its_whole_way_and_reads_the_same(
    file_desk: Desk, far: Desk
) -> None:
    for state in State:
        item = far.item(state, title=f"事项{state.label}")
        assert item == file_desk.flow.items.get(item.number)
        history = far.flow.items.history(item.number)
        assert history == file_desk.flow.items.history(item.number)
        assert type(history[0]) is type(file_desk.flow.items.history(item.number)[0])
        for by in (far.office, far.operator):
            near = file_desk.flow
            assert far.flow.todo(by) == near.todo(by)
            assert far.flow.items.undo(item.number, by) == near.items.undo(
                item.number, by
            )
            assert far.flow.items.possible(item.number, by) == near.items.possible(
                item.number, by
            )
    assert far.flow.rulebook.active() == file_desk.flow.rulebook.active()
    screened = far.flow.items.list(State.SCREENED, State.JUDGED)
    assert screened == file_desk.flow.items.list(State.SCREENED, State.JUDGED)


def test_files_and_rulebooks_go_both_ways(far: Desk) -> None:
    number, content = far.item().number, bytes(range(256)) * 99
    kept = far.flow.items.attach(number, "附件.bin", content, by=far.operator)
    assert far.flow.items.attached(kept.digest) == content
    book = far.flow.rulebook.active()
    assert far.flow.rulebook.diff(book) == ()
    assert far.flow.rulebook.activate(book, by=far.office, second=far.second)


def test_what_would_be_and_what_two_people_do_reads_the_same(
    file_desk: Desk, far: Desk
) -> None:
    near, flow = file_desk.flow, far.flow
    number = far.item().number
    scores = {Criterion.URGENCY: 80, Criterion.FUNDAMENTALITY: 90}
    assert flow.items.screening(number, scores) == near.items.screening(number, scores)
    far.item(State.STARRED)
    assert flow.lists.preview("2024") == near.lists.preview("2024")
    listed = far.item(State.LISTED).number
    values = {"item": listed, "reason": "not_ours"}
    made = flow.proposals.propose("cancel", values, by=far.office)
    assert flow.proposals.get(made.key) == near.proposals.get(made.key)
    flow.proposals.approve(made.key, made.seen, by=far.second)
    assert near.proposals.waiting() == flow.proposals.waiting() == ()
    assert near.items.get(listed) == flow.items.get(listed)


def test_a_refusal_is_what_the_library_raises(file_desk: Desk, far: Desk) -> None:
    number = far.item(State.SCREENED).number

    def refusals(flow: Flow) -> Iterator[HuiminError]:
        for kind, call in (
            (StepRefused, lambda: flow.items.close(number, by=far.operator)),
            (ItemMoved, lambda: flow.items.return_(
                number, "facts_incomplete", by=far.office, version=1)),
            (NotFound, lambda: flow.items.get("2023-009999")),
            (InputRefused, lambda: flow.records.refusals(limit=0)),
            (HuiminError, lambda: flow.items.evaluate(
                number, by=far.office)),
            (InputRefused, lambda: flow.people.unit("没有")),
            (HuiminError, lambda: flow.lists.preview("2098")),
        ):  # fmt: skip
            with pytest.raises(kind) as refused:
                call()
            yield refused.value

    for near, remote in zip(refusals(file_desk.flow), refusals(far.flow), strict=True):
        assert type(remote) is type(near)
        assert remote.reasons == near.reasons
        assert (str(remote), remote.remedy) == (str(near), near.remedy)
        assert (remote.earliest, getattr(remote, "trace", None)) == (
            near.earliest,
            getattr(near, "trace", None),
        )
    logged = file_desk.flow.records.refusals()
    steps = Counter(refusal.act for refusal in logged)
    assert set(steps.values()) == {2}, steps  # by both, each in the log


def test_a_snapshot_shows_one_moment_whatever_is_recorded_meanwhile(
    file_desk: Desk, far: Desk
) -> None:
    number = far.item().number
    with far.flow.snapshot() as now:
        before = now.items.get(number)
        assert now.items.count() == 1
    far.bring(State.SCREENED)
    with far.flow.snapshot() as later:
        assert later.items.count() == 2
        assert later.moment() == file_desk.clock.now()
        with pytest.raises(AttributeError):
            later.items.reject  # type: ignore[attr-defined]  # noqa: B018
    assert before.number == number
    with pytest.raises(StoreRefused) as refused:
        later.items.count()
    assert refused.value.code == "snapshot_ended"


def test_a_snapshot_on_postgresql_does_not_see_what_comes(
    url: str, desk: Desk, tmp_path: Path
) -> None:
    if not url.startswith("postgresql"):
        pytest.skip("on SQLite a commit waits for the end of a snapshot")
    with (
        serving(desk.flow, tmp_path / "desk.sock") as service,
        Flow.open(service.url) as flow,
        flow.snapshot() as now,
    ):
        assert now.items.count() == 0
        desk.item()
        assert now.items.count() == 0
        assert flow.items.count() == 1


def test_several_acts_are_tried_in_one_transaction_and_undone(far: Desk) -> None:
    number = far.item(State.SCREENED).number
    told = far.flow.items.count(), far.flow.records.last_recorded()
    with far.flow.dry() as dry:
        tried = Desk(dry, far.clock)
        tried.judge(number)
        with dry.snapshot() as now:
            assert now.items.get(number).state is State.JUDGED
        with pytest.raises(StepRefused):
            dry.items.close(number, by=far.office)
        dry.items.reject(number, "duplicate", by=far.office)
        steps = [event.step for event in dry.events()]
        closed = RecordStep.ATTACH, RecordStep.CLOSE
        judged = RecordStep.HOLD, RecordStep.JUDGE, *closed, Step.JUDGE
        assert steps == [*judged, Step.REJECT]
        with pytest.raises(StoreRefused), dry.dry():
            pass
    assert far.flow.items.get(number).state is State.SCREENED
    assert told == (far.flow.items.count(), far.flow.records.last_recorded())
    assert far.flow.records.refusals() == ()


def test_a_session_ends_with_its_time_and_gives_the_lock_back(
    file_desk: Desk, tmp_path: Path
) -> None:
    with (
        serving(file_desk.flow, tmp_path / "desk.sock", seconds=1) as service,
        Flow.open(service.url) as flow,
    ):
        number = file_desk.item().number
        with flow.dry() as dry:
            dry.items.reject(number, "duplicate", by=file_desk.office)
            file_desk.flow.items.amend(  # it waits for the trial's end
                number, {"title": "乙"}, by=file_desk.operator
            )
            with pytest.raises(StoreRefused) as refused:
                dry.items.get(number)
            assert refused.value.code == "desk_session_over"
        assert flow.items.get(number).title == "乙"
        assert service.failures == []


def test_who_leaves_a_session_leaves_no_transaction(
    file_desk: Desk, served: Served
) -> None:
    number = file_desk.item().number
    for _ in range(8):  # more than one may hold at once
        with Flow.open(served.url) as flow, flow.dry() as dry:
            dry.items.reject(number, "duplicate", by=file_desk.office)
    file_desk.flow.items.reject(number, "duplicate", by=file_desk.office)


def test_a_caller_holds_only_some_sessions_at_once(served: Served) -> None:
    with Flow.open(served.url) as flow, ExitStack() as stack:
        held = [stack.enter_context(flow.snapshot()) for _ in range(3)]
        with pytest.raises(StoreBusy) as refused:
            stack.enter_context(flow.snapshot())
        assert refused.value.code == "desk_sessions_full"
        assert [now.items.count() for now in held] == [0, 0, 0]
        assert flow.items.count() == 0


def test_a_lost_answer_is_asked_for_again_and_done_once(
    far: Desk, served: Served, tmp_path: Path
) -> None:
    with (
        breaking(tmp_path / "relay", served.path, times=1),
        Flow.open(f"unix:{tmp_path / 'relay'}") as flow,
    ):
        item = Desk(flow, far.clock).item()
        assert flow.items.list() == [item]
    with (
        breaking(tmp_path / "worse", served.path, times=2),
        Flow.open(f"unix:{tmp_path / 'worse'}") as flow,
    ):
        own = flow.once("r-7").items
        with pytest.raises(StoreRefused) as refused:
            own.reject(item.number, "duplicate", by=far.office)
        assert refused.value.code == "desk_answer_lost"
        assert refused.value.reasons[0].values["request"] == "r-7"
        made = own.reject(item.number, "duplicate", by=far.office)
    assert made == far.flow.items.get(item.number)
    assert len(far.flow.items.history(item.number)) == 2
    with pytest.raises(RequestReused):
        far.flow.once("r-7").items.close(item.number, by=far.office)


def test_named_requests_are_those_of_the_library(far: Desk) -> None:
    number = far.item().number
    with far.flow.acting(far.office, request="r-8") as act:
        act.items.reject(number, "duplicate")
        act.items.reopen(number, "facts_incomplete", second=far.second)
    requests = [line.event.request for line in far.flow.items.history(number)]
    assert requests[1:] == ["r-8", "r-8/2"]


def test_a_service_that_stops_is_named_and_nothing_is_lost(
    file_desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "desk.sock"
    with serving(file_desk.flow, path) as service:
        flow = Flow.open(service.url)
        number = Desk(flow, file_desk.clock).item().number
        now = flow.snapshot()
        held = now.__enter__()
        assert held.items.count() == 1
        now.__exit__(None, None, None)
    with pytest.raises(StoreRefused) as refused:
        flow.items.get(number)
    assert refused.value.code == "desk_not_running"
    with pytest.raises(StoreRefused) as refused:
        flow.once("r-9").items.reject(number, "duplicate", by=file_desk.office)
    assert refused.value.code in {"desk_not_running", "desk_answer_lost"}
    with serving(file_desk.flow, path):
        flow.once("r-9").items.reject(number, "duplicate", by=file_desk.office)
        assert flow.items.get(number).state is State.REJECTED
        flow.close()
        with pytest.raises(StoreRefused) as refused:
            flow.items.get(number)
        assert refused.value.code == "closed"


class _Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"rehearsal": true}')

    def log_message(self, *_: object) -> None:
        pass

    def address_string(self) -> str:
        return "x"


class _Silent(BaseHTTPRequestHandler):
    def handle(self) -> None:
        self.connection.recv(65536)
        self.wfile.write(b"220 mail ready\r\n")


@pytest.mark.parametrize("handler", [_Stranger, _Silent])
def test_the_socket_of_another_server_is_refused(
    tmp_path: Path, handler: type[BaseHTTPRequestHandler]
) -> None:
    path = tmp_path / "other.sock"
    with UnixStreamServer(str(path), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with pytest.raises(StoreRefused) as refused:
            Flow.open(f"unix:{path}")
        server.shutdown()
        thread.join()
    assert refused.value.code == "desk_other_server"


def test_no_socket_is_refused_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(tmp_path / "dead"))
    for name in ("missing", "file", "dead", "long" * 40):
        with pytest.raises(StoreRefused) as refused:
            Flow.open(f"unix:{tmp_path / name}")
        assert refused.value.code == "desk_not_running"
        assert name[:50] in str(refused.value)
        assert refused.value.remedy


def test_what_needs_the_database_itself_is_refused_by_one_code(
    far: Desk, served: Served, book: Rulebook
) -> None:
    def whole() -> None:
        with far.flow.whole():
            pass

    refusal = StepRefused(())
    refusal.trace = {}
    for needs in (
        lambda: ledger.tick(far.flow),
        lambda: far.flow.keep(refusal),
        lambda: Flow.found(served.url, book),
        whole,
    ):
        with pytest.raises(StoreRefused) as refused:
            needs()
        assert refused.value.code == "desk_not_by_service"
    far.flow.settle()


def test_a_reader_cannot_act(far: Desk, served: Served) -> None:
    with Flow.open(served.url, read_only=True) as flow:
        assert flow.items.count() == 0
        with pytest.raises(StoreRefused) as refused:
            Desk(flow, far.clock).item()
        assert refused.value.code == "read_only"


def test_a_rehearsal_is_at_the_clients_moment(far: Desk, served: Served) -> None:
    later = datetime(2023, 11, 1, 1, tzinfo=UTC)
    with Flow.open(served.url, clock=CommandClock(later)) as flow:
        assert flow.moment() == later
        item = Desk(flow, far.clock).item()
        assert flow.items.history(item.number)[0].event.at == later
        with flow.snapshot() as now:
            assert now.moment() == later
    assert far.flow.moment(later + timedelta(1)) == later + timedelta(1)


def test_several_threads_use_one_client(far: Desk) -> None:
    numbers: list[str] = []

    def collect() -> None:
        numbers.extend(far.item(title="甲").number for _ in range(5))

    threads = [threading.Thread(target=collect) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == far.flow.items.count() == 20


def test_a_production_database_believes_no_clock_and_no_actor(
    tmp_path: Path, book: Rulebook
) -> None:
    url = f"sqlite:///{tmp_path / 'own.db'}"
    with (
        Flow.found(url, book) as own,
        serving(own, tmp_path / "desk.sock") as service,
        Flow.open(service.url, clock=SystemClock()) as flow,
    ):
        with pytest.raises(StoreRefused) as refused:
            Flow.open(service.url, clock=CommandClock(datetime(2023, 1, 1, tzinfo=UTC)))
        assert refused.value.code == "clock_given"
        desk = Desk(flow, RehearsalClock(datetime(2023, 1, 1, tzinfo=UTC)))
        for by in (desk.operator, desk.office):  # posts of other accounts
            assert by.via is Via.HOST
            with pytest.raises(StepRefused) as forged:
                flow.meetings.hold(
                    held_on=flow.moment().date(), chair="leader-1", participants=[],
                    agenda=[], minutes="甲", by=by,
                )  # fmt: skip
            assert forged.value.code == "account_without_post"
