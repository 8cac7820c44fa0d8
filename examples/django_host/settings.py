"""Settings of the letters office; HOST_URL names the database that both share.

To run it:

    export HOST_URL=sqlite:///letters.db
    export DJANGO_SETTINGS_MODULE=examples.django_host.settings
    django-admin migrate
    django-admin runserver
"""

from __future__ import annotations

import os
import secrets
from typing import Any

from sqlalchemy import make_url

#: The database, as the engine names it and as Django does.
HOST_URL = os.environ.get("HOST_URL", "sqlite:///letters.db")
_SERVER = {"postgresql": "django.db.backends.postgresql"}


def database(url: str) -> dict[str, Any]:
    """Return a URL of SQLAlchemy as Django's settings of a database."""
    named = make_url(url)
    kind = named.get_backend_name()
    if kind == "sqlite":
        # A transaction that reads first and writes later could find the file changed.
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20}
        engine = "django.db.backends.sqlite3"
        own = {"ENGINE": engine, "NAME": named.database, "OPTIONS": options}
        # Django's tests would use a database in memory, which our history can't.
        return {**own, "TEST": {"NAME": f"{named.database}.test"}}
    return {
        "ENGINE": _SERVER[kind],
        "NAME": named.database,
        "HOST": named.host or "",
        "PORT": named.port or "",
        "USER": named.username or "",
        "PASSWORD": named.password or "",
    }


DATABASES = {"default": database(HOST_URL)}
SECRET_KEY = os.environ.get("HOST_SECRET") or secrets.token_hex()
ALLOWED_HOSTS = ["localhost", "testserver"]
INSTALLED_APPS = ["examples.django_host.apps.Letters"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
MIDDLEWARE = [
    "django.middleware.csrf.CsrfViewMiddleware",
    "examples.django_host.views.Refusals",
]
ROOT_URLCONF = "examples.django_host.urls"
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
]
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

#: The host's users, as its single sign-on names them, with the post that each has.
POSTS = {"wang": "op-500101", "li": "office-1"}

#: The clock of a rehearsal; a production database has none.
CLOCK = None
