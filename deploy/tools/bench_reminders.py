"""Reminders against a bare loop over SMTP: how fast they are planned and sent, by 1, 2 and 4 senders.

The bare loop sends the same mails, made beforehand, over as many connections to the same kind of sink, in the same
run; only ratios are judged. Also: the memory of a sender, and what a sweep costs among a million old rows.

    bench_reminders.py            100,000 reminders (BENCH_REMINDERS=5000 for a quick look)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.processes.migrated import fill
from tests.processes.portal import Portal
from tests.processes.servers import TEMPLATE, Postgres, Running, Sink, temporary_folder

ROOT = Path(__file__).resolve().parents[2]
REMINDERS = int(os.environ.get("BENCH_REMINDERS", "100000"))
OLD_ROWS = int(os.environ.get("BENCH_OLD_ROWS", "1000000"))
SENDERS = tuple(int(number) for number in os.environ.get("BENCH_SENDERS", "1,2,4").split(","))
# Against the bare loop; how much more a sweep may cost among old rows; how much a sender's memory may grow.
LEAST, MOST_SWEEP, MOST_MEMORY = 0.6, 1.5, 1.1

RAW = """
import json, smtplib, sys, time
port, path, first, step = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
mails = json.load(open(path))[first::step]
server = smtplib.SMTP("127.0.0.1", port)
began = time.time()
for to, body in mails:
    server.sendmail("trygghet@127.0.0.1", [to], body.encode())
print(time.time() - began)
server.quit()
"""
MAILS = """
import json, sys
import django
django.setup()
from lysekil_trygghet.notifications import mails
from lysekil_trygghet.notifications.models import Message
from django.utils import timezone
import email.policy
found = []
for message in Message.objects.prefetch_related("obligations").order_by("pk").iterator(chunk_size=1000):
    letter = mails.compose(message, list(message.obligations.all()), to=message.address, today=timezone.localdate())
    found.append((message.address, letter.message(policy=email.policy.SMTP).as_string()))
json.dump(found, open(sys.argv[1], "w"))
"""
OLD = """
INSERT INTO notifications_message (key, address, reader, moment, message_id, date, state, lease_token, attempts,
  unanswered, last_error, last_error_kind, sent_at, created_at)
SELECT 'old ' || n, 'old-' || n || '@kommun.example', '', now() - interval '1 year', '<old-' || n || '@x>',
  now() - interval '1 year', 'SENT', '', 1, 0, '', '', now() - interval '1 year', now()
FROM generate_series(1, {rows}) n;
INSERT INTO notifications_obligation (key, subject, step, moment, address, reader, heading, number, title, path, state,
  message_id, sent_at, created_at, planner, ladder)
SELECT 'old:' || m.id, 'incidents.assignment:0', 'overdue', m.moment, m.address, '', 'Gammal', '', 'Gammal',
  '/arbete/', 'SENT', m.id, m.sent_at, now(), '', 'old:' || m.id FROM notifications_message m WHERE m.key LIKE 'old %';
"""
SWEEP = """
import statistics, sys, time
import django
django.setup()
from django.conf import settings
settings.NOTIFICATION_PLANNERS, settings.SWEEP_STEPS = [], []
from lysekil_trygghet.notifications.sweeping import database_now, sweep
times = []
for _ in range(30):
    began = time.perf_counter()
    sweep(now=database_now())
    times.append((time.perf_counter() - began) * 1000)
print(statistics.median(times[3:]))
"""


def main() -> int:
    failed = False
    with temporary_folder() as folder, ExitStack() as stack:
        server = Postgres(folder / "postgres").create().start(synchronous_commit="on")
        stack.callback(server.stop)
        fill(server, TEMPLATE)
        failed |= plan_and_send(folder, server)
        failed |= sweep_among_old_rows(folder, server)
    return int(failed)


def plan_and_send(folder: Path, server: Postgres) -> bool:
    server.new_database("planned", template=TEMPLATE)
    with portal(folder, server, "planned") as planner:
        began = time.monotonic()
        planner.seed(REMINDERS)
        seconds = time.monotonic() - began
        print(f"reminders   planned {REMINDERS:,} in {seconds:.1f} s, {REMINDERS / seconds:,.0f} a second", flush=True)
        mails = folder / "mails.json"
        subprocess.run([sys.executable, "-c", MAILS, mails], env=planner.env, cwd=ROOT, check=True)
    failed = False
    for senders in SENDERS:
        bare = send_bare(folder, mails, senders)
        ours, memory = send_ours(folder, server, senders)
        ratio = ours / bare
        failed |= ratio < LEAST or memory > MOST_MEMORY
        print(
            f"reminders   {senders} at once: {ours:,.0f} a second, bare {bare:,.0f}, ratio {ratio:.2f} "
            f"(at least {LEAST}); memory at the end {memory:.2f} times that after a tenth (at most {MOST_MEMORY})",
            flush=True,
        )
    return failed


def send_bare(folder: Path, mails: Path, senders: int) -> float:
    """Mails a second of `senders` plain loops at once."""
    with sink(folder) as target:
        commands = [
            [sys.executable, "-c", RAW, str(target.port), str(mails), str(number), str(senders)]
            for number in range(senders)
        ]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
        seconds = [float(one.communicate()[0]) for one in running]
    return len(json.loads(mails.read_text())) / max(seconds)


def send_ours(folder: Path, server: Postgres, senders: int) -> tuple[float, float]:
    """Mails a second from the first delivery to the last, and how much the first sender's memory grew."""
    name = f"sent_by_{senders}"
    server.new_database(name, template="planned")
    with portal(folder, server, name, SWEEP_BUDGET_SECONDS="3600", SWEEP_SECONDS="0.2") as sending:
        processes = [sending.sweeper() for _ in range(senders)]
        sending.wait_for_deliveries(1, seconds=60)
        began, before = time.monotonic(), sending.delivered()
        sending.wait_until(lambda: sending.delivered() > REMINDERS // 10, seconds=3600, what="a tenth leaves")
        early = memory_of(processes[0])
        sending.wait_until(lambda: sending.delivered() >= REMINDERS, seconds=7200, what="all leave")
        seconds = time.monotonic() - began
        grown = memory_of(processes[0]) / early
        sending.wait_until_done(seconds=60)
        figures = sending.figures()
        assert (figures.rows, figures.lost, figures.double) == (REMINDERS, 0, 0), figures
    return (REMINDERS - before) / seconds, grown


def sweep_among_old_rows(folder: Path, server: Postgres) -> bool:
    costs = []
    for name, rows in (("young", 0), ("old", OLD_ROWS)):
        server.new_database(name, template=TEMPLATE)
        for statement in OLD.format(rows=rows).split(";\n") if rows else ():
            if statement.strip():
                server.query(name, statement)
        server.query(name, "VACUUM ANALYZE")
        with portal(folder, server, name) as quiet:
            costs.append(float(quiet.run("-c", SWEEP)))
    ratio = costs[1] / costs[0]
    print(
        f"reminders   a sweep with nothing to do: {costs[0]:.1f} ms in an empty ledger, {costs[1]:.1f} ms among "
        f"{OLD_ROWS:,} old rows, {ratio:.2f} times (at most {MOST_SWEEP})"
    )
    return ratio > MOST_SWEEP


def memory_of(process: Running) -> float:
    """Resident memory, in kB."""
    status = Path(f"/proc/{process.process.pid}/status").read_text()
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


@contextmanager
def sink(folder: Path) -> Iterator[Sink]:
    place = folder / f"sink-{time.monotonic_ns()}"
    place.mkdir()
    made = Sink(place)
    try:
        yield made
    finally:
        made.stop()


@contextmanager
def portal(folder: Path, server: Postgres, database: str, **env: str) -> Iterator[Portal]:
    place = folder / f"portal-{database}-{time.monotonic_ns()}"
    place.mkdir()
    with sink(folder) as target:
        made = Portal(place, postgres=server, database=database, sink=target, redis=None, **env)
        try:
            yield made
        finally:
            made.stop()


if __name__ == "__main__":
    sys.exit(main())
