"""The settings as a municipality sets them: `check --deploy` is clean, and what is unsafe refuses to start.

Each case runs `manage.py` in a process of its own, since settings are read once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
NEEDED = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT")


@pytest.fixture
def manage(tmp_path):
    """Runs manage.py with these settings and no others."""

    def run(*command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in NEEDED if name in os.environ}
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={**kept, "VAR_DIR": str(tmp_path), **settings},
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


PRODUCTION = {
    "SITE_URL": "https://trygg.kommun.example",
    "SECRET_KEY": KEY,
    "TRUSTED_PROXY_COUNT": "1",
    "EMAIL_URL": "smtps://portal:hemligt@mail.kommun.example:587",
    "BROKER_URL": "redis://127.0.0.1:6379/0",
}
SAFE_HERE = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_PRELOAD")


def test_check_deploy_is_clean_with_production_settings(manage):
    checked = manage("check", "--deploy", "--fail-level", "DEBUG", **PRODUCTION)
    assert (checked.returncode, checked.stdout.strip()) == (
        0,
        "System check identified no issues (0 silenced).",
    ), checked.stderr


def test_https_turns_on_everything_that_belongs_to_it(manage):
    names = ", ".join(f"settings.{name}" for name in SAFE_HERE)
    asked = f"from django.conf import settings; print([{names}], settings.DEBUG, settings.DEMO)"
    shown = manage("shell", "--no-imports", "-c", asked, **PRODUCTION)
    assert shown.stdout.strip() == "[True, True, True, True] False False", shown.stderr


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"SITE_URL": "https://trygg.kommun.example", "SECRET_KEY": KEY, "DEMO": "1"}, "DEMO=1"),
        ({"SITE_URL": "https://trygg.kommun.example"}, "SECRET_KEY is missing"),
        ({}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": KEY[:49]}, "SECRET_KEY is too short"),
        (
            {"SECRET_KEY": KEY, "DATABASE_REPLICA_URL": "postgres://127.0.0.1/x"},
            "DATABASE_REPLICA_URL needs PostgreSQL",
        ),
        ({"SECRET_KEY": KEY, "MEDIA_STORAGE": "s3://bucket"}, "MEDIA_STORAGE must look like"),
    ],
    ids=["demo over https", "no key", "no key and nothing else", "short key", "a copy of SQLite", "half a bucket"],
)
def test_unsafe_settings_refuse_to_start(manage, settings, reason):
    checked = manage("check", **settings)
    assert checked.returncode != 0
    assert reason in checked.stderr
    assert KEY not in checked.stdout + checked.stderr


def test_the_demo_makes_its_own_key_once_and_keeps_it_to_itself(manage, tmp_path):
    shown = [
        manage("shell", "--no-imports", "-c", "from django.conf import settings; print(settings.SECRET_KEY)", DEMO="1")
        for _ in range(2)
    ]
    kept = tmp_path / "secret_key"
    assert [each.stdout.strip() for each in shown] == [kept.read_text().strip()] * 2
    assert len(kept.read_text().strip()) >= 50
    assert kept.stat().st_mode & 0o077 == 0
