"""The command tree for one-shot commands and the interactive shell.

The tree names each command's place and help, so that a help page or a command loads
only what it needs. A test compares the helps with those of the commands.
"""

from __future__ import annotations

import io
import sys

import click

from huimin_flow.catalogue.language import (
    LANGUAGE_OPTION,
    LANGUAGE_VARIABLE,
    Language,
)
from huimin_flow.shell.core.command_line import answer
from huimin_flow.shell.core.usage import Branch


@click.group(
    cls=Branch,
    help="惠民有感:从一条诉求到可以重放、可以证明的办理历史。",
    places={
        "init": ("founding:init", "建立数据库并启用第一版规则库;已有数据库只作升级。"),
        "demo": (
            "founding:demo",
            "推演:让2023年真实清单走完九个状态(2022-10-01至2024-02-29)。",
        ),
        "doctor": (
            "health:doctor",
            "检查本机与数据库:版本、日志方式、表结构、规则库、日历、定时服务。",
        ),
        "next": ("next:next_step", "办理事项的下一步:缺什么问什么,逐项列出可选的值。"),
        "shell": (
            "core.prompt:shell",
            "交互式操作:同样的命令,有历史与补全;Ctrl-D 退出。",
        ),
        "todo": (
            "todo:todo",
            "等着您办的事,连同期限;先到期的在前。",
        ),
        "whoami": (
            "todo:whoami",
            "您是谁:账户、岗位、单位、角色;在哪个数据库,是否推演。",
        ),
        "permissions": (
            "todo:permissions",
            "权限表:哪个角色可办哪些步骤与事务,对谁的事项。",
        ),
        "appeal": ("sensing.appeals:appeal", "诉求:登记一条;查看一条办到了哪一步。"),
        "meeting": ("deciding.meetings:meeting", "专题论证会议。"),
        "assessment": (
            "deciding.meetings:assessment",
            "四种评估:委托、提交、采信、退回。",
        ),
        "list": ("deciding.lists:edition", "清单:查看、预览、增补、确认、发布。"),
        "proposal": (
            "deciding.lists:proposal",
            "两人办理的事:查看待复核、复核、撤回。",
        ),
        "progress": (
            "executing.progress:progress",
            "月度进展:对照计划曲线的快慢、催报名单、填报表的导出与导入。",
        ),
        "score": (
            "scoring.scores:score",
            "评价:月度指数、五色图、季度榜单;每个数都能拆到来源。",
        ),
        "report": ("reports:report", "报告页面:月、季、全站;单个文件即可打开,不联网。"),
        "rules": ("rulebook:rules", "规则库:检查、启用、查看。"),
        "timetable": ("timetable:timetable", "时间表:有哪些作业、何时到期、做过什么。"),
        "scheduler": (
            "timetable:scheduler",
            "无人值守的定时服务;SIGTERM 或 Ctrl-C 结束。",
        ),
        "audit": ("audit:audit", "审计:核验全部历史,重放任一历史;只读。"),
        "drafts": (
            "core.drafts:drafts_command",
            "被拒绝的输入:逐条列出,改正后可再用。",
        ),
    },
)
@click.option(
    LANGUAGE_OPTION,
    type=click.Choice([word.value for word in Language], case_sensitive=False),
    envvar=LANGUAGE_VARIABLE,
    show_envvar=True,
    expose_value=False,
    help="语言:zh 中文(默认),en 英文;可写在命令的任何位置。",
)
@click.version_option(package_name="huimin-flow", message="%(version)s")
def huimin() -> None:
    """Define the root of all commands."""


huimin.add_command(
    Branch(
        "item",
        help="事项:从采集到办结的每一步;列出、查看、看历史。",
        places={
            "list": ("items:item_list", "列出事项。"),
            "show": ("items:item_show", "查看一个事项。"),
            "history": ("items:item_history", "一个事项从头到尾发生了什么。"),
            "explain": (
                "todo:explain",
                "一个事项此刻能办哪些步骤;不能的,为什么,谁可办。",
            ),
            "undo": (
                "items:item_undo",
                "说明上一步能否撤回、由哪个命令撤回;不作任何改动。",
            ),
            "attach": ("items:item_attach", "上传附件作为佐证;同一内容只存一份。"),
            "files": (
                "items:item_files",
                "列出附件;用 --into 取出到目录,文件以摘要命名。",
            ),
            "collect": ("sensing.items:collect", "采集一个新事项。"),
            "link": ("sensing.items:link", "把诉求挂到事项上,写作 渠道=诉求编号。"),
            "unlink": (
                "sensing.items:unlink",
                "把挂错的诉求从事项上取下,写作 渠道=诉求编号。",
            ),
            "screen": ("sensing.items:screen", "按来源的标准筛选;普遍性由系统计算。"),
            "merge": ("sensing.items:merge", "并入另一事项;诉求随之过去。"),
            "unmerge": ("sensing.items:unmerge", "撤回合并,回到原处。"),
            "split": ("sensing.items:split", "拆分;各部分写在 YAML 或 JSON 文件里。"),
            "judge": (
                "deciding.judgment:judge",
                "在论证会议上研判:想做、可做、能做、该做。",
            ),
            "star": (
                "deciding.judgment:star",
                "评定惠民有感强度与星级;星级由规则得出。",
            ),
            "reject": ("deciding.judgment:reject", "不予采纳。"),
            "return": ("deciding.judgment:return_", "退回上一步。"),
            "defer": (
                "deciding.judgment:defer",
                "暂缓,待条件具备;已在清单上的须两人。",
            ),
            "revive": ("deciding.judgment:revive", "恢复暂缓的事项。"),
            "cancel": ("deciding.editions:cancel", "撤销清单上的事项;须两人。"),
            "reopen": (
                "deciding.editions:reopen",
                "重启不予采纳或已办结的事项;须两人。",
            ),
            "carry-over": (
                "deciding.editions:carry_over",
                "接续:为仍在实施的事项采集下一年度的事项。",
            ),
            "respond": ("deciding.editions:respond", "响应:由另一单位承接同一需求。"),
            "assign": (
                "executing.plans:assign",
                "分解任务;方案写在 YAML 或 JSON 文件里。",
            ),
            "progress": (
                "executing.plans:progress",
                "报送一个指标的月度进展;再报即更正。",
            ),
            "execute": (
                "executing.plans:execute",
                "报告执行完成:逐项任务完成,或已由上级免除。",
            ),
            "excuse": ("executing.plans:excuse", "上级免除一项任务,由其本人办理。"),
            "evaluate": (
                "improving.evaluation:evaluate",
                "最终评价:落实度由进展算出,满意度填百分比。",
            ),
            "rework": ("improving.evaluation:rework", "最终评价不合格,退回返工。"),
            "adjust": ("improving.evaluation:adjust", "动态调整建议及其依据。"),
            "amend": (
                "improving.evaluation:amend",
                "更正事实;由它得出的结论会标为存疑。",
            ),
            "close": ("improving.evaluation:close", "办结。"),
        },
    )
)
huimin.add_command(
    Branch(
        "rating",
        help="好差评:导入、统计、覆盖情况、减负成效、差评整改。",
        places={
            "import": (
                "services.imports:rating_import",
                "导入评价(csv、jsonl);逐行说明未收的,重复导入无妨。",
            ),
            "show": (
                "services.ratings:rating_show",
                "某月评价的统计,按单位、事项、渠道、窗口或人员。",
            ),
            "coverage": (
                "services.ratings:rating_coverage",
                "覆盖情况:哪些事项、对象、渠道还没有评价。",
            ),
            "savings": (
                "services.ratings:rating_savings",
                "截至某年底,服务事项为群众减少的环节、材料、时限、跑动。",
            ),
            "items": (
                "services.ratings:rating_items",
                "服务事项目录:办理方式、是否全程网办、改革前后的负担。",
            ),
            "bad": (
                "services.follow_ups:bad",
                "还没办结的差评:到哪一步,何时到期;最早的在前。",
            ),
            "callback": (
                "services.follow_ups:callback",
                "某月实名差评的回访率,与差评按期答复率;合计与各单位。",
            ),
            "answer": (
                "services.follow_ups:answer",
                "差评整改答复;实名的写明回访日期。",
            ),
            "verify": (
                "services.follow_ups:verify",
                "核实整改答复;不合格则加 --return 退回。",
            ),
            "object": (
                "services.follow_ups:object_to",
                "对误评、恶意差评提出申诉;只有一次。",
            ),
            "settle": (
                "services.follow_ups:settle",
                "裁定申诉:成立,或不计差评(须两人)。",
            ),
        },
    )
)


def invoke(arguments: list[str], *, piped: bool = False) -> int:
    """Run a line of the tree; see ``command_line.answer``."""
    return answer(huimin, arguments, piped=piped)


def run(arguments: list[str] | None = None) -> None:
    """Run the process's command line and exit with its code."""
    words = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # escape what it cannot write
            stream.reconfigure(errors="backslashreplace")
    sys.exit(invoke(words, piped=sys.stdin is not None and not sys.stdin.isatty()))
