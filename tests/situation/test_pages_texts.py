"""What is typed: identity numbers never stored, hostile text never run, long text refused in words."""

from __future__ import annotations

import pytest
from django import forms
from django.urls import reverse
from django.utils import timezone

from lysekil_trygghet.history.models import Event
from situation.operations import pictures

from .. import make_situation as make
from ..incidents.typed import HOSTILE, IDENTITY_NUMBER, filled
from ..make_incidents import acting

pytestmark = [pytest.mark.django_db, pytest.mark.strict_database]


def url(name: str, *args) -> str:
    return reverse(f"situation:{name}", args=args)


@pytest.fixture
def world(people):
    """A draft with one of each part, one under review and opened to the Police, one adopted, one published."""
    draft = make.picture()
    opened = pictures.open_to_police(make.picture(state="REVIEW"), by=acting("coordinator"), now=timezone.now())
    return {
        "draft": draft,
        "review": opened,
        "both": make.confirmed(make.picture(state="REVIEW")),
        "adopted": make.picture(state="ADOPTED"),
        "published": make.picture(state="PUBLISHED"),
        "problem": draft.problems.get(),
        "finding": draft.findings.get(),
        "cause": draft.problems.get().causes.get(),
        "free": make.source(),
        "area": make.area(),
    }


# Each page with a form that takes text: name, what its address is made of, who opens it.
PAGES = [
    ("picture_new", (), "coordinator"),
    ("picture_new_own", (), "police_liaison"),
    ("picture_edit", ("draft",), "coordinator"),
    ("picture_comment", ("draft",), "coordinator"),
    ("picture_send_back", ("review",), "police_liaison"),
    ("picture_confirm_in_writing", ("review",), "coordinator"),
    ("picture_adopt", ("both",), "coordinator"),
    ("picture_withdraw", ("published",), "communicator"),
    ("picture_diary", ("adopted",), "registrar"),
    ("finding_new", ("draft",), "coordinator"),
    ("finding_edit", ("draft", "finding"), "coordinator"),
    ("problem_new", ("draft",), "coordinator"),
    ("problem_edit", ("draft", "problem"), "coordinator"),
    ("cause_new", ("draft", "problem"), "coordinator"),
    ("cause_edit", ("draft", "cause"), "coordinator"),
    ("source_new", (), "coordinator"),
    ("source_edit", ("free",), "coordinator"),
    ("area_new", (), "coordinator"),
    ("area_edit", ("area",), "coordinator"),
]


def address_of(world, name, things) -> str:
    return url(name, *(world[thing].pk for thing in things))


def text_fields(form: forms.BaseForm) -> list[str]:
    return [
        name
        for name, field in form.fields.items()
        if isinstance(field, forms.CharField) and not field.widget.is_hidden
    ]


def typed_into(field: forms.CharField) -> str:
    if isinstance(field, forms.URLField):
        return f"https://example.org/{IDENTITY_NUMBER}"
    # Where there is no room for words and century, the ten digits alone.
    return f"Se {IDENTITY_NUMBER}" if field.max_length > 16 else IDENTITY_NUMBER.replace("-", "")[2:]


def complete(page, form) -> dict:
    """What a person sends who has filled in everything there is to fill in."""
    today = str(timezone.localdate())
    data = filled(page)
    for name, field in form.fields.items():
        if data.get(name) or field.widget.is_hidden:
            continue
        if isinstance(field, forms.DateField):
            data[name] = today
        elif isinstance(field, forms.URLField):
            data[name] = "https://example.org/"
        elif isinstance(field, forms.CharField):
            data[name] = "Ord"
        elif isinstance(field, forms.ChoiceField) and field.required:
            data[name] = next(value for value, _label in field.choices if value)
    return data


@pytest.mark.parametrize(("name", "things", "who"), PAGES, ids=[page[0] for page in PAGES])
def test_an_identity_number_in_any_text_is_refused_and_nothing_is_stored(world, client_as, name, things, who):
    client = client_as(who)
    address = address_of(world, name, things)
    page = client.get(address)
    form = page.context["form"]
    fields = text_fields(form)
    assert fields
    for field in fields:
        typed = typed_into(form.fields[field])
        before = Event.objects.count()

        answer = client.post(address, complete(page, form) | {field: typed})

        assert answer.status_code == 422, field
        body = answer.content.decode()
        assert "personnummer eller samordningsnummer" in body, field
        assert typed in body, "what was typed is kept"
        assert Event.objects.count() == before, field


@pytest.mark.parametrize(("name", "things", "who"), PAGES, ids=[page[0] for page in PAGES])
def test_a_million_letters_are_refused_in_words(world, client_as, name, things, who):
    client = client_as(who)
    address = address_of(world, name, things)
    page = client.get(address)
    form = page.context["form"]
    field = text_fields(form)[0]

    answer = client.post(address, complete(page, form) | {field: "å " * 500_000})

    assert answer.status_code == 422
    assert "för lång" in answer.content.decode()


@pytest.mark.parametrize("typed", [HOSTILE, "\u202eomvänt", "a" * 119, "🙂 ä̈ \u00ad", "'; DROP TABLE x; --"])
def test_hostile_text_is_shown_as_it_stands(world, client_as, typed):
    client = client_as("coordinator")
    draft, problem = world["draft"], world["problem"]
    for name, fields, things in (
        ("picture_edit", ("title", "public_summary", "analysis"), (draft,)),
        ("finding_edit", ("claim",), (draft, world["finding"])),
        ("problem_edit", ("title", "what", "where", "when", "who", "rationale"), (draft, problem)),
        ("cause_edit", ("hypothesis", "evidence"), (draft, world["cause"])),
    ):
        address = url(name, *(thing.pk for thing in things))
        data = filled(client.get(address)) | dict.fromkeys(fields, typed)
        assert client.post(address, data).status_code in (303, 422)
    for name in ("picture", "picture_read", "picture_preview", "picture_review"):
        body = client.get(url(name, draft.pk)).content.decode()
        assert "<script>alert" not in body
        assert "<b>fet</b>" not in body
        assert ">49" not in body


@pytest.mark.parametrize("odd", ["a\x00b", "\ud800", "x" * 9, "-1", "1e999", "٣"])
def test_odd_numbers_are_refused_and_break_nothing(world, client_as, odd):
    client = client_as("coordinator")
    page = client.get(url("source_new"))
    data = complete(page, page.context["form"]) | {"n": odd.encode("utf-8", "surrogatepass")}
    assert client.post(url("source_new"), data).status_code in (303, 400, 422)


def test_a_warning_can_be_confirmed_and_an_unknown_choice_cannot(world, client_as):
    client = client_as("coordinator")
    address = url("finding_new", world["draft"].pk)
    page = client.get(address)
    warned = client.post(address, complete(page, page.context["form"]) | {"claim": "Ring 070-123 45 67."})
    assert warned.status_code == 422
    confirmed = client.post(address, filled(warned, confirm_privacy="on"))
    assert confirmed.status_code == 303
    data = complete(page, page.context["form"])
    for field, value in (("sources", "9999"), ("kind", "NOPE"), ("trend", ""), ("area", "x")):
        fresh = client.get(address)
        assert client.post(address, complete(fresh, fresh.context["form"]) | data | {field: value}).status_code == 422
