"""What a person would send from a page: its form as it stands, with some fields typed over."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

from django.db import connection
from django.forms import BoundField, MultiWidget
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

# An example number from the tax authority's own texts, never somebody's.
IDENTITY_NUMBER = "19121212-1212"
HOSTILE = "<script>alert(1)</script>{{ 7*7 }} <b>fet</b>"


def filled(page: Any, /, **typed: Any) -> dict[str, Any]:
    """The data of the form in the page's context, hidden fields too; `typed` wins."""
    data: dict[str, Any] = {}
    for field in page.context["form"]:
        data.update(_sent(field))
    return data | typed


def _sent(field: BoundField) -> dict[str, Any]:
    value = field.value()
    if isinstance(field.field.widget, MultiWidget):
        parts = field.field.widget.decompress(value) if not isinstance(value, list) else value
        formats = ("%Y-%m-%d", "%H:%M")
        return {
            f"{field.html_name}_{n}": format(part, formats[n]) if part else "" for n, part in enumerate(parts or [])
        }
    if value is None or value is False:
        return {}
    return {field.html_name: "on" if value is True else value}


def ticked(page: Any, /, **typed: Any) -> dict[str, Any]:
    """The same with every box to tick ticked: what somebody sends who has looked at the checks."""
    boxes = {field.html_name: "on" for field in page.context["form"] if field.name.startswith("tick_")}
    return filled(page) | boxes | typed


def moment(name: str, when: dt.datetime) -> dict[str, str]:
    local = timezone.localtime(when)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def picture_file(name: str = "bild.png", size: tuple[int, int] = (640, 400)) -> BytesIO:
    """A small picture with a name, as a browser sends it."""
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, "PNG")
    file.seek(0)
    file.name = name
    return file
