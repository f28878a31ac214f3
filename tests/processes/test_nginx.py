"""Residents' pages through nginx, as deploy/nginx/ sets it up: fresh within seconds, there when the portal is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from pathlib import Path

import pytest

from .portal import Portal
from .servers import ROOT, Postgres, Running, free_port, port_answers, wait_until

CONFIG = ROOT / "deploy" / "nginx"
PORTAL = {
    "DJANGO_SETTINGS_MODULE": "lysekil_trygghet.settings",
    "SECRET_KEY": "only-for-tests-of-nginx-" + "x" * 60,
    "SITE_URL": "http://127.0.0.1",
    "TRUSTED_PROXY_COUNT": "1",
}
# What a page may take until it shows what was done (issue of the residents' portal): itself, and behind nginx.
AT_THE_PORTAL, THROUGH_NGINX = 5, 15


def nginx_program() -> str:
    return shutil.which("nginx") or "/usr/sbin/nginx"


@dataclass
class Site:
    """One portal with two web processes, and nginx in front of it."""

    portal: Portal
    postgres: Postgres
    web: Running
    port: int
    portal_port: int
    env: dict[str, str]

    def get(self, path: str, *, direct: bool = False, **headers: str) -> tuple[int, str, str]:
        """Status, what nginx's cache did, words."""
        answer, body = self.ask(path, direct=direct, **headers)
        return answer.status, answer.headers.get("X-Cache", ""), body.decode()

    def ask(self, path: str, *, direct: bool = False, **headers: str) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.portal_port if direct else self.port, timeout=20)
        try:
            connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def news(self, act: str, title: str) -> str:
        return self.portal.run("-m", "tests.processes.news", act, title).strip()

    def purge(self) -> None:
        self.portal.run("manage.py", "purge_cache")

    def new_everywhere(self, path: str, true: Callable[[str], bool]) -> tuple[float, float]:
        """Seconds until every web process shows it (asked eight times in a row), and until nginx does."""
        began = time.monotonic()
        wait_until(
            lambda: all(true(self.get(path, direct=True)[2]) for _ in range(8)),
            seconds=AT_THE_PORTAL,
            what=f"{path} is new at the portal",
        )
        itself = time.monotonic() - began
        wait_until(lambda: true(self.get(path)[2]), seconds=THROUGH_NGINX, what=f"{path} is new through nginx")
        return itself, time.monotonic() - began


@pytest.fixture
def site(folder: Path, pattern: Postgres, portal_with) -> Iterator[Site]:
    postgres = pattern.copy_to(folder / "own-postgres").start()
    cache = folder / "cache"
    cache.mkdir()
    nginx = None
    try:
        portal_port = free_port()
        portal = portal_with(postgres=postgres, PROXY_CACHE_DIR=str(cache), PORT=str(portal_port), **PORTAL)
        portal.run("manage.py", "collectstatic", "--noinput", "-v0")
        portal.run("manage.py", "createcachetable", "-v0")
        web = portal.web(portal_port)
        port = free_port()
        file = configured(folder, cache=cache, port=port, portal_ports=[portal_port])
        nginx = Running([nginx_program(), "-c", file, "-g", "daemon off;"], log=folder / "nginx.log", env=portal.env)
        wait_until(lambda: port_answers(port) and port_answers(portal_port), seconds=30, what="the site answers")
        yield Site(portal, postgres, web, port, portal_port, portal.env)
    finally:
        if nginx:
            nginx.stop()
        postgres.stop()


def configured(folder: Path, *, cache: Path, port: int, portal_ports: list[int]) -> Path:
    """The files of deploy/nginx/ as they stand, between an outer file of the test: folders and ports are its own."""
    here = folder / "nginx"
    here.mkdir()
    for name in ("http", "pages", "proxy"):
        text = (CONFIG / f"trygghet-{name}.conf").read_text().replace("/etc/nginx/trygghet/", f"{here}/")
        (here / f"trygghet-{name}.conf").write_text(text)
    temporary = "".join(
        f"{kind}_temp_path {here}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = here / "nginx.conf"
    main.write_text(f"""
    {"user root;" if os.geteuid() == 0 else ""}
    worker_processes 1; pid {here}/pid; error_log {here}/error.log;
    events {{ worker_connections 1024; }}
    http {{
        access_log off; {temporary}
        proxy_cache_path {cache} levels=1:2 keys_zone=trygghet:10m inactive=20m use_temp_path=off;
        include {here}/trygghet-http.conf;
        upstream trygghet {{ {"".join(f"server 127.0.0.1:{one} max_fails=0;" for one in portal_ports)} keepalive 16; }}
        server {{ listen 127.0.0.1:{port}; server_name 127.0.0.1; include {here}/trygghet-pages.conf; }}
    }}""")
    return main


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate and its key."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=kommun -days 2 -keyout {key} -out {certificate}".split(),
        check=True,
        capture_output=True,
    )
    return certificate, key


def is_understood(main: Path, changes: dict[str, str]) -> None:
    """nginx reads `main` and all of deploy/nginx/ beside it, with the folders and certificate of this test."""
    for file in CONFIG.glob("*.conf"):
        text = file.read_text()
        for old, new in {"/etc/nginx/trygghet/": f"{main.parent}/", **changes}.items():
            text = text.replace(old, new)
        (main.parent / file.name).write_text(text)
    tested = subprocess.run([nginx_program(), "-t", "-c", str(main)], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    assert "warn" not in tested.stderr


def test_the_whole_configuration_is_one_nginx_understands(tmp_path, certificate):
    """trygghet.conf itself, inside an outer file as Debian's."""
    main = tmp_path / "nginx.conf"
    main.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ include {tmp_path}/trygghet.conf; }}"
    )
    is_understood(
        main,
        {
            "/etc/ssl/certs/trygg.kommun.example.pem": str(certificate[0]),
            "/etc/ssl/private/trygg.kommun.example.key": str(certificate[1]),
            "/var/cache/nginx/trygghet": str(tmp_path / "cache"),
        },
    )


def test_the_containers_configuration_is_one_nginx_understands(tmp_path, certificate):
    """`resolve` came with nginx 1.27.3; the container has a newer one, this machine perhaps not."""
    is_understood(
        tmp_path / "container.conf",
        {
            "/run/secrets/tls_certificate": str(certificate[0]),
            "/run/secrets/tls_key": str(certificate[1]),
            "/var/cache/nginx/trygghet": str(tmp_path / "cache"),
            "_temp_path /tmp/": f"_temp_path {tmp_path}/",
            "pid /tmp/nginx.pid": f"pid {tmp_path}/pid",
            "server web:8000 resolve;": "server 127.0.0.1:8000;",
            "/dev/stderr": f"{tmp_path}/error.log",
            "/dev/stdout": f"{tmp_path}/access.log",
        },
    )


def test_pages_are_fresh_while_all_is_well_and_there_when_it_is_not(site: Site, say):
    address = site.news("publish", "Fler lampor vid torget")
    assert site.get("/nyheter/")[0] == site.get(address)[0] == 200

    # Kept, the same for all, and nothing of a person in it.
    site.get("/nyheter/")
    assert site.get("/nyheter/")[1] == "HIT"
    answer, body = site.ask("/nyheter/", Accept_Encoding="br, gzip", Cookie="tracker=1", Authorization="Basic eA==")
    assert (answer.headers["Content-Encoding"], answer.headers["Set-Cookie"]) == ("br", None)
    assert site.ask("/nyheter/", Accept_Encoding="gzip, deflate, br;q=0.9")[1] == body
    assert site.ask("/nyheter/", If_None_Match=site.ask("/nyheter/")[0].headers["ETag"])[0].status == 304
    # Who has signed in is sent on, every time.
    for _ in range(2):
        assert site.get("/nyheter/", Cookie="sessionid=abc")[1] == "BYPASS"
    assert site.get("/arbete/")[0] == 302

    # What is published is new within five seconds in every process, within fifteen through nginx; so is what is not.
    site.get("/nyheter/")
    site.news("publish", "Ny mötesplats för unga")
    shown = site.new_everywhere("/nyheter/", lambda text: "Ny mötesplats" in text)
    site.get("/nyheter/")
    site.news("withdraw", "Ny mötesplats för unga")
    gone = site.new_everywhere("/nyheter/", lambda text: "Ny mötesplats" not in text)
    say(
        f"P7: published after {shown[0]:.1f} s at the portal, {shown[1]:.1f} s through nginx; gone after "
        f"{gone[0]:.1f} and {gone[1]:.1f} s"
    )

    # P8: everything forgotten, two hundred ask at once; one of them reaches the portal.
    site.purge()
    with ThreadPoolExecutor(100) as pool:
        ways = Counter(way for _status, way, _text in pool.map(lambda _n: site.get("/nyheter/"), range(200)))
    say(f"P8: two hundred at once: {dict(ways)}")
    assert ways["MISS"] <= 2
    assert sum(ways.values()) == 200

    # The database is away: staff wait, residents notice nothing.
    kept = ("/nyheter/", "/", "/kontakt/", address)
    for path in kept * 8:
        site.get(path, direct=True)
        site.get(path)
    site.postgres.stop()
    time.sleep(11)
    assert [site.get(path)[0] for path in kept] == [200] * 4
    assert [site.get(path, direct=True)[0] for path in kept] == [200] * 4
    status, _way, text = site.get("/intensifierat/")
    assert (status, "Portalen är tillfälligt stängd" in text) == (503, True)
    site.postgres.start()

    # The portal is away too, longer than anything is fresh: kept pages are there, others say so in Swedish.
    site.web.kill()
    time.sleep(12)
    status, way, text = site.get("/nyheter/")
    assert (status, way) == (200, "STALE")
    assert "Fler lampor" in text
    status, _way, text = site.get("/intensifierat/")
    assert status == 503
    assert "112" in text
    assert "tillfälligt borta" in text
    # And what must go, goes without it.
    site.purge()
    wait_until(lambda: site.get("/nyheter/")[0] == site.get(address)[0] == 503, seconds=2, what="what must go is gone")

    # It comes back by itself.
    site.portal.web(site.portal_port)
    with suppress(RemoteDisconnected, ConnectionError):
        wait_until(lambda: site.get("/nyheter/")[0] == 200, seconds=30, what="the portal is back")
    assert "Fler lampor" in site.get("/nyheter/")[2]
