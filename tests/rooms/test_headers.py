"""What every answer carries, also the unhappy ones, and addresses that are refused."""

from __future__ import annotations

import pytest
from django.test import Client

from lysekil_trygghet.ui.middleware import is_clean

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "clean"),
    [
        ("", True),
        ("q=b%C3%A5t&page=2", True),
        ("q=a+b%20c", True),
        ("q=%00", False),
        ("q=a%2500", True),
        ("q=%E5", False),
        ("q=%ed%a0%80", False),
        ("%00=1", False),
    ],
)
def test_a_clean_query_is_utf8_without_nul(query, clean):
    assert is_clean(query) == clean


@pytest.mark.parametrize("path", ["/robots.txt?q=%00", "/konto/login/?next=%E5", "/arbete/personer/?page=%00"])
def test_a_broken_address_gets_a_plain_answer(path):
    answer = Client().get(path)

    assert answer.status_code == 400
    assert '<html lang="sv">' in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/robots.txt", 200),
        ("/konto/login/", 200),
        ("/arbete/personer/", 302),
        ("/finns-inte/", 404),
        ("/robots.txt?q=%00", 400),
    ],
)
def test_every_answer_keeps_other_sites_out(path, status):
    answer = Client().get(path)

    assert answer.status_code == status
    shown = {name: answer.headers.get(name) for name in EXPECTED}
    assert shown == EXPECTED
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "camera=()" in answer.headers["Permissions-Policy"]


EXPECTED = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def test_an_old_form_gets_a_plain_answer():
    answer = Client(enforce_csrf_checks=True).post("/konto/login/", {"login": "a@kommun.example"})

    assert answer.status_code == 403
    assert '<html lang="sv">' in answer.content.decode()


def test_robots_are_kept_out_of_the_workers_pages():
    lines = Client().get("/robots.txt").content.decode().splitlines()

    assert "Disallow: /arbete/" in lines
