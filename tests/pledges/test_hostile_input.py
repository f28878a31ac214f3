"""Every form of the promises' pages against what nobody should send, as tests/incidents/test_hostile_input.py."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from django import forms
from django.db import connection
from django.urls import reverse

import pledges.forms
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.privacy.forms import PrivateTextMixin

from ..incidents.page_forms import forms_of, replaced, send
from ..incidents.test_hostile_input import (
    A_MEGABYTE,
    ACCEPTED,
    ANSWERED,
    LONGER_THAN_ANY_LIMIT,
    NONSENSE,
    NOT_UTF8,
    NUL,
    Found,
    texts_of,
)
from ..incidents.typed import IDENTITY_NUMBER
from ..incidents.world import World, Writes, undone
from .access_table import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.strict_database]

# Pages without a form of their own that hold small ones.
SMALL_FORMS = {"commitment": "coordinator", "set": "coordinator"}
FORM_PAGES = [name for name, lines in TABLE.items() if any(line.get and line.post for line in lines)]
PAGES = [*FORM_PAGES, *SMALL_FORMS]
# Here something is still lacking, so the page says what instead of asking.
UNREADY = {"set_carry", "set_sign", "closing_propose"}
# What is asked about has no words that can change meanwhile.
SEEN_IS_NOT_ASKED = {
    *("set_open", "proposal_accept", "proposal_decline", "proposal_take_back", "pause_remove", "measure_move")
}
# Numbers with a decimal comma are typed as text; what is no number is refused as that.
NUMBERS = {"baseline_value", "value"}


@pytest.fixture(scope="module")
def found(world):
    """`found("set_edit")`: the forms of that page, of the first thing in the table whose page has any."""
    known: dict[str, list[Found]] = {}

    def look(name: str) -> list[Found]:
        if name not in known:
            known[name] = next((forms for line in TABLE[name] if (forms := opened(world, name, line))), [])
        return known[name]

    return look


def opened(world: World, name: str, line) -> list[Found]:
    may = line.get if name in SMALL_FORMS else (line.get or frozenset()) & (line.post or frozenset())
    who = SMALL_FORMS.get(name) or (sorted(may)[0] if may else "")
    if who not in (may or ()):
        return []
    url = reverse(f"pledges:{name}", args=line.arguments(world))
    page = world.clients[who].get(url)
    if page.status_code != 200:
        return []
    return [
        Found(world, form, who, url)
        for form in forms_of(page.content.decode(), url=url)
        if set(form.names) - {"csrfmiddlewaretoken"} or form.buttons[0][0]
    ]


def test_every_form_is_scanned():
    for module in pkgutil.iter_modules(pledges.forms.__path__, "pledges.forms."):
        made = vars(importlib.import_module(module.name)).values()
        for kind in made:
            if isinstance(kind, type) and issubclass(kind, forms.BaseForm):
                assert issubclass(kind, PrivateTextMixin), kind


def test_the_pages_have_the_forms(found):
    """So that the tests below do not pass because nothing was found."""
    assert {name for name in PAGES if not found(name)} == UNREADY
    assert sum(len(texts_of(one)) for name in PAGES for one in found(name)) > 120


@pytest.mark.parametrize("name", PAGES)
def test_an_identity_number_stops_every_text_and_is_kept_in_the_page_alone(found, name):
    wrong = []
    for one in found(name):
        for text in set(texts_of(one)) - NUMBERS:
            url = any(control.kind == "url" for control in one.form.controls if control.name == text)
            typed = f"https://kommun.example/{IDENTITY_NUMBER}" if url else IDENTITY_NUMBER
            status, form, said, written = one.answer(replaced(one.form.filled(), {text: typed}))
            if status != 422 or "personnummer eller samordningsnummer" not in said or written:
                wrong.append(f"{text}: {status} {written}")
            elif form is None or text not in form.wrong() or form.values(text) != [typed]:
                wrong.append(f"{text}: not shown again, or not as wrong")
    assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_words_that_cannot_be_read_or_are_far_too_long_are_told(found, name):
    for one in found(name):
        texts = texts_of(one)
        if not texts:
            continue
        for value in (NUL, NOT_UTF8):
            status, form, said, written = one.answer(replaced(one.form.filled(), dict.fromkeys(texts, value)))
            assert (status, written) == (422, [])
            assert form is not None
            assert form.wrong() >= set(texts)
            assert said.count("<title>Fel:") == 1
        # Together less than what any body may be.
        values = dict.fromkeys(texts[:8], LONGER_THAN_ANY_LIMIT) | {texts[0]: A_MEGABYTE}
        status, form, _said, written = one.answer(replaced(one.form.filled(), values))
        assert (status, written) == (422, [])
        assert form is not None
        assert form.wrong() >= set(values)
        assert form.values(texts[0]) == [A_MEGABYTE]


@pytest.mark.parametrize("name", PAGES)
def test_nonsense_instead_of_a_choice_a_number_or_a_day_is_answered(found, name):
    """Never a server error, and nothing stored when it is refused."""
    wrong = []
    for one in found(name):
        chosen = [field for field in one.form.chosen if field != "csrfmiddlewaretoken"]
        tries = [{field: value} for field in chosen for value in NONSENSE[:1]]
        tries += [dict.fromkeys(chosen, value) for value in NONSENSE]
        tries += [{field: []} for field in chosen]
        for changes in tries:
            status, _form, _said, written = one.answer(replaced(one.form.filled(), changes))
            if status not in ANSWERED or (status >= 400 and written):
                wrong.append(f"{one.form.action} {str(changes)[:100]}: {status} {written}")
    assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_out_of_date_loses_nothing(found, name):
    for one in found(name):
        if "seen" not in one.form.names or name in SEEN_IS_NOT_ASKED:
            continue
        sensible = one.form.filled()
        if one.answer(sensible)[0] not in ACCEPTED:
            continue  # refused for a reason of its own, whatever the page showed
        typed = {text: f"Min text i {text}" for text in texts_of(one) if not text.endswith("_url")}
        status, form, said, written = one.answer(replaced(sensible, {**typed, "seen": "1999999999"}))
        assert (status, written) == (409, []), one.form.action
        assert "Någon annan har ändrat" in said
        assert form is not None
        assert {text: form.values(text) for text in typed} == {text: [words] for text, words in typed.items()}
        assert form.values("seen") != ["1999999999"]


@pytest.mark.parametrize("name", PAGES)
def test_a_form_sent_twice_is_carried_out_once(found, name):
    for one in found(name):
        if {button for button, _value in one.form.buttons} == {"move"}:
            continue  # a step up twice is two steps up
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
