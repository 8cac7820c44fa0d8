"""The command tree and its edge: every refusal a sentence, every failure a code."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import click

from huimin_flow.errors import HuiminError, StoreRefused
from huimin_flow.shell import screens
from huimin_flow.shell.auditing import audit
from huimin_flow.shell.founding import demo, doctor, init, rules
from huimin_flow.shell.items import edition, item
from huimin_flow.shell.timing import scheduler, timetable


class Tree(click.Group):
    """A group whose help speaks Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line in Chinese."""
        formatter.write_usage(ctx.command_path, "命令 [参数]…", prefix="用法:")


@click.group(cls=Tree, help="惠民有感:从一条诉求到可以重放、可以证明的办理历史。")
@click.version_option(package_name="huimin-flow", message="%(version)s")
def huimin() -> None:
    """Be the root of all commands."""


for command in (init, demo, doctor, item, edition, rules, timetable, audit, scheduler):
    huimin.add_command(command)


def run(arguments: list[str] | None = None) -> None:
    """Run a command line and exit: 0 well, 1 refused, 2 misused, 130 stopped."""
    given = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in given
    try:
        code: Any = huimin.main(given, prog_name="huimin", standalone_mode=False)
        sys.stdout.flush()
    except HuiminError as refusal:
        screens.refuse(refusal, as_json=as_json)
        code = 1
    except BrokenPipeError:
        # Whoever read us has read enough; the interpreter must not flush again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as failure:
        screens.refuse(_refusal_of(failure), as_json=as_json)
        code = 1
    except click.ClickException as misuse:
        click.echo(f"命令有误:{misuse.format_message()}", err=True)
        click.echo("可以这样做:在命令后加 --help 查看用法", err=True)
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断;未完成的操作没有留下任何改动", err=True)
        code = 130
    sys.exit(code if isinstance(code, int) else 0)


def _refusal_of(failure: OSError) -> StoreRefused:
    if failure.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return StoreRefused("磁盘已满或无法写入", remedy="腾出空间后重试同一命令")
    place = failure.filename or "文件"
    return StoreRefused(
        f"无法读写{place}({failure.strerror})", remedy="请检查路径与读写权限"
    )
