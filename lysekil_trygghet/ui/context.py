"""What every template knows about the installation: the municipality's own data, never a person's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest | None = None) -> dict[str, Any]:
    """`municipality`, `portal_name` and `demo` for the shared templates. Reads settings only,
    so a public page stays the same for everybody."""
    return {
        "municipality": municipality(),
        "portal_name": settings.MUNICIPALITY["PORTAL_NAME"],
        "demo": getattr(settings, "DEMO", False),
    }


def municipality() -> dict[str, Any]:
    """The setting with names a template reads easily."""
    data = settings.MUNICIPALITY
    return {
        "code": data.get("CODE", ""),
        "name": data["NAME"],
        "short_name": data.get("SHORT_NAME") or data["NAME"],
        "portal_name": data["PORTAL_NAME"],
        "logo": data.get("LOGO", ""),
        "site_url": data.get("SITE_URL", ""),
        "email": data.get("CONTACT_EMAIL", ""),
        "phone": data.get("CONTACT_PHONE", ""),
        "phone_href": "".join(c for c in data.get("CONTACT_PHONE", "") if c.isdigit() or c == "+"),
        "police_name": data.get("POLICE_NAME", ""),
        "police_stations": [
            {"name": name, "address": address, "url": url} for name, address, url in data.get("POLICE_STATIONS", [])
        ],
        "links": [{"label": label, "url": url} for label, url in data.get("FOOTER_LINKS", [])],
    }
