"""Every form and every address of the staff pages against what nobody should send.

The forms are found by opening the pages of access_table.py and reading their HTML, so a new form is tested without
being named here. Each is first filled in as somebody sensible would, and then one thing is made wrong.
"""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from django import forms
from django.db import connection
from django.urls import reverse

import incidents.forms
import lysekil_trygghet.accounts.forms
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.privacy.forms import PrivateTextMixin
from lysekil_trygghet.ui.forms import PortalFormMixin

from .access_table import TABLE
from .page_forms import PageForm, forms_of, replaced, send
from .typed import IDENTITY_NUMBER
from .world import World, Writes, undone

pytestmark = [pytest.mark.django_db, pytest.mark.strict_database]

ACCEPTED = (302, 303)
ANSWERED = (200, 302, 303, 400, 403, 404, 409, 422)
# Pages without a form of their own that hold small ones.
SMALL_FORMS = {
    "incidents:assignment": "officer_social",
    "incidents:diary": "registrar",
    "incidents:police": "police_liaison",
    "start_staff:my_work": "head_social",
}
LINES = {f"{namespace}:{name}": lines for namespace, names in TABLE.items() for name, lines in names.items()}
FORM_PAGES = [name for name, lines in LINES.items() if any(line.get and line.post for line in lines)]
PAGES = [*FORM_PAGES, *SMALL_FORMS]
READABLE = [name for name, lines in LINES.items() if any(line.get for line in lines)]

NUL, NOT_UTF8, HALF_A_CHARACTER = b"Hej \x00 du", b"Hej \xff\xfe du", b"Hej \xed\xa0\xbd du"
LONGER_THAN_ANY_LIMIT = "å" * 20_001
A_MEGABYTE = "å" * 500_000
# In the place of a number, a choice, a day: nothing that is meant.
NONSENSE = ("-1", "9" * 40, "9" * 5000, "1e999", "\x00", "١", "abc", "0001-01-01", "9999-12-31", "25:61")


class Found:
    """A form as it stands on its page, and whoever has it open."""

    def __init__(self, world: World, form: PageForm, who: str, page: str) -> None:
        self.client = world.clients[who]
        self.form, self.who, self.page = form, who, page

    def answer(self, pairs):
        """(status, the form as it came back, what it said, the tables written to); what was done is undone."""
        writes = Writes()
        with undone(), connection.execute_wrapper(writes):
            answer = send(self.client, self.form, pairs)
            said = answer.content.decode()
        return answer.status_code, self.came_back(said), said, writes.tables

    def came_back(self, html: str) -> PageForm | None:
        """The same form in an answer: the one that holds most of the same names."""
        held = [(len(set(form.names) & set(self.form.names)), form) for form in forms_of(html, url=self.page)]
        most, form = max(held, key=lambda pair: pair[0], default=(0, None))
        return form if most > 1 else None


@pytest.fixture(scope="module")
def found(world):
    """`found("incidents:event_edit")`: the forms of that page, of the first thing in the table whose page has any."""
    known: dict[str, list[Found]] = {}

    def look(name: str) -> list[Found]:
        if name not in known:
            known[name] = next((list_ for line in LINES[name] if (list_ := _open(world, name, line))), [])
        return known[name]

    return look


def _open(world: World, name: str, line) -> list[Found]:
    may = line.get if name in SMALL_FORMS else (line.get or frozenset()) & (line.post or frozenset())
    who = SMALL_FORMS.get(name) or (sorted(may)[0] if may else "")
    if who not in (may or ()):
        return []
    url = reverse(name, args=line.arguments(world))
    page = world.clients[who].get(url)
    if page.status_code != 200 or page.streaming:
        return []
    return [
        Found(world, form, who, url)
        for form in forms_of(page.content.decode(), url=url)
        if set(form.names) - {"csrfmiddlewaretoken"}
    ]


def texts_of(found: Found) -> list[str]:
    """What is typed, where the form really sends it."""
    sent = {name for name, _value in found.form.filled()}
    return [name for name in found.form.typed if name in sent]


# --- The forms are all there and all scanned ------------------------------------------------------------


def _portal_forms() -> list[type[forms.BaseForm]]:
    for package in (incidents.forms,):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    assert lysekil_trygghet.accounts.forms
    classes, waiting = set(), [PortalFormMixin]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind not in classes:
                classes.add(kind)
                waiting.append(kind)
    return sorted(classes, key=lambda kind: (kind.__module__, kind.__qualname__))


def _has_words(kind: type[forms.BaseForm]) -> bool:
    return any(
        isinstance(field, forms.CharField | forms.FileField | forms.JSONField) for field in kind.base_fields.values()
    )


@pytest.mark.parametrize("kind", [kind for kind in _portal_forms() if hasattr(kind, "base_fields")], ids=str)
def test_every_form_with_words_or_files_in_it_is_scanned(kind):
    assert issubclass(kind, PrivateTextMixin) or not _has_words(kind)


BUTTONS_ALONE = {"accounts:deactivate", "mailroom:send_again", "mailroom:arrived", "mailroom:set_aside"}


def test_the_pages_have_the_forms(found):
    """So that the tests below do not pass because nothing was found."""
    assert {name for name in PAGES if not found(name)} == BUTTONS_ALONE
    assert sum(len(texts_of(one)) for name in PAGES for one in found(name)) > 150


# --- Words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_an_identity_number_stops_every_text_and_is_kept_in_the_page_alone(found, name):
    wrong = []
    for one in found(name):
        for text in texts_of(one):
            email = any(control.kind == "email" for control in one.form.controls if control.name == text)
            typed = "191212121212@kommun.example" if email else IDENTITY_NUMBER
            status, form, said, written = one.answer(replaced(one.form.filled(), {text: typed}))
            if status != 422 or "personnummer eller samordningsnummer" not in said or written:
                wrong.append(f"{text}: {status} {written}")
            elif form is None or text not in form.wrong() or form.values(text) != [typed]:
                wrong.append(f"{text}: not shown again, or not as wrong")
    assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_what_cannot_be_read_is_told_in_every_text(found, name):
    """Each kind on every third page: all forms read what is sent in the same way."""
    value = (NUL, NOT_UTF8, HALF_A_CHARACTER)[PAGES.index(name) % 3]
    for one in found(name):
        texts = set(texts_of(one))
        if not texts:
            continue
        status, form, said, written = one.answer(replaced(one.form.filled(), dict.fromkeys(texts, value)))
        assert (status, written) == (422, [])
        assert form is not None
        assert form.wrong() >= texts
        assert said.count("<title>Fel:") == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_megabyte_is_told_to_be_too_long_and_comes_back(found, name):
    for one in found(name):
        texts = texts_of(one)
        if not texts:
            continue
        values = dict.fromkeys(texts, LONGER_THAN_ANY_LIMIT) | {texts[0]: A_MEGABYTE}
        status, form, said, written = one.answer(replaced(one.form.filled(), values))
        assert (status, written) == (422, [])
        assert form is not None
        assert form.wrong() >= set(texts)
        assert form.values(texts[0]) == [A_MEGABYTE]
        assert "för lång" in said or "giltig e-postadress" in said


# --- Everything else in a form ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_nonsense_instead_of_a_choice_a_number_or_a_day_is_answered(found, name):
    """One at a time and all at once: never a server error, and nothing stored when it is refused."""
    wrong = []
    for one in found(name):
        chosen = [field for field in one.form.chosen if field != "csrfmiddlewaretoken"]
        tries = [{field: NONSENSE[number % 2]} for number, field in enumerate(chosen)]
        tries += [{field: "två ord"} for field in chosen if field == "once"]
        tries += [dict.fromkeys(chosen, value) for value in NONSENSE]
        tries += [{field: []} for field in chosen]
        for changes in tries:
            status, _form, _said, written = one.answer(replaced(one.form.filled(), changes))
            if status not in ANSWERED or (status >= 400 and written):
                wrong.append(f"{one.form.action} {str(changes)[:100]}: {status} {written}")
    assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_a_name_sent_twice_is_answered(found, name):
    for one in found(name):
        sensible = one.form.filled()
        status, *_rest = one.answer(sensible + sensible)
        assert status in ANSWERED
        status, _form, said, written = one.answer(sensible + [(text, IDENTITY_NUMBER) for text in texts_of(one)])
        if texts_of(one):
            assert (status, written) == (422, [])
            assert "personnummer eller samordningsnummer" in said


# --- A page that is old, and a form that comes twice -------------------------------------------------------

# What the question is about has no words that can change: the answer is the same whatever the page showed.
SEEN_IS_NOT_ASKED = {
    *("incidents:decision_issue", "incidents:decision_revise", "incidents:round", "incidents:former_text_hide"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_out_of_date_loses_nothing(found, name):
    for one in found(name):
        if "seen" not in one.form.names or name in SEEN_IS_NOT_ASKED:
            continue
        sensible = one.form.filled()
        if one.answer(sensible)[0] not in ACCEPTED:
            continue  # refused for a reason of its own, whatever the page showed
        typed = {text: f"Min text i {text}" for text in texts_of(one) if not text.endswith(("email", "phone", "note"))}
        status, form, said, written = one.answer(replaced(sensible, {**typed, "seen": "1999999999"}))
        assert (status, written) == (409, []), one.form.action
        assert "Någon annan har ändrat" in said
        assert form is not None
        assert {text: form.values(text) for text in typed} == {text: [words] for text, words in typed.items()}
        assert form.values("seen") != ["1999999999"]


@pytest.mark.parametrize("name", PAGES)
def test_a_form_sent_twice_is_carried_out_once(found, name):
    for one in found(name):
        sensible = one.form.filled()
        with undone():
            first = send(one.client, one.form, sensible)
            if first.status_code not in ACCEPTED:
                continue
            before, writes = Event.objects.count(), Writes()
            with connection.execute_wrapper(writes):
                second = send(one.client, one.form, sensible)
            assert second.status_code in ANSWERED, one.form.action
            assert Event.objects.count() == before, f"{one.form.action}: done twice"
            assert writes.tables == [], f"{one.form.action}: {writes.tables}"


# --- Addresses --------------------------------------------------------------------------------------------

ASKED = ("page", "status", "insats", "forvaltning", "visning", "sprak", "visa", "till", "slag", "texter", "next")


@pytest.mark.parametrize("value", ["-1", "abc", "0", "9" * 40, "9" * 5000, "1e9", "١", "%27%3Cscript%3E", ""])
def test_nonsense_in_the_query_is_answered(world, value):
    """Filters, pages and choices in the address: the page as it is, or told in words."""
    query = "&".join(f"{name}={value}" for name in ASKED) + f"&page={value}"
    assert _statuses(world, query) <= {200, 302, 303, 404, 422}


@pytest.mark.parametrize("value", ["%00", "%ff%fe", "%ed%a0%bd", "a%c3"])
def test_a_query_no_honest_link_holds_is_400(world, value):
    assert _statuses(world, f"page={value}") == {400}


def _statuses(world: World, query: str) -> set[int]:
    statuses = set()
    for name in READABLE:
        line = next(line for line in LINES[name] if line.get or line.exists == frozenset())
        if not line.get:
            continue
        with undone():
            url = reverse(name, args=line.arguments(world))
            answer = world.clients[sorted(line.get)[0]].get(f"{url}?{query}")
            b"".join(answer)  # read to its end, a file closes itself
        statuses.add(answer.status_code)
    return statuses


# --- What is no form at all -------------------------------------------------------------------------------

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"title=" + b"a" * 5_000_000, FORM),
        (b"&".join(b"f%d=1" % number for number in range(1_001)), FORM),
        (b"title=a", "multipart/form-data"),
        (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary="),
        (b"title=a", f"{FORM}; charset=utf-16"),
    ],
    ids=["5 MB", "1001 fields", "no boundary", "empty boundary", "odd charset"],
)
def test_a_body_no_browser_sends_is_refused_in_swedish(world, body, kind):
    answer = world.clients["coordinator"].post("/arbete/handelser/ny/", body, content_type=kind)
    assert answer.status_code in (400, 413, 422)
    assert 'lang="sv"' in answer.content.decode()


def test_other_than_a_form_is_a_form_with_nothing_in_it(world):
    answer = world.clients["coordinator"].post(
        "/arbete/handelser/ny/", b"[" * 100_000, content_type="application/json"
    )
    assert answer.status_code == 422
