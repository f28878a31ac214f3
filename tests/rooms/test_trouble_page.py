"""The page for a database or a disk that cannot take anything now: nothing typed is lost."""

from __future__ import annotations

import errno
import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from lysekil_trygghet.start.errors import server_error

TYPED = {"csrfmiddlewaretoken": "a b", "title": "Rutor <krossade>", "note": 'Rad ett\nrad "två"', "once": "x1"}


def answer_to(request, error: Exception) -> HttpResponse:
    try:
        raise error
    except type(error):
        return server_error(request)


def given_back(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


@pytest.mark.parametrize(
    "error",
    [OperationalError("away"), InterfaceError("closed"), OSError(errno.ENOSPC, "full"), OSError(errno.EROFS, "no")],
)
def test_a_form_is_given_back_and_can_be_sent_again(error):
    answer = answer_to(RequestFactory().post("/arbete/handelser/ny/?a=1&b=2", TYPED), error)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert (answer["Retry-After"], answer["Cache-Control"]) == ("30", "no-store")
    assert "<h1>Dina uppgifter är inte sparade</h1>" in page
    assert 'action="/arbete/handelser/ny/?a=1&amp;b=2"' in page
    assert given_back(page) == TYPED
    # To be read and copied as well; neither the token nor what is no text.
    shown = page[page.index("Det du skrev</h2>") :]
    assert "<p>Rutor &lt;krossade&gt;</p>" in shown
    assert "a b" not in shown
    assert "välja på nytt" not in page


def test_a_file_must_be_chosen_anew():
    request = RequestFactory().post(
        "/arbete/nyheter/7/bild/", {"alt": "En ny lampa", "file": SimpleUploadedFile("a", b"1")}
    )
    page = answer_to(request, OSError(errno.ENOSPC, "No space left on device")).content.decode()
    assert "Filen du valde måste du välja på nytt." in page
    assert "inte plats för fler filer" in page
    assert given_back(page) == {"alt": "En ny lampa"}


@pytest.mark.parametrize("path", ["/konto/logga-in/", "/admin/accounts/user/7/password/"])
def test_passwords_are_never_given_back(path):
    page = answer_to(
        RequestFactory().post(path, {"password": "hemligt ord"}), OperationalError("away")
    ).content.decode()
    assert "Dina uppgifter är inte sparade" in page
    assert "hemligt" not in page


def test_a_page_that_is_read_has_nothing_to_give_back():
    answer = answer_to(RequestFactory().get("/arbete/"), OperationalError("away"))
    assert answer.status_code == 503
    assert "Portalen är tillfälligt stängd" in answer.content.decode()
    assert b"<form" not in answer.content


def test_other_faults_stay_faults():
    for error in (ValueError("ours"), OSError(errno.EACCES, "ours")):
        assert answer_to(RequestFactory().post("/arbete/", {"a": "b c"}), error).status_code == 500
