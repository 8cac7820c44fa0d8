"""What the letters office had before the engine: its table and its sign-on."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import HTTPException, Request

#: The host's own table; its migrations know nothing of the engine's.
OURS = sa.MetaData()
LETTERS = sa.Table(
    "letter",
    OURS,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("request", sa.String(64), nullable=False, unique=True),
    sa.Column("subject", sa.String(80), nullable=False),
    sa.Column("item", sa.String(16), nullable=False),
)

#: The host's users, as its single sign-on names them, with the post that each has.
USERS = {"wang": "op-500101", "li": "office-1"}


def post_of(request: Request) -> str:
    """Return the post of the user whom the sign-on in front of us has named."""
    post = USERS.get(request.headers.get("x-remote-user", ""))
    if post is None:
        raise HTTPException(401)
    return post
