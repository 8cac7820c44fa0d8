"""The command tree for one-shot commands and the interactive shell.

The tree names each command's module and its act, so that a help page or a command
loads only what it needs. Helps are lines of the catalogue.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence

import click

from huimin_flow.catalogue.acts import ACTS
from huimin_flow.catalogue.commands import COMMANDS
from huimin_flow.catalogue.language import (
    LANGUAGE_OPTION,
    LANGUAGE_VARIABLE,
    Language,
)
from huimin_flow.shell.core.command_line import answer
from huimin_flow.shell.core.usage import Branch, Where

#: By module of a layout (- for none): its commands, words joined by dots, each with
#: the act or question that describes it, if there is one.
_TREE = """
-:
    rectification.open=rectifications.open
    rectification.submit=rectifications.submit
    rectification.accept=rectifications.accept
    rectification.return=rectifications.return_
    rectification.acknowledge=rectifications.acknowledge
    practice.shelve=practices.shelve practice.withdraw=practices.withdraw
    replication.propose=replications.propose replication.remind=replications.remind
    replication.adopt=replications.adopt replication.decline=replications.decline
    replication.recall=replications.recall
    replication.compare=replications.compare
    review.call=reviews.call review.hold=reviews.hold
    review.close=reviews.close
    review.call-off=reviews.call_off decision.make=decisions.decide
    decision.remind=decisions.remind
    decision.report=decisions.report decision.accept=decisions.accept
    decision.return=decisions.return_ decision.drop=decisions.drop
    order.receive=orders.receive order.remind=orders.remind
    order.answer=orders.answer order.return=orders.return_
    order.discharge=orders.discharge order.withdraw=orders.withdraw
    advice.verify=advice.verify advice.adopt=advice.adopt
    advice.decline=advice.decline advice.mend=advice.mend
    advice.return=advice.return_ item.advise=items.advise
    engagement.plan=engagements.plan engagement.answer=engagements.answer
    engagement.decline=engagements.decline
    engagement.complete=engagements.complete
    engagement.follow=engagements.follow
    engagement.call-off=engagements.call_off
    spot-check.answer=spot_checks.answer spot-check.commit=spot_checks.commit
    spot-check.finish=spot_checks.finish
    assessment.accept=assessments.accept
    assessment.return=assessments.return_ assessment.submit=assessments.submit
    assessment.treat=assessments.treat
    item.adjust=items.adjust item.amend=items.amend item.annotate=items.annotate
    item.assign=items.assign
    item.carry-over=items.carry_over
    item.reopen=items.reopen item.respond=items.respond item.return=items.return_
    item.revive=items.revive item.rework=items.rework item.transfer=items.transfer
    item.doubt=items.doubt item.unmerge=items.unmerge
    ledger.reconsider=ledgers.reconsider
    list.arrange=lists.arrange
    list.leave-out=lists.leave_out
    list.drop=lists.drop
    list.supplement=lists.supplement proposal.withdraw=proposals.withdraw
    rating.object=ratings.object_to third-party.amend=third_parties.amend
    third-party.end=third_parties.end third-party.register=third_parties.register
    measure.withdraw=measures.withdraw policy.withdraw=policies.withdraw
acts:
    appeal.add=appeals.add item.attach=items.attach item.cancel=items.cancel
    item.close=items.close item.collect=items.collect item.defer=items.defer
    gather.collect=gathering.collect
    item.evaluate=items.evaluate item.excuse=tasks.excuse
    item.execute=items.execute item.judge=items.judge
    item.link=appeals.link item.merge=items.merge item.progress=tasks.report
    item.reject=items.reject item.screen=items.screen
    item.split=items.split item.star=items.star item.unlink=appeals.unlink
    meeting.amend=meetings.amend
    meeting.hold=meetings.hold meeting.attach=meetings.attach
    review.attach=reviews.attach decision.attach=decisions.attach
    engagement.attach=engagements.attach
    meeting.convene=meetings.convene meeting.begin=meetings.begin
    meeting.put=meetings.put meeting.take-off=meetings.take_off
    meeting.call-off=meetings.call_off meeting.postpone=meetings.postpone
    meeting.close=meetings.close resource.state=resources.state
    resource.cost=resources.cost proposal.approve=proposals.approve
    assessment.request=assessments.request
    rating.answer=ratings.answer rating.settle=ratings.settle
    rating.verify=ratings.verify
    score.correct=scores.correct
audit:
    audit.refusals=records.refusals audit.replay audit.verify
bulk:
    bulk.do bulk.template
core.drafts:
    drafts
core.prompt:
    shell
deciding.ledgers:
    ledger.awaited=ledgers.awaited ledger.changes=ledgers.demand_changes
    ledger.decline=ledgers.decline ledger.demands=ledgers.demands
    ledger.drop=ledgers.drop
    ledger.responses=ledgers.responses ledger.tasks=ledgers.tasks
    ledger.units=ledgers.by_unit
deciding.lists:
    list.editions=lists.editions list.list=lists.list list.preview=lists.preview
    list.confirm=lists.confirm list.confirm-all=lists.confirm_all
    list.consolidate=lists.consolidate list.describe=lists.describe
    list.propose=lists.propose list.publish=lists.publish
    list.open=lists.enter_opening list.show=lists.get
    proposal.list=proposals.list proposal.show=proposals.get
deciding.meetings:
    assessment.findings=assessments.findings
    assessment.list=assessments.list assessment.show=assessments.get
    third-party.list=third_parties.list third-party.show=third_parties.get
    meeting.list=meetings.list meeting.show=meetings.get
    meeting.answers=meetings.answers meeting.funnel=meetings.funnel
    meeting.pack=meetings.pack resource.show=resources.of
upkeep.outbox:
    changes.list=changes.after changes.schema=changes.schema
    changes.cursors=changes.cursors changes.acknowledge=changes.acknowledge
    outbox.abandon=deliveries.abandon outbox.list=deliveries.list
    outbox.retry=deliveries.retry outbox.show=deliveries.destinations
upkeep.clocks:
    clock.confirm=clock.confirm clock.declare=clock.declare clock.show=clock.status
improving.boards:
    rectification.escalate=rectifications.escalate
    rectification.open-listed=rectifications.open_listed
    rating.failings=ratings.failings
    rectification.list=rectifications.list rectification.show=rectifications.get
    practice.list=practices.list practice.show=practices.get
    replication.list=replications.list replication.show=replications.get
    order.list=orders.list order.show=orders.get
    board.list=boards.list board.show=boards.get board.late=boards.late
    board.published=boards.published board.bad=boards.bad_entries
    board.publish=boards.publish board.correct=boards.correct
improving.engagements:
    engagement.correct=engagements.correct engagement.enter=engagements.enter
    engagement.list=engagements.list engagement.redraw=engagements.redraw
    engagement.report=engagements.report engagement.sample=engagements.sample
    engagement.show=engagements.get
improving.spot_checks:
    spot-check.attach=spot_checks.attach
    spot-check.correct=spot_checks.correct
    spot-check.cut=spot_checks.cut spot-check.draw=spot_checks.draw
    spot-check.find=spot_checks.find
    spot-check.list=spot_checks.list spot-check.mine=spot_checks.mine
    spot-check.plan=spot_checks.plan spot-check.record=spot_checks.record
    spot-check.reveal=spot_checks.reveal spot-check.secret=spot_checks.secret
    spot-check.show=spot_checks.show spot-check.void=spot_checks.void
improving.reviews:
    review.list=reviews.list review.show=reviews.get review.pack=reviews.pack
    burden.show=burden.of review.digest=reviews.digest
    decision.list=decisions.list decision.show=decisions.get
    digest.list=digests.list digest.show=digests.get
    digest.editions=digests.editions digest.reached=digests.reached
    digest.reissue=digests.reissue digest.send=digests.send
improving.advice:
    forecast.calibration=forecasts.calibration forecast.cases=forecasts.cases
    advice.list=advice.list advice.show=advice.get item.grounds=items.grounds
executing.feeds:
    feed.amend=feeds.amend feed.business=feeds.business feed.end=feeds.end
    feed.figures=feeds.figures feed.import=feeds.deliver feed.list=feeds.status
    feed.register=feeds.register feed.shares=feeds.shares feed.show=feeds.get
executing.surveys:
    survey.answer=surveys.add_answers survey.call-off=surveys.call_off
    survey.close=surveys.close
    survey.draw=surveys.draw survey.list=surveys.list survey.redraw=surveys.redraw
    survey.sample=surveys.sample survey.set-aside=surveys.set_aside
    survey.show=surveys.get
executing.progress:
    item.reassign=items.reassign
    task.return=tasks.return_ task.retain=tasks.retain
    item.coverage=items.coverage task.returns=tasks.returns
    task.show=tasks.returned task.units=tasks.returns_by_unit
    task.year=tasks.year
    progress.import progress.owing=tasks.owing progress.show=tasks.sheet
    progress.template=tasks.sheet
upkeep.backups:
    backup restore
upkeep.founding:
    demo init
upkeep.keys:
    key.check key.rotate
upkeep.health:
    doctor
items:
    item.files=items.attachments item.history=items.history item.list=items.list
    item.own=items.own
    item.show=items.get item.undo=items.undo meeting.files=meetings.attachments
    review.files=reviews.files decision.files=decisions.files
    engagement.files=engagements.files
next:
    next=items.get
reports:
    report.cockpit report.item report.list report.month report.own report.progress
    report.quarter report.services report.site
rulebook:
    rules.activate=rulebook.activate rules.check rules.diff=rulebook.diff
    rules.show=rulebook.active rules.what-if=rulebook.what_if
scoring.scores:
    score.editions=scores.editions score.explain=scores.explain
    score.month=scores.month score.quarter=scores.ranking
    score.rows=scores.unit_month
sensing.answers:
    answer.batch=answers.batch answer.close=answers.close
    answer.extend=answers.extend answer.give=answers.give
    answer.give-back=answers.give_back answer.list=answers.list
    answer.preview=answers.proposal answer.proposals=answers.proposals
    answer.rates=answers.rates answer.reopen=answers.reopen
    answer.show=answers.get answer.to-close=answers.to_close
    answer.transfer=answers.transfer appeal.receipt=appeals.receipt
    appeal.receipt-of=appeals.receipt_of
sensing.appeals:
    appeal.list=appeals.list appeal.show=appeals.trail
    appeal.stages=appeals.by_life_stage appeal.ways=appeals.ways
    appeal.read=appeals.read appeal.readings=appeals.readings
    person.erase=appeals.erase
sensing.gathering:
    gather.list=gathering.list gather.run=gathering.run gather.yes=gathering.yes
    gather.no=gathering.no gather.later=gathering.later gather.join=gathering.join
    gather.members=gathering.members
    gather.undo=gathering.undo gather.explain=gathering.explain
    gather.groups=gathering.groups gather.repeating=gathering.repeating
    gather.verdicts=gathering.verdicts
sensing.screening:
    measure.amend=measures.amend measure.compare=measures.compare
    measure.list=measures.list measure.register=measures.register
    measure.show=measures.get
    policy.amend=policies.amend policy.list=policies.list
    policy.register=policies.register policy.review=policies.review
    policy.reviews=policies.reviews policy.show=policies.get
    appeal.suggest=appeals.suggest item.suggest=items.suggest
    screening.list=screening.list
    screening.referred=screening.referred screening.rounds=screening.rounds
    screening.run=screening.run screening.show=screening.get
sensing.imports:
    appeal.export=appeals.list appeal.import appeal.profile
sensing.points:
    point.add=points.add point.close=points.close point.coverage=points.coverage
    point.import=points.add_all point.list=points.list point.move=points.move
    point.show=points.get
services.imports:
    rating.import=ratings.add
services.ratings:
    rating.bad=ratings.bad rating.callback=ratings.callback_rate
    rating.coverage=ratings.coverage rating.items=ratings.service_items
    rating.savings=ratings.savings rating.show=ratings.by
upkeep.timetable:
    desk outbox.send scheduler timetable.calls=tasks.calls timetable.due timetable.list
    timetable.run timetable.status
todo:
    item.explain=items.possible permissions todo=people.todo whoami
"""


def places() -> Iterator[tuple[str, Where]]:
    """Yield group and place of each command."""
    module = ""
    for word in _TREE.split():
        if word.endswith(":"):
            module = word.strip(":-")
            continue
        path, _, act = word.partition("=")
        pair = COMMANDS.get(path) or ACTS[act]
        yield path.rpartition(".")[0], (module, path.replace(".", " "), act, pair[0])


def _branch(name: str, places: Sequence[Where]) -> Branch:
    """Return a group of commands."""
    commands = {place[1].split()[-1]: place for place in places}
    return Branch(name, help=COMMANDS[name][0], places=commands)


_GROUPS: dict[str, list[Where]] = {}
for _group, _place in places():
    _GROUPS.setdefault(_group, []).append(_place)

huimin = _branch("huimin", _GROUPS.pop(""))
click.version_option(package_name="huimin-flow", message="%(version)s")(huimin)
click.option(
    LANGUAGE_OPTION,
    type=click.Choice([word.value for word in Language], case_sensitive=False),
    envvar=LANGUAGE_VARIABLE,
    show_envvar=True,
    expose_value=False,
    help="语言:zh 中文(默认),en 英文;可写在命令的任何位置。",
)(huimin)
for _group, _below in _GROUPS.items():
    huimin.add_command(_branch(_group, _below))


def invoke(arguments: list[str], *, piped: bool = False) -> int:
    """Run a line of the tree; see ``command_line.answer``."""
    return answer(huimin, arguments, piped=piped)


def run(arguments: list[str] | None = None) -> None:
    """Run the process's command line and exit with its code."""
    words = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # escape what it cannot write
            stream.reconfigure(errors="backslashreplace")
    code = invoke(words, piped=sys.stdin is not None and not sys.stdin.isatty())
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        # It was told; the interpreter must not try again, and exit with another code.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
