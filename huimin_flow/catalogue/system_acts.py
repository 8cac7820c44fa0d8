"""What the acts and questions about the engine itself do, in both languages."""

from __future__ import annotations

from typing import Final

#: As ``acts.ACTS``: a line of each language for people, rulebook, clock, records and
#: proposals.
SYSTEM_ACTS: Final = """\
people.actor 一个岗位的经办人。
    Actor of a post.
people.unit 文字所指的单位。
    Unit that a text means.
people.identify 账户的岗位。
    Post of an account.
people.todo 等着您办的事,连同期限;先到期的在前。
    List what waits for you, earliest deadline first.
rulebook.active 查看启用中的规则库:何时由谁启用,有哪些部分;全部内容用 --json。
    Show the active rulebook: since when, by whom, its parts; --json has all.
rulebook.effects 若启用这份规则库,正在形成的清单会有什么变化;不作任何记录。
    What a rulebook would change in the coming lists; nothing is recorded.
rulebook.what_if 若当时就用这份规则库,已公布的得分、颜色、名次、榜单和清单会有什么不同。
    What another rulebook would have changed in what was published.
rulebook.diff config/ 与启用中的规则库有何不同:逐项列出由何改为何。
    List how config/ differs from the active rulebook.
rulebook.activate 由两人启用 config/ 中的规则库。
    Activate the rulebook of config/, by two people.
clock.status 时钟是否可信,哪些记录的时间超前,认定过哪些段。
    Whether the clock is trusted, which records are ahead, which spans are declared.
clock.records 一段记录:各条的位置、步骤与记下的时间。
    Records of a span: their positions, steps and recorded times.
clock.confirm 确认此刻的时间:写可靠的钟表所示;停下的办理随即恢复。
    Confirm the present time, as a reliable clock shows it; work goes on.
clock.declare 认定时钟走错的一段;须两人。记录不动,时间从此刻续记。
    Declare the records of a wrong clock, by two people; time goes on from now.
records.events 一段历史的全部事件。
    Events of a stream.
records.refusals 被拒绝的办理:何时、谁、办什么、为何;新的在前。
    List refused acts: when, who, what and why; newest first.
records.count_refusals 拒绝数:符合条件的有几次。
    Number of refusals: how many fit.
records.last_recorded 最后一条记录的时刻。
    Moment of the last record.
timetable.runs 作业台账:各作业各期何时到期、何时完成、结果如何。
    Ledger of jobs: when each fell due, when it ran, and its result.
timetable.wrong_runs 只由走错的时钟做过、到期须重做的作业各期。
    Jobs that only a wrong clock did, and that run again when they are due.
timetable.failures 失败未了的作业。
    Failed jobs that are not done yet.
timetable.heartbeat 定时服务最近一次查看的时刻。
    Last look at the timetable.
timetable.acted_since 某时刻以后是否有人办理过。
    Whether anybody acted after a moment.
timetable.activations 规则库各次启用的时刻与摘要。
    Activations of rulebooks, with their moments and digests.
changes.after 变更:某位置之后记录了什么,按提交的先后,不缺不重;不含个人信息。
    List changes after a position, in the order of commits, without gaps.
changes.schema 一类变更的 JSON Schema。
    JSON Schema of a kind of changes.
changes.cursors 各系统读到第几条变更,还差几条。
    How far each consumer has read the changes.
changes.acknowledge 登记一个系统读到第几条变更;只进不退。
    Keep how far a consumer has read the changes; it never goes back.
deliveries.list 投递:哪些变更投到哪里,投到没有;新的在前。
    List deliveries of changes, newest first.
deliveries.count 投递数:符合条件的有几件。
    Number of deliveries: how many fit.
deliveries.destinations 各投递目的地:投到第几条,待投递与失败的各几件。
    Destinations: how far each is, what waits and what failed.
deliveries.retry 重新投递失败的一件;定时服务下次查看时投。
    Send a dead letter again, at the next look of the service.
deliveries.abandon 放弃投递失败的一件,写明理由。
    Give a dead letter up, with the reason.
fields.choices 一个参数可用的值。
    Choices of an argument.
fields.resolve 文字所指的代码。
    Code that a text means.
fields.of 办一件事要填什么。
    Fields of an act.
fields.schema 办一件事要填什么,写作 JSON Schema。
    JSON Schema of an act.
proposals.list 哪些事在等第二个人;用 --state 看办过的。
    List what waits for a second person; --state shows what was settled.
proposals.count 提请数:符合条件的有几件。
    Number of proposals: how many fit.
proposals.waiting 待复核的提请。
    Proposals that wait.
proposals.queue 待复核的提请,各自何时提出。
    Proposals that wait for a second person, each with its day.
proposals.get 一件提请的全部内容:改什么,由何改为何,是否已失效。
    Show a proposal: what changes from what to what, and whether it is stale.
proposals.stale 一件待复核的提请是否已失效:提请之后所依据的记录有变动。
    Whether a waiting proposal is stale: what it is about has moved since.
proposals.propose 提请两人办理的事。
    Propose an act of two people.
bulk.do 批量办理:一次预览、一次确认,每项各记一条。
    Do an act for many: one preview, one confirmation, an event each.
proposals.propose_rulebook 提请启用规则库。
    Propose a rulebook.
proposals.approve 复核并办理他人的提请。
    Approve another person's proposal, which does it.
proposals.withdraw 撤回提请。
    Withdraw a proposal.
"""
