"""`make test`: the whole suite, on SQLite and on PostgreSQL, with real processes and a real browser.

First makes sure the servers the tests start are on this machine: on Debian as root it installs what is
missing, elsewhere it names it and stops. Then runs the parts one after the other, shows them as they run,
and ends with a plain summary. A part that fails does not stop the next.

    suite.py                 everything
    suite.py --fast          SQLite only, without servers or browser
    suite.py --long          the faults at their full length, which `make test` only shows in short
    suite.py … -- ARGUMENTS  the same, with more arguments for pytest (-k, -x, a path)
"""

from __future__ import annotations

import glob
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
CLOSING_LINE = re.compile(r"^=*\s*((?:\d+ \w+(?:, )?)+ in [\d.]+s.*?|no tests ran in .*?)\s*=*$")
NOTHING_COLLECTED = 5  # pytest's exit code


@dataclass(frozen=True)
class Need:
    """Something outside the folder that tests start or load."""

    package: str  # its name in Debian
    is_here: Callable[[], bool]


def program(*names: str, also: str = "") -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names) or bool(also and glob.glob(also))


NEEDS = (
    Need("postgresql", program("initdb", also="/usr/lib/postgresql/*/bin/initdb")),
    Need("redis-server", program("redis-server")),
    Need("chromium", program("chromium", "chromium-browser", "google-chrome")),
    # Debian keeps nginx where ordinary users have no PATH to.
    Need("nginx", program("nginx", also="/usr/sbin/nginx")),
    Need("libfaketime", lambda: bool(glob.glob("/usr/lib/*/faketime/libfaketime.so.1"))),
    Need("faketime", program("faketime")),
    Need("wrk", program("wrk")),
)


@dataclass
class Part:
    name: str
    arguments: list[str]
    before: list[str] = field(default_factory=list)
    code: int = -1
    closing: str = "did not run"
    seconds: float = 0.0


TWO_AT_ONCE = ["-n", os.environ.get("TEST_PROCESSES", "2")]
UNIT = "not process and not browser"
# They mostly wait for servers, so there are more of them at once than processors.
PROCESSES = ["-m", "process and not long", "-n", "3", "--dist", "worksteal"]
ON_SQLITE = Part("SQLite", ["-m", f"{UNIT} and not strict_database", *TWO_AT_ONCE])
EVERYTHING = [
    ON_SQLITE,
    Part(
        "PostgreSQL",
        ["-m", f"{UNIT} and not same_everywhere", *TWO_AT_ONCE],
        before=["-m", "tests.processes.servers", "postgres", "--"],
    ),
    Part("processes", PROCESSES),
    # Each process has its own browser; a file stays in one, for its tests share a portal.
    Part("browser", ["-m", "browser and not alone", "--dist", "loadfile", *TWO_AT_ONCE]),
    Part("measures", ["-m", "alone"]),
]
# Each by itself: the longest of them measures memory and waiting times.
AT_LENGTH = [Part("long", ["-m", "long"])]


def main(arguments: list[str]) -> int:
    fast, at_length = (arguments[:1] == [choice] for choice in ("--fast", "--long"))
    extra = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    if not fast and not all_is_here():
        return 1
    parts = [ON_SQLITE] if fast else AT_LENGTH if at_length else EVERYTHING
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for part in parts:
            run(part, extra)
    except KeyboardInterrupt:
        print("\nStopped by hand.")
    return sum_up(parts, narrowed=bool(extra))


# --- What must be on the machine ------------------------------------------------------------------
def all_is_here() -> bool:
    missing = [need.package for need in NEEDS if not need.is_here()]
    if not missing:
        return True
    if Path("/etc/debian_version").exists() and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing what the tests need: {' '.join(missing)}", flush=True)
        calm = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
        for command in (["apt-get", "update", "-qq"], install):
            if subprocess.run(command, env=calm, stdout=subprocess.DEVNULL).returncode:
                print(f"Could not run: {shlex.join(command)}", file=sys.stderr)
                return False
        missing = [need.package for need in NEEDS if not need.is_here()]
        if not missing:
            return True
    print(
        "The tests start real servers, and these are missing on this machine (names as in Debian):\n"
        f"    {' '.join(missing)}\n"
        "Install them and run `make test` again, or run `make test-fast`, which needs none of them.",
        file=sys.stderr,
    )
    return False


# --- Running --------------------------------------------------------------------------------------
def run(part: Part, extra: list[str]) -> None:
    pytest = [sys.executable, "-m", "pytest", *part.arguments, *extra]
    command = [sys.executable, *part.before, *pytest] if part.before else pytest
    print(f"\n──── {part.name}: {shlex.join(['pytest', *part.arguments, *extra])}", flush=True)
    part.closing = "no closing line"
    began = time.monotonic()
    process = subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, text=True, errors="replace"
    )
    assert process.stdout
    try:
        for line in process.stdout:
            print(line, end="", flush=True)
            if found := CLOSING_LINE.match(line.strip()):
                part.closing = found.group(1)
        part.code = process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        part.seconds = time.monotonic() - began


def clean_environment() -> dict[str, str]:
    """As on a machine where nobody has set anything for the portal; the tests say what they want."""
    ours = ("DATABASE_URL", "BROKER_URL", "EMAIL_URL", "SITE_URL", "SECRET_KEY", "DEMO", "VAR_DIR", "PORT")
    # Every part starts many Pythons, and each would compile the portal and its tests anew.
    slow = ("PYTHONDONTWRITEBYTECODE",)
    kept = {name: value for name, value in os.environ.items() if name not in ours + slow}
    # node of the environment first: html-validate asks for a newer one than some machines have.
    kept["PATH"] = f"{BIN}{os.pathsep}{kept.get('PATH', os.defpath)}"
    kept.setdefault("PYTHONHASHSEED", "random")
    return kept


def sum_up(parts: list[Part], *, narrowed: bool) -> int:
    print("\n──── Summary")
    well = True
    for part in parts:
        # Asked for one test by name, most parts have nothing to run; otherwise an empty part is a mistake.
        good = part.code == 0 or (narrowed and part.code == NOTHING_COLLECTED)
        well = well and good
        print(f"{'ok    ' if good else 'FAILED'}  {part.name:<12}{part.closing}")
    minutes, seconds = divmod(round(sum(part.seconds for part in parts)), 60)
    print(f"{'All of it passes' if well else 'Something failed'} ({minutes} min {seconds} s).")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
