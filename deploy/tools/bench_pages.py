"""How fast residents' pages are sent, as ratios within one run (machines differ; ratios do not). Part of `make bench`.

One web process of the portal on the PostgreSQL that DATABASE_URL names, with 100 sets, 10,000 promises and 90,000
pieces of news, asked by wrk from the same machine: a kept page against a bare view that returns the same bytes behind
the same middleware; a 304 against the same; through nginx against nginx sending the same bytes from a file; the making
of a page; the search.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETS, PROMISES, NEWS = 100, 100, 90_000
SECONDS, ROUNDS = int(os.environ.get("BENCH_SECONDS", "3")), 5
LEAST = {"kept": 0.6, "unchanged": 0.7, "nginx": 0.8}
MOST = {"made_ms": 25.0, "list_ms": 80.0, "search_ms": 50.0}

FILL = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
call_command("collectstatic", "--noinput", verbosity=0)
import datetime as dt, sys
from django.utils import timezone
from lysekil_trygghet.accounts.demo import load_people
from lysekil_trygghet.accounts.models import Organisation
from pledges.models import Commitment, CommitmentParty, PledgeSet, PriorityArea
sets, each = int(sys.argv[1]), int(sys.argv[2])
now = timezone.now()
load_people(now=now)
lead = Organisation.objects.exclude(kind="POLICE").order_by("pk").first()
words = ("Kommunen ska vara ute på kvällarna och prata med unga på torget.", "Fler lampor ska lysa vid gångvägen.",
         "Trygghetsvandringar ska hållas i varje stadsdel.", "Skolan ska berätta för föräldrar om narkotika.")
made = PledgeSet.objects.bulk_create(
    PledgeSet(slug=f"loften-{n}", title=f"Löften {n}", intro="Det här lovar vi.", state="CLOSED" if n else "PUBLISHED",
              period_start=dt.date(2026 - n // 4, 1, 1), period_end=dt.date(2026 - n // 4, 12, 31),
              published_at=now, closed_at=now if n else None, last_number=each)
    for n in range(sets))
areas = PriorityArea.objects.bulk_create(
    PriorityArea(pledge_set=one, order=order, title=f"Område {order}", why="Det är otryggt i centrum.")
    for one in made for order in (1, 2))
by_set = {}
for area in areas:
    by_set.setdefault(area.pledge_set_id, []).append(area)
promises = Commitment.objects.bulk_create(
    Commitment(pledge_set=one, area=by_set[one.pk][number % 2], number=number, order=number, frozen_at=now,
               text_as_promised=f"{words[number % 4]} Punkt {number} i löfte {one.pk}.",
               delivery_state="DONE" if number % 3 else "ONGOING")
    for one in made for number in range(1, each + 1))
from incidents.models import PublicUpdate
PublicUpdate.objects.bulk_create(
    (PublicUpdate(slug=f"nyhet-{n}", title=f"Nyhet {n}: {words[n % 4][:60]}", lead="Vi berättar hur det går.",
                  body=f"{words[n % 4]} {words[(n // 4) % 4]} Torget och gångvägen, vecka {n % 53}.",
                  state="PUBLISHED", published_at=now - dt.timedelta(minutes=n)) for n in range(int(sys.argv[3]))),
    batch_size=2_000)
from django.db import connection
connection.cursor().execute("ANALYZE")
CommitmentParty.objects.bulk_create(
    CommitmentParty(commitment=promise, organisation=lead, role="LEAD", delivery_state=promise.delivery_state)
    for promise in promises)
"""
BARE = '''
"""The portal with one more address, which returns what a page was, and does nothing else."""
from pathlib import Path
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path
from lysekil_trygghet.urls import *
BYTES = Path(__file__).with_name("page.br").read_bytes()
@login_not_required
def bare(request):
    return HttpResponse(BYTES, content_type="text/html; charset=utf-8", headers={"Content-Encoding": "br"})
urlpatterns = [path("bench/bare/", bare), *urlpatterns]
'''
MAKE = """
import django, statistics, sys, time
django.setup()
from django.test import Client
from lysekil_trygghet.publishing.pages import shelf
client = Client(headers={"host": "127.0.0.1"})
for path in sys.argv[1:]:
    times = []
    for number in range(30):
        shelf.clear()
        begun = time.perf_counter()
        answer = client.get(path)
        times.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    times.sort()
    print(path, statistics.median(times[2:]), times[int(len(times) * 0.95)])
"""


def main() -> int:
    os.environ.setdefault("SECRET_KEY", "bench-" * 10)
    os.environ["DJANGO_SETTINGS_MODULE"] = "lysekil_trygghet.settings"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        os.environ["VAR_DIR"] = str(folder / "var")
        python("-c", FILL, str(SETS), str(PROMISES), str(NEWS))
        failed = made()
        failed |= sent(folder)
    return int(failed)


def python(*words: str) -> str:
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def made() -> bool:
    """Milliseconds to make a page anew, and to search."""
    failed = False
    kinds = {"/loften/loften-3/7/": "made_ms", "/": "made_ms", "/loften/": "list_ms", "/loften/loften-0/": "list_ms"}
    kinds["/sok/?q=trygghetsvandringar+stadsdel"] = "search_ms"
    kinds["/sok/?q=vandring"] = "search_ms"
    for line in python("-c", MAKE, *kinds).splitlines():
        path, median, late = line.split()
        limit = MOST[kinds[path]]
        counted = float(late) if kinds[path] == "search_ms" else float(median)
        failed |= counted > limit
        print(f"made   {path}: median {float(median):.1f} ms, p95 {float(late):.1f} ms (at most {limit:.0f})")
    return failed


def sent(folder: Path) -> bool:
    port, proxy = free_port(), free_port()
    (folder / "bench_urls.py").write_text(BARE)
    page = "/loften/loften-3/7/"
    env = os.environ | {"PYTHONPATH": f"{ROOT}:{folder}", "BENCH_URLS": "bench_urls"}
    with serving(port, env) as plain:
        body = fetch(f"{plain}{page}")
    (folder / "page.br").write_bytes(body)
    settings = "from lysekil_trygghet.settings import *\nROOT_URLCONF = 'bench_urls'\n"
    (folder / "bench_settings.py").write_text(settings)
    env["DJANGO_SETTINGS_MODULE"] = "bench_settings"
    with serving(port, env) as portal, nginx(folder, proxy, port, headers_of(f"{portal}{page}")) as front:
        etag = headers_of(f"{portal}{page}")["etag"]
        fetch(f"{front}{page}")
        rounds = [
            {
                "bare": rate(f"{portal}/bench/bare/"),
                "kept": rate(f"{portal}{page}"),
                "unchanged": rate(f"{portal}{page}", "If-None-Match", etag),
                "file": rate(f"{front}/bench.html"),
                "nginx": rate(f"{front}{page}"),
            }
            for _ in range(ROUNDS)
        ]
    best = {what: max(one[what] for one in rounds) for what in rounds[0]}
    print(f"sent   a page of {len(body):,} bytes as packed")
    print(f"sent   a bare view {best['bare']:,.0f} a second, a file by nginx {best['file']:,.0f}")
    failed = False
    for what, against in (("kept", "bare"), ("unchanged", "bare"), ("nginx", "file")):
        # Each against its neighbour of the same round: what else happens on the machine hits both.
        ratio = statistics.median(one[what] / one[against] for one in rounds)
        failed |= ratio < LEAST[what]
        print(f"sent   {what:<10}{best[what]:>10,.0f} a second, ratio {ratio:.2f} (at least {LEAST[what]})")
    return failed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br"})  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        body: bytes = answer.read()
    return body


def headers_of(url: str) -> dict[str, str]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br"})  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        return {name.lower(): value for name, value in answer.headers.items()}


def rate(url: str, *extra: str) -> float:
    """Answers a second."""
    headers = ["-H", "Accept-Encoding: br", "-H", "Host: 127.0.0.1"]
    headers += ["-H", f"{extra[0]}: {extra[1]}"] if extra else []
    command = ["wrk", "-t1", "-c8", f"-d{SECONDS}s", *headers, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said and not extra:
        sys.exit(f"{url} did not answer well:\n{said}")
    match = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert match, said
    return float(match[1])


@contextlib.contextmanager
def serving(port: int, env: dict[str, str]) -> Iterator[str]:
    how = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--no-ws"]
    how += ["--blocking-threads", "1", "--no-log", "lysekil_trygghet.wsgi:application"]
    with process([sys.executable, "-m", "granian", *how], env, port):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def nginx(folder: Path, port: int, portal: int, headers: Mapping[str, str]) -> Iterator[str]:
    """As deploy/nginx/ sets it up, with one file beside that is sent with the page's own headers: the same bytes."""
    for name in ("http", "pages", "proxy"):
        text = (ROOT / f"deploy/nginx/trygghet-{name}.conf").read_text().replace("/etc/nginx/trygghet/", f"{folder}/")
        (folder / f"trygghet-{name}.conf").write_text(text)
    site = folder / "site"
    site.mkdir()
    shutil.copy(folder / "page.br", site / "bench.html")
    of_nginx = {"server", "date", "content-type", "content-length", "connection", "last-modified", "accept-ranges"}
    marks = {name: '"' if "'" in value else "'" for name, value in headers.items() if name.lower() not in of_nginx}
    same = "".join(f"add_header {name} {mark}{headers[name]}{mark};" for name, mark in marks.items())
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/t-{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;"
        f"events {{ worker_connections 1024; }}"
        f"http {{ access_log off; {temporary} include {folder}/trygghet-http.conf;"
        f"proxy_cache_path {folder}/cache levels=1:2 keys_zone=trygghet:10m inactive=20m use_temp_path=off;"
        f"upstream trygghet {{ server 127.0.0.1:{portal}; keepalive 16; }}"
        f"server {{ listen 127.0.0.1:{port}; root {site}; include {folder}/trygghet-pages.conf;"
        f"location = /bench.html {{ default_type text/html; etag off; {same} }} }} }}"
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    with process([program, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"], dict(os.environ), port):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def process(command: list[str], env: dict[str, str], port: int) -> Iterator[None]:
    running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            sys.exit(f"{command[0]} did not start")
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(20)


if __name__ == "__main__":
    sys.exit(main())
