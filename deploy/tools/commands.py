"""How the portal's processes are started (deploy/commands.toml), for `make run` and for tests."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path

LIST = Path(__file__).resolve().parent.parent / "commands.toml"


def names() -> list[str]:
    return list(_all())


def command(name: str, values: Mapping[str, str]) -> list[str]:
    """The arguments of one process, with the values put in; programs by name alone. Raises `KeyError`."""
    return [put_in(part, values) for part in shlex.split(_all()[name])]


def put_in(text: str, values: Mapping[str, str]) -> str:
    """The text with each ${NAME} replaced. Raises `KeyError` for one without a value."""
    return re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], text)


def _all() -> dict[str, str]:
    return tomllib.loads(LIST.read_text(encoding="utf-8"))
