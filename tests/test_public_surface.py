"""Nothing unpublished leaks: every text of every thing carries its own word, and every open page is searched for them.

What residents may read stands in `SHOWN`, field by field. The test is an equality: the words found are exactly
those of the fields in that table, of the things that are published. So it fails when something leaks, and also
when the search could no longer find a leak.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import re
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone, translation

from incidents import models as rows
from incidents.lifecycle import (
    AssignmentState,
    DecisionState,
    MeetingKind,
    MinutesState,
    Outcome,
    PublicationState,
    ReportState,
    RequestKind,
    ResponseState,
    RoundState,
)
from incidents.models.police_text import PoliceText
from incidents.operations import publication
from incidents.operations.police import change_police_text
from incidents.topics import response_topic
from lysekil_trygghet.accounts.models import Organisation, OrganisationKind, User
from lysekil_trygghet.history.models import Event, FormerText
from lysekil_trygghet.publishing.models import Publishable
from lysekil_trygghet.start.changes import KINDS as CHANGED
from lysekil_trygghet.start.search import SEARCHED
from lysekil_trygghet.subscriptions import topics
from lysekil_trygghet.subscriptions.links import token_of
from lysekil_trygghet.subscriptions.models import Asked, Subscriber, Subscription, new_reader
from pledges.models import Commitment, Feedback, PledgeSet, PriorityArea, SafetyWalk
from pledges.operations import feedback, walks
from pledges.topics import area_topic, promise_topic
from situation.models import Figure, SituationPicture
from situation.operations import pictures

from . import canaries_pledges, canaries_situation
from . import make_incidents as make
from .test_open_pages import OPEN, patterns

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)

# Model → the fields residents read of it, once it is published. Everything else is of the inside.
SHOWN: dict[str, tuple[str, ...]] = {
    "SeriousEvent": ("title", "place", "public_summary", "public_summary_en"),
    "Response": (
        "slug",
        "title",
        "title_en",
        "background",
        "background_en",
        "easy_text",
        "limits_text",
        "limits_text_en",
    ),
    "SteeringDecision": ("number", "aim", "aim_en", "decided_by_function"),
    "DirectionPoint": ("text", "text_en"),
    "Approach": ("text", "text_en"),
    "Assignment": ("public_text", "public_text_en"),
    "ReportBack": ("public_text", "public_text_en"),
    "ContactPoint": (
        *("name", "name_en", "phone", "email", "place"),
        *("what_for", "what_for_en", "not_for", "not_for_en"),
    ),
    "OpeningException": ("note",),
    "Meeting": ("title", "outcome_public", "outcome_public_en"),
    "FollowUpRound": ("summary_public", "summary_public_en"),
    "PoliceUndertaking": ("text", "text_en", "from_when"),
    "Picture": ("alt", "alt_en", "credit", "sizes"),
    "PublicUpdate": ("slug", "title", "title_en", "lead", "lead_en", "body", "body_en"),
    "ActionPackage": ("title", "title_en", "lead", "lead_en"),
    "PackageItem": ("what", "what_en", "from_when"),
    "Reinforcement": ("public_note", "public_note_en"),
    "Correction": ("text", "text_en"),
    "Organisation": ("name",),
    **canaries_situation.SHOWN,
    **canaries_pledges.SHOWN,
}
# Residents read these only when the thing has ended.
SHOWN_WHEN_ENDED = ("closing_text", "closing_text_en")


@dataclass
class Aviary:
    """Makes things whose every text is a word of its own, and knows which words residents should meet."""

    now: dt.datetime
    planted: dict[str, str] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    shown_things: list[models.Model] = field(default_factory=list)

    def word(self, label: str) -> str:
        number = len(self.planted)
        # Letters only, and none a word's beginning: "kanariea" must not be found in "kanarieab".
        letters = "".join("abcdefghij"[int(digit)] for digit in f"{number:04d}")
        word = f"kanarie{letters}x"
        self.planted[word] = label
        return word

    def add(self, model: type[models.Model], *, shown: bool = False, why: str = "", **fixed: Any) -> Any:
        """One row with a word in every free text; `why` says in a failure which row it was."""
        name = model.__name__
        self.made.add(name)
        readable = SHOWN.get(name, ())
        if DecisionState.ENDED in fixed.values():
            readable += SHOWN_WHEN_ENDED
        values: dict[str, Any] = {}
        for column in model._meta.concrete_fields:
            if column.name in fixed or column.choices or column.primary_key:
                continue
            if isinstance(column, models.CharField | models.TextField | models.JSONField):
                word = self.word(f"{name}.{column.name} ({why or ('shown' if shown else 'hidden')})")
                values[column.name] = self._value(column, word)
                if shown and column.name in readable:
                    self.shown.add(word)
        thing = model._default_manager.create(**values, **fixed)
        if shown:
            self.shown_things.append(thing)
        return thing

    def _value(self, column: models.Field, word: str) -> Any:
        if isinstance(column, models.EmailField):
            return f"{word}@kommun.example"
        if column.name == "sizes":
            default_storage.save(f"{word}.webp", ContentFile(b"webp"))
            return [{"width": 480, "height": 320, "webp": f"{word}.webp", "jpeg": f"{word}.webp"}]
        if isinstance(column, models.JSONField):
            return {"text": word}
        return word

    # The ways of not being published, each a row of its own.
    def hidden_ways(self, model: type[models.Model]) -> Iterator[tuple[str, dict[str, Any]]]:
        published = {"published_at": self.now - DAY}
        states = any(column.name == "state" for column in model._meta.fields) and model.__name__ in (
            "PublicUpdate",
            "ActionPackage",
        )
        police = issubclass(model, PoliceText)
        confirmed = {"confirmed_by_police": True} if police else {}
        yield "unpublished", confirmed | ({"state": PublicationState.APPROVED} if states else {})
        yield (
            "withdrawn",
            confirmed
            | published
            | {"withdrawn_at": self.now}
            | ({"state": PublicationState.WITHDRAWN} if states else {}),
        )
        if police:
            about = {"about_police": True} if any(f.name == "about_police" for f in model._meta.fields) else {}
            yield (
                "not confirmed by the Police",
                published | about | ({"state": PublicationState.PUBLISHED} if states else {}),
            )


@pytest.fixture
def aviary(settings, tmp_path) -> Aviary:
    settings.MEDIA_ROOT = tmp_path
    now = timezone.now()
    birds = Aviary(now=now)
    _fill(birds)
    return birds


def _fill(birds: Aviary) -> None:
    """One thing of every model, in every way of being hidden, and published ones beside them."""
    now = birds.now
    out = {"published_at": now - DAY}
    confirmed = out | {"confirmed_by_police": True}
    user = birds.add(User, is_active=True, why="staff", last_login=None)
    police = birds.add(Organisation, shown=True, kind=OrganisationKind.POLICE)
    department = birds.add(Organisation, shown=True, kind=OrganisationKind.DEPARTMENT)
    secret_department = birds.add(Organisation, kind=OrganisationKind.DEPARTMENT, why="only in hidden things")

    going = {"state": ResponseState.ACTIVE, "started_at": now - 5 * DAY}
    response = birds.add(rows.Response, shown=True, **out, **going)
    ended = birds.add(
        rows.Response, shown=True, **out, state=ResponseState.ENDED, started_at=now - 9 * DAY, ended_at=now - DAY
    )
    hidden = birds.add(rows.Response, **going, why="unpublished")
    withdrawn = birds.add(rows.Response, **out, **going, withdrawn_at=now, why="withdrawn")

    # What happened
    for target, shown in ((response, True), (hidden, False)):
        event = birds.add(rows.SeriousEvent, shown=shown, **confirmed, kind="DAMAGE", occurred_from=now - 6 * DAY)
        target.events.add(event)
    for why, ways in birds.hidden_ways(rows.SeriousEvent):
        event = birds.add(rows.SeriousEvent, **ways, kind="DAMAGE", occurred_from=now - 6 * DAY, why=why)
        response.events.add(event)

    decision = _fill_decisions(birds, response=response, ended=ended, hidden=(hidden, withdrawn))
    _fill_assignments(birds, decision=decision, user=user, department=department, secret_department=secret_department)

    # Meetings, and what the Police say
    for target, shown in ((response, True), (hidden, False)):
        meeting = birds.add(
            rows.Meeting,
            shown=shown,
            **confirmed,
            response=target,
            kind=MeetingKind.POLICE,
            about_police=True,
            held_at=now - DAY,
            minutes_state=MinutesState.APPROVED,
        )
        line = {"response": target, "meeting": None}
        birds.add(rows.PoliceUndertaking, shown=shown, **confirmed, **line)
        birds.add(rows.Reinforcement, shown=shown, **confirmed, **_weeks(target, police))
    for why, ways in birds.hidden_ways(rows.Meeting):
        kind = {"kind": MeetingKind.STEERING, "held_at": now - DAY, "response": response}
        birds.add(rows.Meeting, **ways, **kind, why=why)
    for why, ways in birds.hidden_ways(rows.PoliceUndertaking):
        birds.add(rows.PoliceUndertaking, **ways, response=response, meeting=None, why=why)
    for why, ways in birds.hidden_ways(rows.Reinforcement):
        birds.add(rows.Reinforcement, **ways, **_weeks(response, police), why=why)
    _fill_inside(birds, response=response, meeting=meeting, organisation=department, user=user)

    _fill_packages(birds, response=response, hidden=hidden, department=department)
    _fill_news(birds, response=response, hidden=hidden)
    birds.add(rows.Correction, shown=True, response=response, corrected_at=now)
    birds.add(rows.Correction, response=hidden, corrected_at=now)

    # Contact points
    for why, ways in [("", out), *birds.hidden_ways(rows.ContactPoint)]:
        point = birds.add(rows.ContactPoint, shown=not why, **ways, response=None, why=why)
        rows.OpeningHours.objects.create(contact_point=point, weekday=0, opens=dt.time(8), closes=dt.time(9))
        birds.made.add("OpeningHours")
        odd = {"contact_point": point, "is_closed": True}
        birds.add(rows.OpeningException, shown=not why, **odd, date=timezone.localdate(now) + DAY)
        birds.add(rows.OpeningException, **odd, date=timezone.localdate(now) - 9 * DAY, why="has been")
    birds.add(rows.ContactPoint, **out, audience="STAFF", response=None, always_open=True, why="for staff")
    canaries_situation.fill(birds, department=department)
    canaries_pledges.fill(birds, department=department, police=police)
    _fill_subscriptions(birds)
    _fill_history(birds)


def _weeks(response: rows.Response, provider: Organisation) -> dict[str, Any]:
    return {"response": response, "provider": provider, "from_year": 2020, "from_week": 27, "total": 12}


def _fill_decisions(birds: Aviary, *, response, ended, hidden) -> rows.SteeringDecision:
    now = birds.now
    out = {"published_at": now - DAY, "decided_at": now - 2 * DAY}

    def parts(decision: rows.SteeringDecision, *, shown: bool) -> None:
        for model in (rows.DirectionPoint, rows.Approach):
            birds.add(model, shown=shown, decision=decision, order=1, is_public=True)
            birds.add(model, decision=decision, order=2, is_public=False, why="not public")

    old = birds.add(rows.SteeringDecision, shown=True, **out, response=response, state=DecisionState.REVISED)
    new = birds.add(
        rows.SteeringDecision,
        shown=True,
        **out,
        response=response,
        number=old.number,
        version=2,
        replaces=old,
        state=DecisionState.IN_FORCE,
    )
    finished = birds.add(rows.SteeringDecision, shown=True, **out, response=ended, state=DecisionState.ENDED)
    for decision in (old, new, finished):
        parts(decision, shown=True)
    for why, ways in birds.hidden_ways(rows.SteeringDecision):
        taken = {"state": DecisionState.IN_FORCE, "decided_at": now - DAY, "response": response}
        parts(birds.add(rows.SteeringDecision, **ways, **taken, why=why), shown=False)
    parts(birds.add(rows.SteeringDecision, response=response, why="draft"), shown=False)
    for target in hidden:
        why = "its response is not published"
        parts(
            birds.add(rows.SteeringDecision, **out, response=target, state=DecisionState.IN_FORCE, why=why),
            shown=False,
        )
    for decision, shown in ((new, True), (rows.SteeringDecision.objects.get(response=hidden[0]), False)):
        birds.add(
            rows.FollowUpRound,
            shown=shown,
            decision=decision,
            published_at=now,
            held_at=now - DAY,
            state=RoundState.CLOSED,
        )
    for why, ways in birds.hidden_ways(rows.FollowUpRound):
        birds.add(rows.FollowUpRound, **ways, decision=new, held_at=now, state=RoundState.CLOSED, why=why)
    return new


def _fill_assignments(birds: Aviary, *, decision, user, department, secret_department) -> None:
    now = birds.now
    issued = {
        "due_at": now + DAY,
        "issued_at": now - DAY,
        "ladder_from": now - DAY,
        "state": AssignmentState.ACCEPTED,
        "officer": user,
        "organisation": secret_department,
    }
    unpublished = rows.SteeringDecision.objects.filter(response=decision.response, published_at=None).first()
    on_show = birds.add(
        rows.Assignment,
        shown=True,
        **(issued | {"organisation": department}),
        decision=decision,
        order=1,
        is_public=True,
    )
    inside = [
        birds.add(rows.Assignment, **issued, decision=decision, order=2, is_public=False, why="not public"),
        birds.add(rows.Assignment, **issued, decision=unpublished, order=1, is_public=True, why="decision hidden"),
    ]
    for order, state in ((3, AssignmentState.DRAFT), (4, AssignmentState.CANCELLED)):
        values = issued | {"state": state}
        birds.add(rows.Assignment, **values, decision=decision, order=order, is_public=True, why=str(state))

    sent = {
        "submitted_at": now - DAY,
        "secrecy_checked_at": now - DAY,
        "submitted_by": user,
        "outcome": Outcome.DONE,
    }
    accepted = sent | {"state": ReportState.ACCEPTED}
    published = {"published_at": now - DAY}
    birds.add(rows.ReportBack, shown=True, **published, **accepted, assignment=on_show, version=1)
    for version, (why, ways) in enumerate(birds.hidden_ways(rows.ReportBack), start=2):
        birds.add(rows.ReportBack, **ways, **accepted, assignment=on_show, version=version, why=why)
    for version, state in enumerate((ReportState.DRAFT, ReportState.SUBMITTED, ReportState.RETURNED), start=7):
        values = sent | published | {"state": state}
        birds.add(rows.ReportBack, **values, assignment=on_show, version=version, why=str(state))
    for assignment in inside:
        birds.add(rows.ReportBack, **published, **accepted, assignment=assignment, version=1, why="assignment hidden")

    times = {"old_due_at": now, "new_due_at": now + DAY, "changed_at": now, "cause": "MOVED"}
    birds.add(rows.DueChange, assignment=on_show, **times)
    birds.add(rows.ProgressNote, assignment=on_show, organisation=department, how_far="STARTED", noted_at=now)
    birds.add(
        rows.AssignmentRequest,
        assignment=on_show,
        organisation=department,
        kind=RequestKind.MORE_TIME,
        proposed_due_at=now + DAY,
        asked_at=now,
    )
    birds.add(rows.RevisionChoice, decision=decision, assignment=on_show, choice="CANCEL")
    birds.add(
        rows.DraftShare,
        decision=decision,
        organisation=secret_department,
        shared_at=now,
        shared_by=user,
    )
    held = rows.FollowUpRound.objects.filter(decision=decision).first()
    birds.add(rows.RoundItem, round=held, assignment=on_show, order=1)


def _fill_inside(birds: Aviary, *, response, meeting, organisation, user) -> None:
    """What residents never read, published or not."""
    now = birds.now
    birds.add(rows.PageAnswer, day=timezone.localdate(now))
    birds.add(rows.Convening, response=response, meeting_at=now + DAY)
    birds.add(rows.Directive, response=response, organisation=organisation, given_at=now)
    birds.add(rows.StatusReport, response=response, organisation=organisation, state="SUBMITTED", reported_at=now)
    question = birds.add(rows.OpenQuestion, response=response, raised_at_meeting=meeting)
    birds.add(rows.QuestionHandling, question=question, meeting=meeting)
    birds.add(
        rows.StaffMessage,
        response=response,
        published_at=now - DAY,
        state=PublicationState.PUBLISHED,
        written_by=user,
        why="to staff",
    )


def _fill_packages(birds: Aviary, *, response, hidden, department) -> None:
    now = birds.now
    out = {"published_at": now - DAY}
    confirmed = out | {"confirmed_by_police": True, "about_police": True}

    def measures(package: rows.ActionPackage, *, shown: bool) -> None:
        item = {"package": package, "order": 1, "organisation": department}
        birds.add(rows.PackageItem, shown=shown, **confirmed, **item, horizon="SHORT")
        birds.add(rows.PackageItem, shown=shown, **out, **item, horizon="LONG")
        for why, ways in birds.hidden_ways(rows.PackageItem):
            birds.add(rows.PackageItem, **ways, **item, why=why)

    for version, state in ((1, PublicationState.SUPERSEDED), (2, PublicationState.PUBLISHED)):
        package = birds.add(rows.ActionPackage, shown=True, **out, response=response, version=version, state=state)
        measures(package, shown=True)
        birds.add(rows.Correction, shown=True, package=package, corrected_at=now)
    for version, (why, ways) in enumerate(birds.hidden_ways(rows.ActionPackage), start=3):
        package = birds.add(rows.ActionPackage, **ways, response=response, version=version, why=why)
        measures(package, shown=False)
        birds.add(rows.Correction, package=package, corrected_at=now, why=why)
    published = out | {"state": PublicationState.PUBLISHED}
    measures(birds.add(rows.ActionPackage, **published, response=hidden, why="response hidden"), shown=False)


def _fill_news(birds: Aviary, *, response, hidden) -> None:
    now = birds.now
    published = {"published_at": now - DAY, "state": PublicationState.PUBLISHED}

    def told(*, shown: bool, why: str, **values: Any) -> None:
        picture = birds.add(rows.Picture, shown=shown, added_at=now, why=why)
        update = birds.add(rows.PublicUpdate, shown=shown, **values, picture=picture, why=why)
        birds.add(rows.Correction, shown=shown, update=update, corrected_at=now, why=why)

    told(shown=True, why="", **published, response=response)
    told(shown=True, why="", **published, response=hidden)
    told(shown=True, why="", **published, response=None, about_police=True, confirmed_by_police=True)
    for why, ways in birds.hidden_ways(rows.PublicUpdate):
        told(shown=False, why=why, **ways, response=response)
    birds.add(rows.Picture, added_at=now, why="not used")


def _fill_subscriptions(birds: Aviary) -> None:
    """Somebody follows everything there is, hidden things too, and has been asked about all of it."""
    now = birds.now
    reader = birds.add(Subscriber, reader=new_reader(), language="sv", created_at=now)
    names = ["akut-0", *(response_topic(row.pk) for row in rows.Response.objects.all())]
    names += [promise_topic(row.pk) for row in Commitment.objects.all()]
    names += [area_topic(row.pk) for row in PriorityArea.objects.all()]
    for name in names:
        Subscription.objects.create(subscriber=reader, topic=name, asked_at=now, confirmed_at=now)
        Asked.objects.create(subscriber=reader, topic=name, until=now + DAY)


def _fill_history(birds: Aviary) -> None:
    """Acts, which nobody outside reads; and of every thing what it said before: now, before it was published, and
    once more where somebody hid it."""
    now = birds.now
    act = {"subject_type": ContentType.objects.get_for_model(rows.PublicUpdate), "subject_id": 1}
    birds.add(Event, **act, at=now, actor=None, actor_organisation=None)
    for kind in CHANGED:
        name = kind.model.__name__
        for thing in kind.model._default_manager.all():
            if isinstance(thing, Commitment) and "Police-led" in birds.planted[thing.purpose]:
                # Half of it is shown.
                continue
            shown = thing in birds.shown_things
            of = {"subject_type": ContentType.objects.get_for_model(thing), "subject_id": thing.pk}
            for why, values in (
                ("shown" if shown else "of a hidden thing", {"until": now}),
                ("hidden", {"until": now, "hidden_at": now}),
                *((("read before it was withdrawn", {"until": now - 2 * DAY}),) if kind.since else ()),
            ):
                texts = {field: birds.word(f"{name}.{field} (former, {why})") for field in kind.model.public_texts}
                birds.shown |= set(texts.values()) if why == "shown" else set()
                birds.add(FormerText, **of, path=thing.public_path or "/", texts=texts, **{"hidden_at": None} | values)


def words_told_of(birds: Aviary, thing: models.Model) -> set[str]:
    """What it says, and what it said before."""
    of = {"subject_type": ContentType.objects.get_for_model(thing), "subject_id": thing.pk}
    texts = [*vars(thing).values(), *FormerText.objects.filter(**of).values_list("texts", flat=True)]
    return {word for word in birds.planted if any(word in str(text) for text in texts)}


# --- Every open page ------------------------------------------------------------------------------------


def arguments() -> dict[str, Iterable[tuple[Any, ...]]]:
    """For each open address that takes arguments: those of every row there is, hidden ones too."""
    decisions = rows.SteeringDecision.objects.select_related("response")
    packages = rows.ActionPackage.objects.select_related("response")
    names = [size["webp"] for picture in rows.Picture.objects.all() for size in picture.sizes]
    tokens = [(token_of(row),) for row in Subscriber.objects.all()]
    return {
        # Whoever has the address is the one whose days they are: not a thing of residents.
        "my_calendar": [("finns-inte",)],
        "subscriptions:mine": tokens,
        "subscriptions:out": tokens,
        "subscriptions:difference": [(*token, row.topic) for token in tokens for row in Asked.objects.all()],
        "incidents_public:response": [(row.slug,) for row in rows.Response.objects.all()],
        "incidents_public:decision": [(row.response.slug, row.number, row.version) for row in decisions],
        "incidents_public:package": [(row.response.slug, row.version) for row in packages],
        "incidents_public:update": [(row.slug,) for row in rows.PublicUpdate.objects.all()],
        "incidents_public:picture": [(name,) for name in names],
        "situation_public:picture": [(row.slug,) for row in SituationPicture.objects.all()],
        "situation_public:figure": [
            (row.picture.slug, row.pk, kind)
            for row in Figure.objects.select_related("picture")
            for kind in ("svg", "smal.svg", "csv", "xlsx")
        ],
        "pledges_public:set": [(row.slug,) for row in PledgeSet.objects.all()],
        "pledges_public:closing": [(row.slug,) for row in PledgeSet.objects.all()],
        "pledges_public:commitment": [
            (row.pledge_set.slug, row.number) for row in Commitment.objects.select_related("pledge_set")
        ],
        "account_reset_password_from_key": [("1", "x-y")],
        "accounts:become": [("director",)],
    }


def open_addresses() -> list[str]:
    """Every open page in both languages, and pages that are not there."""
    known = arguments()
    found = ["/finns-inte/", "/en/finns-inte/", "/nyheter/finns-inte/", "/bilder/finns-inte.webp", "/nyheter/?page=2"]
    found += ["/sok/?q=kanarie", "/en/sok/?q=kanarie"]
    found += [f"{start}/andringar/?page={number}" for start in ("", "/en") for number in range(1, 40)]
    found += [f"/prenumerera/?om={row.topic}" for row in Subscription.objects.all()]
    for name, pattern in patterns(get_resolver()):
        if getattr(pattern.callback, "login_required", True):
            continue
        assert name in OPEN
        for language in ("sv", "en"):
            with translation.override(language):
                for args in known.get(name, [()]):
                    try:
                        found.append(reverse(name, args=args))
                    except NoReverseMatch:
                        pytest.fail(f"{name} takes arguments: say in arguments() which rows it shows")
    return list(dict.fromkeys(found))


LINK = re.compile(r'(?:href|src)="(/[^"#]*)|(/[^" ]+) \d+w')
NOT_RESIDENTS = ("/static/", "/arbete/", "/konto/", "/admin/")


def crawl(addresses: Iterable[str]) -> dict[str, str]:
    """Address → everything that was sent: headers and body. Follows the links of residents' pages."""
    client, queue, seen = Client(), deque(addresses), {}
    while queue:
        address = queue.popleft()
        if address in seen:
            continue
        answer = client.get(address)
        assert answer.status_code != 500, address
        body = answer.getvalue()
        text = body.decode("utf-8", "replace")
        if body.startswith(b"PK"):  # a spreadsheet is packed XML
            with zipfile.ZipFile(io.BytesIO(body)) as package:
                text = "\n".join(package.read(name).decode() for name in package.namelist())
        if answer.status_code == 404:
            # A missing page repeats the address that was asked for, in its link to the other language.
            path = address.removeprefix("/en")
            text = text.replace(f'"/en{path}"', '""').replace(f'"{path}"', '""')
        seen[address] = "\n".join([*(f"{key}: {value}" for key, value in answer.headers.items()), text]).lower()
        if answer.status_code == 200:
            links = (a or b for a, b in LINK.findall(text))
            queue.extend(link for link in links if not link.startswith(NOT_RESIDENTS))
    return seen


def words_in(pages: dict[str, str], birds: Aviary) -> dict[str, str]:
    """The planted words that were met: what they are, and on which page."""
    found = {}
    for address, text in pages.items():
        for word in set(re.findall(r"kanarie[a-j]+x", text)) & birds.planted.keys():
            found.setdefault(word, address)
    return found


def compare(found: dict[str, str], wanted: set[str], birds: Aviary) -> None:
    leaked = {birds.planted[word]: address for word, address in found.items() if word not in wanted}
    missing = sorted(birds.planted[word] for word in wanted - found.keys())
    assert leaked == {}, "residents met what they should not"
    assert missing == [], "published, but the search did not find it: it could not have found a leak either"


# --- The tests ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", ["incidents", "situation", "pledges", "history"])
def test_every_model_of_the_room_has_a_word_in_every_text(aviary, room):
    """A new model must be planted here before it can be forgotten."""
    all_models = {
        model.__name__
        for model in apps.get_app_config(room).get_models()
        if not model.__name__.startswith("Historical")
    }

    assert all_models - aviary.made == set()


def test_residents_meet_exactly_what_is_published(aviary):
    pages = crawl(open_addresses())

    compare(words_in(pages, aviary), aviary.shown, aviary)
    assert any(address.startswith("/en/intensifierat/") for address in pages)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_nothing_is_mailed_to_residents_that_they_cannot_read(aviary, language):
    """Every topic, every change and every ending there ever was, whether or not somebody follows it."""
    long_ago = aviary.now - 3650 * DAY
    with translation.override(language):
        told = [topics.find(row.topic) for row in Subscription.objects.all()]
        told += [*topics.changes(long_ago), *topics.endings(long_ago, aviary.now)]
    words = {word for one in told if one for word in re.findall(r"kanarie[a-j]+x", str(one).lower())}

    assert {aviary.planted[word] for word in words - aviary.shown} == set()
    assert words


def test_every_link_leads_to_a_place_that_is_there(aviary):
    """Pages, feeds and hits of the search: the page answers, and has the part that is named after `#`."""
    hits = [kind.path(row) for kind in SEARCHED for row in kind.rows()]
    pages = crawl([*open_addresses(), *(hit.partition("#")[0] for hit in hits)])

    named = {(page, target.lower()) for page, text in pages.items() for target in HREF.findall(text)}
    named |= {("/sok/", hit) for hit in hits}
    dead = [(page, target) for page, target in named if not _is_there(page, target, pages)]
    assert sorted(dead) == []
    assert len([target for _page, target in named if "#andring-" in target]) >= 2


HREF = re.compile(r'href="([^"]+)"')


def _is_there(page: str, target: str, pages: dict[str, str]) -> bool:
    path, _hash, part = html.unescape(target).removeprefix("http://testserver").partition("#")
    if (path and not path.startswith("/")) or path.startswith(NOT_RESIDENTS):
        return True  # another site, a telephone, or of staff
    there = pages.get(path or page)
    if there is None:
        # Addresses are compared in small letters, as the pages are.
        there = next((text for known, text in pages.items() if known.lower() == path), None)
    return there is not None and (not part or f'id="{part}"' in there)


def test_nothing_can_be_searched_in_that_cannot_be_read(aviary):
    """The words of every row that search looks through, whether or not somebody thinks of asking for them."""
    searched = {
        word: f"{kind.rows().model.__name__}.{name}"
        for kind in SEARCHED
        for row in kind.rows()
        for name in (kind.title, *kind.more, *kind.texts().english)
        for word in re.findall(r"kanarie[a-j]+x", str(getattr(row, name)).lower())
    }

    leaked = {aviary.planted[word]: where for word, where in searched.items() if word not in aviary.shown}
    assert leaked == {}
    assert len({where.split(".")[0] for where in searched.values()}) == len({k.rows().model for k in SEARCHED})


def test_a_hidden_address_answers_like_one_that_is_not_there(aviary):
    shown_words = aviary.shown
    for name, all_arguments in arguments().items():
        if not name.startswith(("incidents_public:", "situation_public:", "pledges_public:")):
            continue
        for args in all_arguments:
            address = reverse(name, args=args)
            answer = Client().get(address)
            answer.getvalue()
            status = answer.status_code
            belongs_to_shown = all(word in shown_words for word in re.findall(r"kanarie[a-j]+x", address))
            if not belongs_to_shown:
                assert status == 404, address


def test_what_is_withdrawn_is_gone_from_every_page(aviary):
    addresses = open_addresses()
    by = make.acting("communicator", now=aviary.now)
    for thing in aviary.shown_things:
        # A measure goes with its package.
        if isinstance(thing, SituationPicture):
            pictures.withdraw(thing, reason="Prov.", by=by, now=timezone.now())
        elif isinstance(thing, PledgeSet):
            # A promise is never taken away: a set that no longer holds stays at its address, with the reason.
            continue
        elif isinstance(thing, Feedback):
            feedback.withdraw_feedback(thing, by=by, now=timezone.now())
        elif isinstance(thing, SafetyWalk):
            walks.withdraw_walk(thing, by=by, now=timezone.now())
        elif isinstance(thing, Publishable) and not isinstance(thing, rows.PackageItem):
            publication.withdraw(thing, reason="Prov.", by=by, now=timezone.now())

    stays = {word for word in aviary.shown if aviary.planted[word].split(".")[0] in canaries_pledges.STAYS}
    compare(words_in(crawl(addresses), aviary), stays, aviary)


def test_words_the_police_have_not_seen_are_gone_from_every_page(aviary):
    addresses = open_addresses()
    by, now = make.acting("coordinator", now=aviary.now), timezone.now()
    gone: set[str] = set()
    changed = 0
    for thing in aviary.shown_things:
        if not isinstance(thing, PoliceText) or not thing.confirmed_by_police:
            continue
        wording = next(name for name in thing.police_wording if isinstance(getattr(thing, name), str))
        old = words_told_of(aviary, thing)
        new = aviary.word(f"{type(thing).__name__}.{wording} (changed after the Police confirmed it)")
        change_police_text(thing, values={wording: new}, by=by, now=now)
        gone |= old
        changed += 1
        for other in aviary.shown_things:
            # What hangs on a piece of news goes with it.
            if isinstance(thing, rows.PublicUpdate) and (
                (isinstance(other, rows.Picture) and other.pk == thing.picture_id)
                or (isinstance(other, rows.Correction) and other.update_id == thing.pk)
            ):
                gone |= {word for word in aviary.planted if any(word in str(v) for v in vars(other).values())}

    compare(words_in(crawl(addresses), aviary), aviary.shown - gone, aviary)
    assert changed == 7
