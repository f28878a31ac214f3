"""`make run`: the whole portal on one machine, in demo mode, until somebody presses Ctrl-C.

Prepares the database, cache table, static files and demo content, then starts the web server and the worker
with beat inside, each as a child. If a child dies the others are stopped and the exit code tells. Settings
are read from the environment exactly as in production; this script only fills in what a demo needs.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from deploy.tools.commands import command  # noqa: E402

BIN = Path(sys.executable).parent
PATIENCE = 60.0  # seconds the web server has to give its first answer
GRACE = 15.0  # seconds a child has to finish what it is doing when the portal stops


class Stopped(Exception):
    """Somebody asked the portal to stop (Ctrl-C or SIGTERM)."""


def main() -> int:
    port = os.environ.setdefault("PORT", "8000")
    host = os.environ.get("HOST", "127.0.0.1")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return refuse(f"PORT={port} is not a port number. Try: make run PORT=8001")
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lysekil_trygghet.settings")
    if problem := cannot_listen(host, int(port)):
        return refuse(problem)
    for sort in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sort, ask_to_stop)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        with tempfile.NamedTemporaryFile("r", encoding="utf-8", suffix=".txt") as note:
            children["preparation"] = start(sys.executable, __file__, "--prepare", note.name)
            if children["preparation"].wait():
                return refuse("the preparation failed; the reason stands above.")
            del children["preparation"]
            greeting = note.read()
        children["web server"] = start(*web_server(host, port))
        children["worker"] = start(*worker())
        wait_for_answer(children, host, int(port))
        print(greeting, flush=True)
        return keep_watch(children)
    except Stopped:
        print("\nStopping the portal …", flush=True)
        return 0
    except ChildDied as death:
        return refuse(str(death))
    finally:
        stop(children)


class ChildDied(Exception):
    """One of the portal's processes ended by itself."""


# --- Preparing (in a process of its own, so that the one that watches stays small) --------------------
def prepare(note: Path) -> int:
    """Everything before the first visitor; what to say when it is ready is left in the note."""
    sys.path.insert(0, str(ROOT))
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command

    try:
        django.setup()
    except ImproperlyConfigured as problem:
        print(f"A setting is wrong: {problem}", file=sys.stderr)
        return 1
    say("database")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    mark, stamp = static_files_mark(), Path(settings.VAR_DIR) / "static.stamp"
    if not (stamp.is_file() and stamp.read_text() == mark and Path(settings.STATIC_ROOT).is_dir()):
        say("static files")
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(mark)
    if settings.DEMO:
        say("demo content")
        call_command("demo")
    # What is already due goes out now, so that the health page is content from the first moment.
    call_command("send_due", verbosity=0)
    note.write_text(greeting(), encoding="utf-8")
    return 0


def static_files_mark() -> str:
    """Changes when a static file is added, removed or edited, or the way they are stored."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    mark = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = os.stat(storage.path(name))
            mark.update(f"{storage.location}|{name}|{facts.st_size}|{facts.st_mtime_ns}\n".encode())
    return mark.hexdigest()


# --- Children -------------------------------------------------------------------------------------
def web_server(host: str, port: str) -> list[str]:
    values = {"HOST": host, "PORT": port, "WEB_WORKERS": os.environ.get("WEB_WORKERS", "2")}
    program, *rest = command("web", values)
    return [str(BIN / program), *rest, "--log-level", "warning"]


def worker() -> list[str]:
    """With beat inside, and quieter than in production."""
    quietly = [str(BIN / "celery"), "--app", "lysekil_trygghet", "--quiet", "worker", "--beat"]
    return [*quietly, "--loglevel", os.environ.get("WORKER_LOG_LEVEL", "warning"), "--without-mingle"]


def start(*arguments: str) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C in the terminal reaches this script, which stops the children in order.
    return subprocess.Popen(arguments, cwd=ROOT, start_new_session=True, preexec_fn=die_with_parent)


def die_with_parent() -> None:
    """On Linux the kernel stops the child even if this script is killed outright."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 = PR_SET_PDEATHSIG


def wait_for_answer(children: dict[str, subprocess.Popen[bytes]], host: str, port: int) -> None:
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}/halsa/liv"  # noqa: S104
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        look_after(children)
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            return  # an answer; what it says is for the log to tell
        except OSError:
            time.sleep(0.1)
    raise ChildDied(f"the web server did not answer within {PATIENCE:.0f} seconds.")


def keep_watch(children: dict[str, subprocess.Popen[bytes]]) -> int:
    while True:
        look_after(children)
        time.sleep(0.3)


def look_after(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if (code := child.poll()) is not None:
            raise ChildDied(f"the {name} ended by itself (exit code {code}); the rest is stopped too.")


def stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for sort in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sort, signal.SIG_IGN)
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + GRACE
    for child in children.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, until - time.monotonic()))
        # Whatever is left of its session: its own children too.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


# --- Talking --------------------------------------------------------------------------------------
def cannot_listen(host: str, port: int) -> str | None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as problem:
            return (
                f"port {port} on {host} cannot be used ({problem.strerror}). Another program has it, perhaps "
                f"a portal started earlier.\nStop that one, or choose another: make run PORT={port + 1}"
            )
    return None


def greeting() -> str:
    from django.conf import settings
    from django.urls import reverse

    lines = ["", f"The portal is ready: {settings.SITE_URL}/", ""]
    if settings.DEMO:
        from lysekil_trygghet.accounts.demo import groups

        lines.append(f"Become any of these at {settings.SITE_URL}{reverse('accounts:roles')} (no password):")
        lines += [f"    {title}: {', '.join(card.name for card in cards)}" for title, cards in groups()]
        lines += ["", f"Mail stays on this machine: {settings.SITE_URL}{reverse('notifications:outbox')}", ""]
    return "\n".join([*lines, "Ctrl-C stops everything.", ""])


def say(text: str) -> None:
    print(f"run: {text}", flush=True)


def refuse(text: str) -> int:
    print(f"\nrun: {text}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(prepare(Path(sys.argv[2])) if sys.argv[1:2] == ["--prepare"] else main())
