"""Real servers for tests: PostgreSQL, Redis, a mail sink and the portal's own processes, on free ports.

Everything lives in one temporary folder and is stopped at the end, on failure too. Only processes started here are
ever touched. The whole suite can be run on a PostgreSQL of its own:

    python -m tests.processes.servers postgres -- python -m pytest
"""

from __future__ import annotations

import glob
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
OWNER = "trygghet"
TEMPLATE = "portal"
PORTS = range(12_000, 32_000)


class ServerMissing(RuntimeError):
    """A program the tests need is not installed on this machine."""


class TooSlow(AssertionError):
    """Something did not happen in time."""


def free_port() -> int:
    """Below those the system gives to outgoing connections, else one of these may sit on it during a restart."""
    while True:
        port = secrets.randbelow(PORTS.stop - PORTS.start) + PORTS.start
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(true: Callable[[], object], *, seconds: float, what: str, every: float = 0.05) -> float:
    """Ask again and again until `true()`; returns how long it took. Raises `TooSlow`."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise TooSlow(f"{what}: not within {seconds} s")
        time.sleep(every)
    return time.monotonic() - began


def port_answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def faketime_library() -> str:
    """The variant for programs with threads, wherever this machine keeps it."""
    for pattern in ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/*/faketime/libfaketime.so.1"):
        for path in sorted(glob.glob(pattern)):
            return path
    raise ServerMissing("libfaketime is not installed")


class Running:
    """A process of ours with its output in a file."""

    def __init__(self, command: Sequence[str | Path], *, log: Path, env: dict[str, str], **options) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                start_new_session=True,
                **options,
            )

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def send(self, number: int) -> None:
        if self.is_alive:
            self.process.send_signal(number)

    def kill(self) -> None:
        """As a power cut: the process and all its children, at once."""
        self.send_to_all(signal.SIGKILL)
        self.process.wait()

    def stop(self, *, number: int = signal.SIGTERM, seconds: float = 15) -> int:
        """Ask to stop, wait, and only then force. Returns the exit code."""
        self.send_to_all(signal.SIGCONT)
        self.send(number)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self.send_to_all(signal.SIGKILL)
        return self.process.wait()

    def send_to_all(self, number: int) -> None:
        """To the process and its children, as a terminal's Ctrl-C or a plain service manager does."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def words(self) -> str:
        return self.log.read_text(errors="replace")


def children_of(running: Running) -> list[int]:
    """The processes it has started itself; none when it has ended."""
    pid = running.process.pid
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


# --- PostgreSQL -------------------------------------------------------------------------------------


def postgres_program(name: str) -> str:
    found = shutil.which(name) or next(
        iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=_version, reverse=True)), None
    )
    if found is None:
        raise ServerMissing(f"PostgreSQL's {name} is not installed")
    return found


def _version(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part.isdigit()]


def _as_postgres() -> dict[str, object]:
    """PostgreSQL refuses to run as root; then it runs as the user its package made."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


class Postgres:
    """A database server of our own in `folder`, which may be a copy of one that was stopped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port = 0
        self.running: Running | None = None

    def create(self) -> Postgres:
        self.folder.mkdir(parents=True)
        self._hand_over()
        subprocess.run(
            [
                postgres_program("initdb"),
                *("--pgdata", str(self.data), "--username", OWNER, "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            **_as_postgres(),
        )
        return self

    def copy_to(self, folder: Path) -> Postgres:
        shutil.copytree(self.folder, folder, symlinks=True)
        copy = Postgres(folder)
        (copy.data / "postmaster.pid").unlink(missing_ok=True)
        copy._hand_over()
        return copy

    def standby(self, folder: Path) -> Postgres:
        """A copy of this running server that goes on following it; not started yet."""
        folder.mkdir(parents=True)
        copy = Postgres(folder)
        copy._hand_over()
        subprocess.run(
            [
                postgres_program("pg_basebackup"),
                *("--host", "127.0.0.1", "--port", str(self.port), "--username", OWNER, "--pgdata", str(copy.data)),
                *("--write-recovery-conf", "--checkpoint", "fast", "--no-sync"),
            ],
            check=True,
            cwd=folder,
            **_as_postgres(),
        )
        return copy

    def _hand_over(self) -> None:
        if os.geteuid() == 0:
            for path in [self.folder, *self.folder.rglob("*")]:
                shutil.chown(path, "postgres", "postgres")

    def start(self, *, env: dict[str, str] | None = None, **more: str) -> Postgres:
        """With `env` for the process, and settings of PostgreSQL beyond those below."""
        self.port = self.port or free_port()
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "max_connections": "80",
            "shared_buffers": "64MB",
            # These data live as long as the test and need not survive a power cut. What is committed must still
            # survive a crash of the server itself, so synchronous_commit stays on.
            "fsync": "off",
            "full_page_writes": "off",
            **more,
        }
        command = [postgres_program("postgres"), "-D", str(self.data), "-p", str(self.port)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        self.running = Running(
            command,
            log=self.folder.parent / f"{self.folder.name}.log",
            env=os.environ | (env or {}),
            cwd=self.folder,
            **_as_postgres(),
        )
        wait_until(self._answers, seconds=30, what="PostgreSQL starts")
        return self

    def _answers(self) -> bool:
        assert self.running is not None
        if not self.running.is_alive:
            raise RuntimeError(f"PostgreSQL did not start: {self.running.words()}")
        try:
            self.query("postgres", "SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        if self.running is not None:
            self.running.stop(number=signal.SIGINT, seconds=20)

    def kill(self) -> None:
        """As a power cut."""
        if self.running is not None:
            self.running.kill()

    def crash_and_restart(self) -> None:
        """What `pg_ctl restart -m immediate` does: every connection is cut, recovery at the next start."""
        assert self.running is not None
        self.running.stop(number=signal.SIGQUIT, seconds=10)
        self.start()

    def url(self, name: str) -> str:
        return f"postgres://{OWNER}@127.0.0.1:{self.port}/{name}"

    def query(self, name: str, sql: str) -> list[tuple]:
        """One statement, committed at once, for the test's own eyes."""
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=OWNER, dbname=name, autocommit=True, connect_timeout=5
        ) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def new_database(self, name: str, *, template: str = "template1") -> str:
        self.query("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="trygghet-servers-"))
    # PostgreSQL's user must be able to pass through.
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class SmallDisk:
    """A disk of so many megabytes, in memory: it can be filled to the last byte and freed again."""

    def __init__(self, folder: Path, *, megabytes: int) -> None:
        self.folder, self.filling = folder, folder / "filling"
        folder.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)],
            capture_output=True,
            text=True,
        )
        if mounted.returncode:
            raise ServerMissing(f"a small disk cannot be mounted here, which takes root: {mounted.stderr.strip()}")

    def fill(self) -> None:
        """Take whatever is left, with what has become free since."""
        with self.filling.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(64 * 1024))
        with self.filling.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(512))

    def free(self) -> None:
        self.filling.unlink()

    @property
    def room(self) -> int:
        return shutil.disk_usage(self.folder).free

    def __enter__(self) -> SmallDisk:
        return self

    def __exit__(self, *_error: object) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


# --- Redis and the mail sink ------------------------------------------------------------------------


class Redis:
    """A broker of our own; what it holds survives a crash only as far as Redis itself promises."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.running: Running | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> Redis:
        program = shutil.which("redis-server")
        if program is None:
            raise ServerMissing("redis-server is not installed")
        self.folder.mkdir(exist_ok=True)
        self.running = Running(
            [
                *(program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)),
                *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
                *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
            ],
            log=self.folder.parent / f"{self.folder.name}.log",
            env=dict(os.environ),
        )
        wait_until(lambda: self.say("PING") == "+PONG", seconds=10, what="Redis starts")
        return self

    def say(self, *words: str) -> str:
        """One command; the first line of the answer, empty if there was none."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.sendall((" ".join(words) + "\r\n").encode())
                return line.recv(1000).decode().splitlines()[0]
        except (OSError, IndexError):
            return ""

    def stop(self) -> None:
        if self.running is not None:
            self.running.stop()


class Sink:
    """A mail server that delivers to a file: Message-ID, Date and recipient, written before it says yes."""

    def __init__(self, folder: Path, **switches: float | str) -> None:
        self.port = free_port()
        self.delivered = folder / "delivered.tsv"
        self.delivered.touch()
        command = [sys.executable, "-m", "tests.processes.sink", "--port", self.port, "--log", self.delivered]
        for name, value in switches.items():
            command.append(f"--{name.replace('_', '-')}={value}")
        self.command = [str(part) for part in command]
        self.come()

    def come(self) -> None:
        """Begin to answer, for the first time or again."""
        log = self.delivered.with_name("sink.log")
        self.running = Running(self.command, log=log, env=dict(os.environ), cwd=ROOT)
        wait_until(lambda: port_answers(self.port), seconds=20, what="the mail sink starts")

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def deliveries(self) -> list[tuple[str, str, str]]:
        lines = self.delivered.read_text().splitlines()
        return [tuple(line.split("\t")) for line in lines]  # type: ignore[misc]

    def refused(self) -> list[tuple[str, str]]:
        """The recipients that were not taken: code and address."""
        lines = self.delivered.with_name("refused.tsv").read_text().splitlines()
        return [tuple(line.split("\t")) for line in lines]  # type: ignore[misc]

    def stop(self) -> None:
        self.running.stop()


# --- The portal's own processes ---------------------------------------------------------------------


def portal_env(folder: Path, *, database_url: str, **extra: str) -> dict[str, str]:
    """The environment the portal's processes run in: nothing of the caller's portal settings leaks in."""
    folder.mkdir(parents=True, exist_ok=True)
    passed = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
    return {
        **passed,
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "tests.processes.settings",
        "DATABASE_URL": database_url,
        "VAR_DIR": str(folder),
        **extra,
    }


def manage(*arguments: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], env=env, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def main(arguments: list[str]) -> int:
    """`postgres -- command …`: run the command with DATABASE_URL on a PostgreSQL of its own."""
    if len(arguments) < 3 or arguments[:2] != ["postgres", "--"]:
        sys.stderr.write("usage: python -m tests.processes.servers postgres -- command …\n")
        return 2
    from .migrated import fill  # which starts servers itself

    with temporary_folder() as folder:
        server = Postgres(folder / "postgres").create()
        try:
            # Nothing crashes here on purpose, so nobody waits for a commit to be written.
            server.start(synchronous_commit="off")
            env = os.environ | {"DATABASE_URL": fill(server, TEMPLATE), "TEST_DATABASE_TEMPLATE": TEMPLATE}
            return subprocess.run(arguments[2:], env=env).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    # A stop signal must still stop the servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
