"""rules: the rulebook checked, shown, activated."""

from __future__ import annotations

from pathlib import Path

import click

from huimin_flow.shell import screens
from huimin_flow.shell.acting import Act, acts, by_two
from huimin_flow.shell.place import placed, shared


@click.group(help="规则库:检查、启用、查看。")
def rules() -> None:
    """Group the commands of the rulebook."""


@rules.command("check", help="整体检查 config/,指出文件、行、键、值与改法。")
@shared
def rules_check(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Validate the proposal as a whole."""
    from huimin_flow.settings import check  # noqa: PLC0415 - heavy

    digest = check(placed(database, config, as_json=as_json).folder()).digest
    screens.show({"digest": digest}, f"配置无误,规则库 {digest[:12]}", as_json=as_json)


@rules.command("show", help="查看启用中的规则库。")
@shared
def rules_show(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Show the active rulebook."""
    from huimin_flow.settings import rulebook_text  # noqa: PLC0415 - heavy

    with placed(database, config, as_json=as_json).flow() as flow:
        book = flow.rulebook()
    if as_json:
        click.echo(rulebook_text(book).decode())
    else:
        click.echo(f"启用中的规则库 {book.digest[:12]}")


@rules.command("activate", help="由两人启用 config/ 中的规则库。")
@by_two
@acts
def rules_activate(act: Act, second: str | None) -> None:
    """Activate the proposal by two people."""
    book = act.place.rulebook()
    other = act.second(second)
    if other is None:
        act.proposed(act.flow.propose_rulebook(book, by=act.by))
        return
    digest = act.flow.activate(book, by=act.by, second=other)
    act.say({"digest": digest}, f"已启用规则库 {digest[:12]}")
