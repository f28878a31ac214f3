"""What tests of the workers' pages share: an address, a form filled in and sent, the words of an answer."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ..incidents.typed import filled


def url(name: str, *args: Any) -> str:
    return reverse(f"pledges:{name}", args=[getattr(one, "pk", one) for one in args])


def sent(client: Client, address: str, /, **typed: Any) -> Any:
    """The form at `address`, filled in and sent."""
    page = client.get(address)
    assert page.status_code == 200, (page.status_code, address)
    return client.post(address, filled(page, **typed))


def done(client: Client, address: str, /, **typed: Any) -> Any:
    """Sent and carried out."""
    answer = sent(client, address, **typed)
    assert answer.status_code == 303, words_of(answer)
    return answer


def words_of(answer: Any) -> str:
    """What a page says, without its tags."""
    main = answer.content.decode().partition("<main")[2] or answer.content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def day(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)
