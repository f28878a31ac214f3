"""Every page is closed unless it stands in this list.

Whoever opens a page adds its name here, one line each: the list is what a reviewer reads. A name that is listed
but closed, or no longer there, fails as well, so that the list stays true.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

DATASETS = ("pledge-sets", "commitments", "indicators", "decisions", "news")
# What residents read without signing in.
PUBLIC = {
    "robots",
    "favicon",
    "sitemap",
    # Opened by a secret address.
    "my_calendar",
    "start:feed",
    "start:home",
    "start:search",
    "start:calendar",
    "start:embed_promises",
    "start:oembed",
    "opendata:index",
    "catalogue.rdf",
    "catalogue.ttl",
    "catalogue.jsonld",
    "api:openapi-json",
    "api:api-root",
    *(f"api:{name}{ending}" for name in DATASETS for ending in ("", ".csv", ".xlsx")),
    "start:how_we_work",
    "start:help",
    "start:law",
    "start:changes",
    "start:found_it",
    "start:thanks",
    "start:unsafe_place",
    "start:unsafe_place_thanks",
    "start:accessibility",
    "subscriptions:subscribe",
    "subscriptions:thanks",
    "subscriptions:left",
    "subscriptions:answered",
    # Opened by the signed link in a mail.
    "subscriptions:mine",
    "subscriptions:out",
    "subscriptions:difference",
    "incidents_public:responses",
    "incidents_public:response",
    "incidents_public:decision",
    "incidents_public:package",
    "incidents_public:updates",
    "incidents_public:update",
    "incidents_public:contact",
    "incidents_public:picture",
    "situation_public:pictures",
    "situation_public:picture",
    "situation_public:figure",
    "pledges_public:sets",
    "pledges_public:set",
    "pledges_public:commitment",
    "pledges_public:closing",
    "pledges_public:feedback",
    "pledges_public:walks",
}
# Signing in. allauth itself sends a person who is not signed in on from those that need a person.
SIGN_IN = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    # The admin's own door only leads on to account_login (lysekil_trygghet/urls.py).
    "admin:login",
}
# For those that watch the portal.
HEALTH = {
    "health:live",
    "health:ready",
}
# Answer 404 unless DEMO=1 (tests/rooms/test_sign_in.py).
DEMO = {
    "accounts:roles",
    "accounts:become",
}
OPEN = PUBLIC | SIGN_IN | HEALTH | DEMO


def patterns(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Every pattern there is, with the name `reverse` knows it by (its route, if it has no name)."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from patterns(entry, inner)
        else:
            yield ":".join([*namespaces, entry.name or f"no name: {entry.pattern}"]), entry


def test_what_is_open_is_what_is_listed():
    found = {
        name for name, pattern in patterns(get_resolver()) if not getattr(pattern.callback, "login_required", True)
    }

    assert found - OPEN == set(), "open, but not in the list"
    assert OPEN - found == set(), "in the list, but closed or gone"


def test_every_page_has_a_name():
    without = {name for name, _pattern in patterns(get_resolver()) if "no name:" in name}

    # The admin's own: an old address it still redirects, for each model, and its catch-all. All closed.
    assert without == {"admin:no name: <path:object_id>/", "admin:no name: (?P<url>.*)$"}


@pytest.mark.django_db
def test_a_closed_page_leads_to_the_sign_in_and_back():
    """One of them through the whole machinery: the middleware is really there."""
    answer = Client().get("/arbete/personer/?page=2")

    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/konto/login/?next=/arbete/personer/%3Fpage%3D2",
    )
