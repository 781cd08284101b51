"""Alive, ready, and the settings that an operator gives: what a monitor and an environment may rely on."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

SOCKET = "host=%2Frun%2Fpostgres"


def told(client, address: str) -> tuple[int, str]:
    response = client.get(address)
    return response.status_code, response.content.decode()


def away(error: type[Exception]):
    """A wrapper around every query, as if the database could not be reached."""

    def fail(*args):
        raise error("the server closed the connection at 10.0.0.1")

    return connection.execute_wrapper(fail)


def test_healthz_says_alive_without_a_database_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert told(client, "/healthz") == (200, "alive\n")


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_healthz_says_alive_while_the_database_is_away(client, db, error):
    with away(error):
        assert told(client, "/healthz") == (200, "alive\n")


def test_readyz_says_ready_where_every_migration_is_applied(client, db):
    assert told(client, "/readyz") == (200, "ready\n")


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_readyz_is_unavailable_while_the_database_is_away_and_tells_no_address(client, db, error):
    with away(error):
        assert told(client, "/readyz") == (503, "the database does not answer\n")


def test_readyz_is_unavailable_while_a_migration_is_pending(client, db):
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("questionnaire")
    MigrationRecorder(connection).record_unapplied(*newest)
    assert told(client, "/readyz") == (503, "migrations are not applied\n")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_monitors_addresses_are_for_reading_and_never_cached(client, db, address):
    assert client.post(address).status_code == 405
    assert client.get(address)["Cache-Control"] == "no-store, private"


def given(names: list[str], tmp_path, **environment: str) -> dict:
    """These settings as a process with this environment reads them; None where there is none of that name."""
    script = (
        "import json, sys\n"
        "from seb_survey import settings\n"
        "print(json.dumps({name: getattr(settings, name, None) for name in sys.argv[1:]}, default=str))"
    )
    cleared = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "VIRTUAL_ENV")}
    done = subprocess.run(
        [sys.executable, "-c", script, *names],
        cwd=settings.BASE_DIR, env={**cleared, "SEB_DATA_DIR": str(tmp_path), **environment},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


DATABASE_URLS = {
    "all parts": (
        "postgresql://owner:secret@db.example:5433/answers",
        {"NAME": "answers", "USER": "owner", "PASSWORD": "secret", "HOST": "db.example", "PORT": "5433"},
        {},
    ),
    "short scheme": (
        "postgres://owner@db.example/answers",
        {"NAME": "answers", "USER": "owner", "PASSWORD": "", "HOST": "db.example", "PORT": ""},
        {},
    ),
    "socket": (
        f"postgresql:///seb?{SOCKET}&user=seb",
        {"NAME": "seb", "USER": "seb", "PASSWORD": "", "HOST": "/run/postgres", "PORT": ""},
        {},
    ),
    "encoded password and options": (
        "postgresql://owner:p%40ss%2Fword@db.example/answers?sslmode=verify-full&connect_timeout=3",
        {"NAME": "answers", "USER": "owner", "PASSWORD": "p@ss/word", "HOST": "db.example", "PORT": ""},
        {"sslmode": "verify-full", "connect_timeout": "3"},
    ),
    "words": (
        "host=db.example dbname=answers user=owner password='two words'",
        {"NAME": "answers", "USER": "owner", "PASSWORD": "two words", "HOST": "db.example", "PORT": ""},
        {},
    ),
}


@pytest.mark.parametrize("form", DATABASE_URLS)
def test_database_url_in_every_form_of_postgresql_is_read(tmp_path, form):
    url, parts, options = DATABASE_URLS[form]
    database = given(["DATABASES"], tmp_path, DATABASE_URL=url)["DATABASES"]["default"]
    database["OPTIONS"].pop("pool")
    assert ({name: database[name] for name in parts}, database["OPTIONS"]) == (parts, options)


def test_settings_of_a_start_on_this_machine(tmp_path):
    names = ["DEBUG", "PUBLIC_URL", "ALLOWED_HOSTS", "KEY_STORE", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS"]
    assert given(names, tmp_path) == {
        "DEBUG": False,
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": ["127.0.0.1", "127.0.0.1", "localhost", "[::1]"],
        "KEY_STORE": str(tmp_path / "keys"),
        "SESSION_COOKIE_SECURE": False,
        "SECURE_HSTS_SECONDS": 0,
    }


def test_settings_of_a_public_address_are_for_https_and_its_host(tmp_path):
    names = ["ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_SECURE"]
    found = given([*names, "SECURE_HSTS_SECONDS"], tmp_path, PUBLIC_URL="https://survey.example/")
    assert found == {
        "ALLOWED_HOSTS": ["survey.example", "127.0.0.1", "localhost", "[::1]"],
        "CSRF_TRUSTED_ORIGINS": ["https://survey.example"],
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31536000,
    }


def test_hosts_keys_and_key_store_that_are_given_are_used(tmp_path):
    found = given(
        ["ALLOWED_HOSTS", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "KEY_STORE"], tmp_path,
        ALLOWED_HOSTS="a.example, b.example", SECRET_KEY="new", SECRET_KEY_FALLBACKS="old, older", KEY_STORE="/keys",
    )  # fmt: skip
    assert found == {
        "ALLOWED_HOSTS": ["a.example", "b.example"],
        "SECRET_KEY": "new",
        "SECRET_KEY_FALLBACKS": ["old", "older"],
        "KEY_STORE": "/keys",
    }


def test_secret_key_that_is_not_given_is_made_once_and_kept_from_others(tmp_path):
    first, second = (given(["SECRET_KEY"], tmp_path)["SECRET_KEY"] for _time in range(2))
    assert first == second
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_proxy_is_believed_about_https_only_where_it_is_named(tmp_path):
    found = [
        given(["SECURE_PROXY_SSL_HEADER"], tmp_path, **named)["SECURE_PROXY_SSL_HEADER"]
        for named in ({}, {"TRUSTED_PROXY": "10.0.0.1"})
    ]
    assert found == [None, ["HTTP_X_FORWARDED_PROTO", "https"]]
