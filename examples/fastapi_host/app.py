"""A letters office on FastAPI: each letter that it keeps becomes an item.

The letter is a row of its own table, the item is the engine's. Both are written in one
transaction of an async engine, so that both are there, or neither. To run it:

    export HOST_URL=sqlite+aiosqlite:///letters.db
    alembic -c examples/fastapi_host/alembic.ini upgrade head
    uvicorn --factory examples.fastapi_host.app:made
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, NamedTuple, cast

import sqlalchemy as sa
from fastapi import APIRouter, Depends, FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from examples.fastapi_host.letters import LETTERS, post_of
from huimin_flow import Demand, Flow
from huimin_flow.api import Actor, Area, Clock, HuiminError, Origin, Step, StoreBusy
from huimin_flow.desk import acts

PAGES = Jinja2Templates(Path(__file__).parent / "pages")
ROUTES = APIRouter()


class Host(NamedTuple):
    """What every request needs; ``clock`` is that of a rehearsal, otherwise None."""

    engine: AsyncEngine
    flow: Flow
    clock: Clock | None


def host_of(request: Request) -> Host:
    """Return the host of a request."""
    return cast("Host", request.app.state.host)


Here = Annotated[Host, Depends(host_of)]


def signed_in(request: Request, host: Here) -> Actor:
    """Return who acts: the engine's post of the user who is signed in."""
    return host.flow.people.actor(post_of(request))


Me = Annotated[Actor, Depends(signed_in)]


@ROUTES.get("/")
async def index(request: Request, host: Here) -> Response:
    """Show all letters, each with the state of its item, in one transaction."""
    async with host.engine.connect() as connection:
        query = sa.select(LETTERS).order_by(LETTERS.c.id)
        rows = (await connection.execute(query)).all()
        numbers = [row.item for row in rows]
        items = await connection.run_sync(
            lambda sync: Flow.bind(sync, clock=host.clock).items.list(numbers=numbers)
        )
    values = {"rows": rows, "states": {each.number: each.state.label for each in items}}
    return PAGES.TemplateResponse(request, "index.html", values)


# A plain ``def`` runs in a thread of FastAPI: there an open Flow may wait.
@ROUTES.get("/letters/new")
def new(request: Request, host: Here, by: Me) -> Response:
    """Show a form of the fields that the act asks for."""
    asked = [field for field in host.flow.fields.of("items.collect") if field.required]
    values = {"fields": asked, "unit": by.unit, "key": secrets.token_urlsafe(16)}
    return PAGES.TemplateResponse(request, "new.html", values)


@ROUTES.post("/letters")
async def keep(
    host: Here,
    by: Me,
    key: Annotated[str, Form()],
    title: Annotated[str, Form(alias="demand.title")],
    origin: Annotated[Origin, Form(alias="demand.origin")],
    area: Annotated[Area, Form(alias="demand.area")],
    unit: Annotated[str, Form(alias="demand.unit")],
) -> Response:
    """Keep a letter with its item; the form sent again changes nothing."""
    demand = Demand(title=title, origin=origin, area=area, unit=unit)

    def work(connection: sa.Connection) -> None:
        bound = Flow.bind(connection, clock=host.clock)
        item = bound.once(key).items.collect(demand, by=by)
        kept = sa.select(LETTERS.c.id).where(LETTERS.c.request == key)
        if connection.execute(kept).first() is None:
            row = {"request": key, "subject": title, "item": item.number}
            connection.execute(sa.insert(LETTERS), row)

    async with host.engine.begin() as connection:
        await connection.run_sync(work)
    return RedirectResponse("/", status_code=303)


@ROUTES.get("/items/{number}")
def item(request: Request, number: str, host: Here, by: Me) -> Response:
    """Show an item, its history and what this user may do with it now."""
    with host.flow.snapshot() as now:  # one moment for the whole page
        values = {
            "item": now.items.get(number),
            "events": [(Step(k.event.step), k) for k in now.items.history(number)],
            "possible": now.items.possible(number, by),
        }
    return PAGES.TemplateResponse(request, "item.html", values)


def refused(request: Request, refusal: Exception) -> Response:
    """Show a refusal as a sentence, with its code for programs."""
    status = 503 if isinstance(refusal, StoreBusy) else 409  # 503: send it again
    return PAGES.TemplateResponse(request, "refused.html", {"refusal": refusal}, status)


def make(url: str, *, clock: Clock | None = None) -> FastAPI:
    """Make the program; ``url`` names an async driver, aiosqlite or asyncpg."""
    sync = url.replace("+aiosqlite", "").replace("+asyncpg", "")
    engine = create_async_engine(url, pool_size=4, max_overflow=0)
    host = Host(engine, Flow.open(sync, clock=clock), clock)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        await engine.dispose()
        host.flow.close()

    app = FastAPI(title="Letters", lifespan=life)
    app.state.host = host
    app.include_router(ROUTES)
    app.add_exception_handler(HuiminError, refused)
    # Every act and question as JSON, for the department's other programs.
    doors = acts.make(host.flow, lambda asked: signed_in(asked, host), failed=print)
    app.mount("/engine", doors)
    return app


def made() -> FastAPI:
    """Make the program on the database that HOST_URL names."""
    return make(os.environ["HOST_URL"])
