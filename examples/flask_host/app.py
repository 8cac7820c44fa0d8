"""A letters office on Flask: a session of the ORM has letters, and our items too.

Each request has a session of its own. The engine acts on the session's connection, so
that one commit keeps the letter and its item. To run it:

    export HOST_URL=sqlite:///letters.db
    flask --app examples.flask_host.app:made make-tables
    flask --app examples.flask_host.app:made run
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Flask, abort, current_app, redirect, request, url_for
from flask import render_template as page
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, String, create_engine, orm, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from huimin_flow import Demand, Flow
from huimin_flow.api import Actor, Area, Clock, HuiminError, Origin, Step, StoreBusy


class Base(orm.DeclarativeBase):
    """The host's own tables."""


class Letter(Base):
    """A letter; ``request`` is the key of the form that brought it."""

    __tablename__ = "letter"
    id: Mapped[int] = mapped_column(primary_key=True)
    request: Mapped[str] = mapped_column(String(64), unique=True)
    subject: Mapped[str] = mapped_column(String(80))
    item: Mapped[str] = mapped_column(String(16))


#: The host's users, as its single sign-on names them, with the post that each has.
USERS = {"wang": "op-500101", "li": "office-1"}

ROUTES = Blueprint("letters", __name__)


@dataclass
class Host:
    """What every request needs; ``clock`` is that of a rehearsal, otherwise None.

    ``sessions`` gives each thread its session. ``flow`` reads by the same pool.
    """

    engine: Engine
    sessions: orm.scoped_session[Session]
    flow: Flow
    clock: Clock | None

    def bound(self) -> Flow:
        """Return a Flow in the transaction of this thread's session.

        After a commit or a rollback the session has another transaction: bind again.
        """
        return Flow.bind(self.sessions.connection(), clock=self.clock)


def here() -> Host:
    """Return the host of the present request."""
    return cast("Host", current_app.extensions["huimin"])


def signed_in() -> Actor:
    """Return the post of the user whom the sign-on in front of us has named."""
    post = USERS.get(request.headers.get("x-remote-user", ""))
    if post is None:
        abort(401)
    return here().flow.people.actor(post)


@ROUTES.get("/")
def index() -> str:
    """Show all letters, each with the state of its item, in one transaction."""
    host = here()
    rows = host.sessions.scalars(select(Letter).order_by(Letter.id)).all()
    items = host.bound().items.list(numbers=[row.item for row in rows])
    states = {item.number: item.state.label for item in items}
    return page("index.html", rows=rows, states=states)


@ROUTES.get("/letters/new")
def new() -> str:
    """Show a form of the fields that the act asks for."""
    by, asked = signed_in(), here().flow.fields.of("items.collect")
    needed = [field for field in asked if field.required]
    key = secrets.token_urlsafe(16)
    return page("new.html", fields=needed, unit=by.unit, key=key)


@ROUTES.post("/letters")
def keep() -> ResponseReturnValue:
    """Keep a letter with its item; the form sent again changes nothing."""
    host, by, said, key = here(), signed_in(), request.form, request.form["key"]
    try:
        origin, area = Origin(said["demand.origin"]), Area(said["demand.area"])
    except ValueError:  # a code that the form doesn't offer
        abort(400)
    title, unit = said["demand.title"], said["demand.unit"]
    demand = Demand(title=title, origin=origin, area=area, unit=unit)
    item = host.bound().once(key).items.collect(demand, by=by)
    known = select(Letter.id).where(Letter.request == key)
    if host.sessions.scalar(known) is None:
        host.sessions.add(Letter(request=key, subject=item.title, item=item.number))
    host.sessions.commit()
    return redirect(url_for("letters.index"), 303)


@ROUTES.get("/items/<number>")
def item(number: str) -> str:
    """Show an item, its history and what this user may do with it now."""
    by, items = signed_in(), here().bound().items
    events = [(Step(kept.event.step), kept) for kept in items.history(number)]
    asked = {"item": items.get(number), "possible": items.possible(number, by)}
    return page("item.html", events=events, **asked)


def refused(refusal: HuiminError) -> ResponseReturnValue:
    """Show a refusal as a sentence, with its code for programs."""
    status = 503 if isinstance(refusal, StoreBusy) else 409  # 503: send it again
    return page("refused.html", refusal=refusal), status


def make(url: str, *, clock: Clock | None = None) -> Flask:
    """Make the program; a postgresql address names its driver, psycopg."""
    app, engine = Flask(__name__), create_engine(url)
    sessions = orm.scoped_session(orm.sessionmaker(engine))
    flow = Flow.open(engine=engine, clock=clock)
    app.extensions["huimin"] = Host(engine, sessions, flow, clock)
    app.register_blueprint(ROUTES)
    app.register_error_handler(HuiminError, refused)
    # What is not committed by then is undone; a refusal is recorded then, too.
    app.teardown_appcontext(lambda _: sessions.remove())
    # It makes the host's tables only; the engine has made its own.
    app.cli.command("make-tables")(lambda: Base.metadata.create_all(engine))
    return app


def made() -> Flask:
    """Make the program on the database that HOST_URL names."""
    return make(os.environ["HOST_URL"])
