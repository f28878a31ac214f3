"""The database of a new installation, as the container and docs/drift.md make it: three roles, none with too much."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
import yaml

from .portal import WHOLE
from .servers import ROOT, Postgres, Running, free_port, manage, portal_env, postgres_program, wait_until

DATABASE = "newly_made"
PASSWORDS = {"OWNER_PASSWORD": "owner-1", "APP_PASSWORD": "app-2", "READ_PASSWORD": "read-3"}


@pytest.fixture
def server(folder):
    made = Postgres(folder / "new").create()
    # As the container does: who comes over the network must give a password.
    access = made.data / "pg_hba.conf"
    rules = ("local all trygghet trust", "host all trygghet 127.0.0.1/32 trust", "host all all all scram-sha-256")
    access.write_text("\n".join(rules) + "\n")
    try:
        yield made.start()
    finally:
        made.stop()


def run(script: str, **env: str) -> subprocess.CompletedProcess[str]:
    path = f"{os.path.dirname(postgres_program('psql'))}:{os.environ['PATH']}"
    return subprocess.run(
        [ROOT / "deploy" / "production" / script],
        env={**os.environ, "PATH": path, **env},
        capture_output=True,
        text=True,
        timeout=200,
    )


def test_a_new_installation_has_three_roles_with_their_own_rights(server: Postgres, folder):
    server.new_database(DATABASE)
    done = run(
        "roles-in-container.sh",
        PGHOST="127.0.0.1",
        PGPORT=str(server.port),
        POSTGRES_USER="trygghet",
        POSTGRES_DB=DATABASE,
        ROLES_FILE=str(ROOT / "deploy" / "production" / "roles.sql"),
        **PASSWORDS,
    )
    assert done.returncode == 0, done.stderr

    def url(role: str, password: str) -> str:
        return f"postgresql://trygghet_{role}:{password}@127.0.0.1:{server.port}/{DATABASE}"

    owner = portal_env(folder / "var", database_url=url("owner", "owner-1"), **WHOLE)
    for _ in range(2):
        done = run("migrate.sh", **owner)
        assert done.returncode == 0, done.stderr
    assert "No migrations to apply" in done.stdout

    app = portal_env(folder / "var", database_url=url("app", "app-2"), **WHOLE)
    shown = subprocess.run(
        [sys.executable, "manage.py", "send_due", "--once"],
        env=app,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert shown.returncode == 0, shown.stderr
    # The nightly backup needs no more rights than the portal has; a restore is the owner's.
    kept = folder / "backups"
    assert "hel" in manage("backup", str(kept), env=app)
    (copy,) = kept.iterdir()
    assert "hel" in manage("restore", str(copy), "--check", env=app)
    manage("restore", str(copy), "--replace", "--yes", env=owner)
    assert "släppta" in manage("release_sending", env=app)

    with psycopg.connect(url("app", "app-2"), autocommit=True) as connection:
        for statement in (
            "DELETE FROM history_event",
            "UPDATE history_event SET verb = 'x'",
            "TRUNCATE history_event",
            "DELETE FROM django_migrations",
            "CREATE TABLE mine (id int)",
            "DROP TABLE history_event",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
    with psycopg.connect(url("read", "read-3"), autocommit=True) as connection:
        connection.execute("SELECT count(*) FROM history_event")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM portal_cache")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url("app", "guessed"))


def test_the_containers_broker_asks_for_its_password_and_keeps_all(folder):
    """The very command of the compose file, on a port and in a folder of its own."""
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
    port, place = free_port(), folder / "broker"
    place.mkdir()
    shell, option, line = services["broker"]["command"]
    line = line.replace("$$", "$").replace("/data", str(place)) + f" --port {port} --bind 127.0.0.1"
    running = Running([shell, option, line], log=folder / "broker.log", env={**os.environ, "REDISCLI_AUTH": "lösen-1"})

    def ask(*words: str, password: str = "") -> str:
        env = {**os.environ, "REDISCLI_AUTH": password} if password else dict(os.environ)
        asked = ["redis-cli", "-p", str(port), *words]
        return subprocess.run(asked, env=env, capture_output=True, text=True, timeout=5).stdout

    try:
        wait_until(lambda: "PONG" in ask("ping", password="lösen-1"), seconds=10, what="the broker answers")
        assert "NOAUTH" in ask("ping")
        assert "WRONGPASS" in ask("ping", password="another") or "NOAUTH" in ask("ping", password="another")
        assert "yes" in ask("config", "get", "appendonly", password="lösen-1")
        assert "noeviction" in ask("config", "get", "maxmemory-policy", password="lösen-1")
    finally:
        running.stop()
