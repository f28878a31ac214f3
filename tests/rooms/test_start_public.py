"""The page that says how the work is done, in both languages."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/sa-arbetar-vi/", ("Vi lyssnar och tar reda på", "Vem gör vad?", "Medborgarlöfte", "Återrapport")),
        ("/en/sa-arbetar-vi/", ("We listen and find out", "Who does what?", "Citizen promise", "Report-back")),
    ],
)
def test_how_the_work_is_done_is_told_and_leads_on(path, words):
    html = Client().get(path).content.decode()
    for each in words:
        assert each in html
    main = html.split("<main")[1].split("</main>")[0]
    links = re.findall(r'href="(/[^"#]*)"', main)
    prefix = "/en/" if path.startswith("/en/") else "/"
    told = [
        f"{prefix}{part}/" for part in ("lagesbild", "loften", "loften/ni-sa-vi-gjorde", "intensifierat", "kontakt")
    ]
    assert set(told) <= set(links)
    for link in links:
        assert Client().get(link).status_code == 200, link


def test_every_page_leads_to_it():
    for path in ("/", "/kontakt/", "/finns-inte/"):
        assert 'href="/sa-arbetar-vi/"' in Client().get(path).content.decode()
