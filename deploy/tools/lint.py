"""`make lint`: every check that reads the code without running the portal. All run; any can fail it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
LOCK_FILES = ("requirements.txt", "requirements-dev.txt", "package-lock.json")
ADDRESS = re.compile(r"\b(?:https?|git\+\w+|file)://|--(?:extra-)?index-url|--find-links|\"resolved\"")
# A home folder or a checkout's own path: a sign that something only works on one machine.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|Users|root|work)/(?!<)[\w.-]+/")


def commands() -> dict[str, list[str]]:
    manage = [sys.executable, "manage.py"]
    return {
        "style": [str(BIN / "ruff"), "check", "--quiet", "--output-format", "concise", "."],
        "format": [str(BIN / "ruff"), "format", "--check", "--output-format", "concise", "."],
        "types": [str(BIN / "mypy"), "--no-error-summary"],
        "direction": [str(BIN / "lint-imports"), "--no-cache", "--no-logo"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "upgrades": [sys.executable, "deploy/tools/check_migrations.py"],
        "translations": [sys.executable, "deploy/tools/check_messages.py"],
        "templates": [str(BIN / "djade"), "--target-version", "6.1", "--check", *templates()],
        "whole project": [*manage, "check", "--fail-level", "WARNING"],
    }


OWN_CHECKS: dict[str, Callable[[], Iterator[str]]] = {}


def own_check(name: str) -> Callable[[Callable[[], Iterator[str]]], Callable[[], Iterator[str]]]:
    def keep(check: Callable[[], Iterator[str]]) -> Callable[[], Iterator[str]]:
        OWN_CHECKS[name] = check
        return check

    return keep


@own_check("lock files")
def lock_files() -> Iterator[str]:
    """Versions and hashes, no addresses: each machine fetches from the registry it trusts."""
    for name in LOCK_FILES:
        for number, line in enumerate((ROOT / name).read_text().splitlines(), start=1):
            if found := ADDRESS.search(line):
                yield f"{name}:{number}: an address in a lock file: {found.group()}"
    for name in LOCK_FILES[:2]:
        for package in re.split(r"\n(?=\S)", (ROOT / name).read_text().strip()):
            if not package.startswith("#") and "--hash=sha256:" not in package:
                yield f"{name}: no hash: {package.splitlines()[0]}"


@own_check("machine paths")
def machine_paths() -> Iterator[str]:
    for path in kept_files():
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if found := MACHINE_PATH.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: a path of one machine: {found.group()}"


def kept_files() -> list[Path]:
    """What is, or would be, in the repository."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listing.stdout.split("\0") if name]


def templates() -> list[str]:
    folders = ("templates", "lysekil_trygghet", "situation", "pledges", "incidents")
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.html")))
    return [str(path.relative_to(ROOT)) for path in found]


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory(prefix="trygghet-lint-") as var:
        surroundings = {
            **os.environ,
            "VAR_DIR": var,
            "SECRET_KEY": "only-for-lint-" + "x" * 60,
            "MYPY_CACHE_DIR": str(ROOT / ".mypy_cache"),
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": f"sqlite:///{var}/lint.sqlite3",
        }
        surroundings.pop("DEMO", None)
        surroundings.pop("SITE_URL", None)
        for name, command in commands().items():
            done = subprocess.run(command, cwd=ROOT, env=surroundings, text=True, capture_output=True)
            said = f"{done.stdout}\n{done.stderr}".strip() or "no explanation was given"
            report(name, said if done.returncode else "")
            failed += [name] if done.returncode else []
    for name, check in OWN_CHECKS.items():
        problems = list(check())
        report(name, "\n".join(problems))
        failed += [name] if problems else []
    print(f"Lint: failed on {', '.join(failed)}." if failed else "Lint: all well.")
    return 1 if failed else 0


def report(name: str, problems: str) -> None:
    print(f"{'FAILED' if problems else 'ok    '}  {name}", flush=True)
    if problems:
        print("    " + problems.replace("\n", "\n    "), flush=True)


if __name__ == "__main__":
    sys.exit(main())
