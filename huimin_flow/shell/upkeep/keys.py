"""key: the master key of personal data, which is outside the database (X1)."""

from __future__ import annotations

from huimin_flow.catalogue.language import say
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.place import Place, shared
from huimin_flow.shell.upkeep.backups import again_lines, erased_again, lost_lines


@plain("key check")
@shared
def check(place: Place) -> None:
    """Say whether the master key opens the database; erase again what came back."""
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy

    place.changes()
    place.require_database()
    with place.flow(quiet=True) as flow:
        keyring = door_of(flow).keyring
        count = door_of(flow).read(keyring.count)
        again, lost = erased_again(flow), lost_lines(flow)
    text = say(
        "主密钥{file}打得开该库的{count}个数据密钥", file=keyring.file, count=count
    )
    lines = [text, *again_lines(again), *lost]
    place.show({"file": str(keyring.file), "keys": count, "erased": again}, *lines)


@plain("key rotate")
@shared
def rotate(place: Place) -> None:
    """Make a new master key, and wrap every data key with it."""
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy

    place.changes()
    place.require_database()
    with place.flow(quiet=True) as flow:
        door = door_of(flow)
        keyring = door.keyring
        keyring.masters.add()
        count = door.perform(lambda work: keyring.rewrap(work.connection))
        keyring.masters.promote()
    text = say(
        "已换新的主密钥,{count}个数据密钥重新封装;旧的留在{file}末尾,旧备份还要用它",
        count=count,
        file=keyring.file,
    )
    place.show({"file": str(keyring.file), "keys": count}, text)
