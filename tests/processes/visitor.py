"""Somebody at a browser: asks over HTTP, keeps cookies, fills in the forms of the pages and sends them."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from .portal import Portal

NEW_EVENT = "/arbete/handelser/ny/"
# "No answer" among the statuses: the line was cut, or nothing came in time.
NOTHING = 0


@dataclass
class Answer:
    """What came back, names of header fields in small letters; `status` is `NOTHING` when nothing came."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    seconds: float = 0.0
    why: str = ""

    @property
    def is_done(self) -> bool:
        """The portal said yes: what was sent is saved."""
        return 200 <= self.status < 400


class Visitor:
    """With the session of somebody who has signed in, or without any."""

    def __init__(self, port: int, session: str = "", *, patience: float = 30) -> None:
        self.port, self.patience = port, patience
        self.cookies = {"sessionid": session} if session else {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """As a page's form sends them, with the token that goes with the cookie."""
        token = self.cookies.setdefault("csrftoken", secrets.token_hex(16))
        body = urlencode({"csrfmiddlewaretoken": token} | fields).encode()
        return self._ask("POST", path, body, "application/x-www-form-urlencoded")

    def upload(self, path: str, fields: dict[str, str], *, name: str, file: bytes, called: str) -> Answer:
        token = self.cookies.setdefault("csrftoken", secrets.token_hex(16))
        line = secrets.token_hex(16)
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in {"csrfmiddlewaretoken": token, **fields}.items()
        ]
        head = f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n\r\n'
        body = b"".join(parts) + head.encode() + file + f"\r\n--{line}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={line}")

    def new_event(self, title: str, **more: str) -> Answer:
        """The form of a serious event, as it is sent when all that must be is filled in."""
        fields = {
            "title": title,
            "kind": "DAMAGE",
            "occurred_from_0": "2026-06-08",
            "occurred_from_1": "21:30",
            "place": "Centrum",
            "public_summary": "Rutor krossades i centrum under helgen.",
            "once": secrets.token_urlsafe(16),
        }
        return self.post(NEW_EVENT, fields | more)

    def send_again(self, page: str) -> Answer:
        """Press the button of the page that gives back what was typed."""
        return self.post(NEW_EVENT, hidden_fields(page))

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers |= {"Content-Type": kind}
        began = time.monotonic()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            connection.request(method, path, body=body, headers=headers)
            came = connection.getresponse()
            text = came.read().decode()
        except (OSError, HTTPException) as error:
            return Answer(NOTHING, seconds=time.monotonic() - began, why=type(error).__name__)
        finally:
            connection.close()
        for line in came.headers.get_all("Set-Cookie", ()):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        headers = {name.lower(): value for name, value in came.headers.items()}
        return Answer(came.status, headers, text, time.monotonic() - began)


def sessions(portal: Portal, who: str, *, times: int = 1) -> list[str]:
    return portal.run("-m", "tests.processes.signing_in", who, f"--times={times}").split()


def hidden_fields(page: str) -> dict[str, str]:
    """What the forms of a page carry along."""
    found = re.findall(r"<input\b[^>]*\btype=\"hidden\"[^>]*>", page)
    values = ((re.search(r'\bname="([^"]*)"', tag), re.search(r'\bvalue="([^"]*)"', tag)) for tag in found)
    return {unescape(name[1]): unescape(value[1] if value else "") for name, value in values if name}
