"""The streams of what is carried out, judged and improved."""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.terms import (
    BoardStep,
    ProposalField,
    RecordStep,
    SpotCheckStep,
    StreamKind,
    TwoPeople,
)
from huimin_flow.model.core.proposals import TwoPersonAct
from huimin_flow.model.executing.feeds import Feed
from huimin_flow.model.executing.plans import Excuse
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.model.executing.tasks import TaskReturn
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.improving.boards import QuarterlyBoards, SupervisionOrder
from huimin_flow.model.improving.digests import Digests
from huimin_flow.model.improving.engagements import Engagement
from huimin_flow.model.improving.rectification import Rectification
from huimin_flow.model.improving.replication import Practice, Replication
from huimin_flow.model.improving.reviews import Decision, ReviewMeeting
from huimin_flow.model.improving.spot_checks import Population, SpotCheck
from huimin_flow.model.scoring.published import (
    MonthlyColors,
    MonthlyScore,
    ProgressCall,
    QuarterlyRanking,
)
from huimin_flow.states import (
    improving,
    records,
    replication,
    reviews,
    spot_checks,
)
from huimin_flow.streams.stream import SEALED, Numbering, Sealed, Stream

_A = ProposalField

IMPROVING: Final = (
    Stream(
        kind=StreamKind.ADVICE,
        value=Advice,
        life=improving.ADVICE,
        numbering=Numbering(digits=2, joint="/"),
    ),
    Stream(
        kind=StreamKind.BOARD,
        value=QuarterlyBoards,
        life=improving.BOARD,
        two_people={
            TwoPeople.PUBLISH_BOARDS: TwoPersonAct(
                step=BoardStep.PUBLISH, act="improving.boards.publish"
            ),
            TwoPeople.CORRECT_BOARDS: TwoPersonAct(
                step=BoardStep.CORRECT,
                needs=(_A.KEY, _A.REASON),
                act="improving.boards.correct",
            ),
        },
    ),
    Stream(
        kind=StreamKind.SUPERVISION_ORDER,
        value=SupervisionOrder,
        life=improving.ORDER,
        numbering=Numbering(digits=4, joint="-"),
    ),
    Stream(
        kind=StreamKind.RECTIFICATION,
        value=Rectification,
        life=improving.RECTIFICATION,
        numbering=Numbering(digits=4, joint="-"),
    ),
    Stream(
        kind=StreamKind.PRACTICE,
        value=Practice,
        life=replication.PRACTICE,
        numbering=Numbering(digits=4, joint="-"),
    ),
    Stream(
        kind=StreamKind.REPLICATION,
        value=Replication,
        life=replication.REPLICATION,
        numbering=Numbering(digits=4, joint="-"),
    ),
    Stream(
        kind=StreamKind.REVIEW_MEETING,
        value=ReviewMeeting,
        life=reviews.REVIEW_MEETING,
        numbering=Numbering(digits=4, joint="-"),
    ),
    Stream(
        kind=StreamKind.DECISION,
        value=Decision,
        life=reviews.DECISION,
        numbering=Numbering(digits=2, joint="/"),
    ),
    Stream(kind=StreamKind.DIGEST, value=Digests, life=reviews.DIGEST),
    Stream(
        kind=StreamKind.EXCUSE,
        value=Excuse,
        life=records.EXCUSE,
        numbering=Numbering(digits=4, joint="/"),
    ),
    Stream(kind=StreamKind.FEED, value=Feed, life=improving.FEED),
    Stream(
        kind=StreamKind.SPOT_CHECK,
        value=SpotCheck,
        life=spot_checks.SPOT_CHECK,
        numbering=Numbering(digits=4, joint="-"),
        two_people={
            TwoPeople.CORRECT_FINDING: TwoPersonAct(
                step=SpotCheckStep.CORRECT,
                needs=(_A.KEY, _A.CHECKED, _A.SEVERITY, _A.REASON),
                may=(),
                act="improving.spot_checks.checking.correct",
            )
        },
        sealed=Sealed(states=SEALED[StreamKind.SPOT_CHECK]),
    ),
    Stream(
        kind=StreamKind.SPOT_POPULATION,
        value=Population,
        life=spot_checks.POPULATION,
        sealed=Sealed(states=SEALED[StreamKind.SPOT_POPULATION]),
    ),
    Stream(
        kind=StreamKind.TASK_RETURN,
        value=TaskReturn,
        life=improving.TASK_RETURN,
        numbering=Numbering(digits=2, joint="/"),
    ),
    Stream(
        kind=StreamKind.SURVEY,
        value=Survey,
        life=improving.SURVEY,
        numbering=Numbering(digits=2, joint="/"),
    ),
    Stream(
        kind=StreamKind.ENGAGEMENT,
        value=Engagement,
        life=reviews.ENGAGEMENT,
        numbering=Numbering(digits=2, joint="/"),
    ),
    Stream(
        kind=StreamKind.SCORE,
        value=MonthlyScore,
        life=records.SCORE,
        two_people={
            TwoPeople.CORRECT: TwoPersonAct(
                step=RecordStep.CORRECT,
                about=_A.KEY,
                needs=(_A.KEY, _A.REASON),
                may=(_A.COLORS,),
                act="scoring.published.correct",
            )
        },
    ),
    Stream(kind=StreamKind.COLORS, value=MonthlyColors, life=records.COLORS),
    Stream(kind=StreamKind.RANKING, value=QuarterlyRanking, life=records.RANKING),
    Stream(kind=StreamKind.PROGRESS_CALL, value=ProgressCall, life=records.CALL),
    Stream(kind=StreamKind.PROGRESS_CHASE, value=ProgressCall, life=records.CALL),
)
