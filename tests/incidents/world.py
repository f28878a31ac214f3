"""One of everything, in more than one state, made by the operations themselves: for tests that walk every address.

Each word of `World.things` is used by the access table. Texts hold the canary, so that a page which should not tell
of a thing can be searched for it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.test import Client
from django.utils import timezone

from incidents.models import SteeringDecision
from incidents.operations import assignments, meetings, news, pictures, police, publication, reports, rounds
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Absence, Organisation, Power, Role, User
from lysekil_trygghet.history.models import FormerText
from lysekil_trygghet.notifications import holding
from lysekil_trygghet.notifications.models import Message, MessageState
from lysekil_trygghet.notifications.operations import Due, plan
from tests import make
from tests import make_incidents as mk

from .typed import picture_file

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CANARY = "Kanariefågel"
# Every role there is; the other departments' people are as those of education are.
DEMO = (
    "director", "coordinator", "head_social", "officer_social", "head_education", "officer_education",
    "head_executive", "officer_executive", "police_liaison", "lpo_chief", "communicator", "registrar",
    "auditor", "elected", "researcher", "administrator",
)  # fmt: skip
# Head of the labour market department who decides in the director's stead; somebody who only submits for social
# services; somebody with no role.
OTHERS = ("deputy", "delegate", "nobody")
EVERYBODY = DEMO + OTHERS


@dataclass
class World:
    people: dict[str, User]
    clients: dict[str | None, Client]
    things: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, words: str) -> Any:
        return self.things[words]

    def acting(self, key: str) -> Actor:
        return Actor.of(self.people[key], on=timezone.localdate())


@contextmanager
def whole_world(fill: Callable[..., None] | None = None) -> Iterator[World]:
    """Built in a transaction that is rolled back. `fill(world, now=…)` puts in another room's things instead."""
    with transaction.atomic():
        world = _people()
        (fill or _fill)(world, now=timezone.now() - dt.timedelta(hours=3))
        for key in EVERYBODY:
            world.clients[key] = Client()
            world.clients[key].force_login(world.people[key], backend=BACKEND)
        world.clients[None] = Client()
        yield world
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside never happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b[^\"]*\"?(\w+)", re.IGNORECASE)
# Signing in and the one-time tokens leave their marks on any page.
NOT_COUNTED = {"django_session", "portal_cache"}


class Writes:
    """The tables that were written to meanwhile, without what was taken back."""

    def __init__(self) -> None:
        self.tables: list[str] = []
        self._points: dict[str, int] = {}

    def __call__(self, execute, sql, params, many, context):
        if found := WRITE.match(sql):
            if found[2] not in NOT_COUNTED:
                self.tables.append(found[2])
        elif sql.startswith("SAVEPOINT "):
            self._points[sql.split()[-1]] = len(self.tables)
        elif sql.startswith("ROLLBACK TO SAVEPOINT "):
            del self.tables[self._points[sql.split()[-1]] :]
        return execute(sql, params, many, context)


def _people() -> World:
    people = dict(make.people())
    today = timezone.localdate()
    from_to = {"valid_from": today - dt.timedelta(days=1), "valid_to": today + dt.timedelta(days=30)}
    leadership = Organisation.objects.get(slug="kommunledning")
    people["deputy"] = people["head_labour"]
    make.delegation(user=people["deputy"], organisation=leadership, power=Power.DECIDE, **from_to)
    people["delegate"] = make.user(name="Den som bara lämnar in")
    make.delegation(user=people["delegate"], organisation=mk.department(), power=Power.SUBMIT_REPORTS, **from_to)
    people["nobody"] = make.user(name="Utan roll")
    return World(people=people, clients={})


def _fill(world: World, *, now: dt.datetime) -> None:
    _work(world, now=now)
    _meetings(world, now=now)
    _decisions(world, now=now)
    _reports(world, now=now)
    _rounds(world, now=now)
    _news(world, now=now)
    _contacts(world, now=now)
    _people_pages(world)
    _mails(world, now=now)


def _out(thing: Any, *, now: dt.datetime) -> Any:
    return publication.publish(thing, by=mk.acting("communicator"), now=now)


def _confirmed(thing: Any, *, now: dt.datetime) -> Any:
    fresh = mk.fresh(thing)
    return police.confirm(fresh, by=mk.acting("police_liaison"), now=now, seen=fresh.revision)


def _work(world: World, *, now: dt.datetime) -> None:
    things = world.things
    words = {"title": f"{CANARY} insats", "background": CANARY}
    things["event"] = mk.event(now=now, title=f"{CANARY} händelse", internal_note=f"{CANARY} intern")
    things["confirmed event"] = _confirmed(mk.event(now=now, title=f"{CANARY} bekräftad"), now=now)
    things["insats"] = mk.response(now=now, happened=[things["event"]], **words)
    things["insats out"] = _out(mk.response(now=now, **words), now=now)
    director = mk.acting("director")

    def call() -> Any:
        return meetings.prepare_convening(
            things["insats"],
            meeting_at=timezone.now() + dt.timedelta(days=1),
            place="Rådhuset",
            purpose=CANARY,
            functions=mk.person("director").memberships.get().organisation.functions.all(),
            by=director,
            now=now,
        )

    things["call drafted"] = call()
    things["call sent"] = meetings.send_call(call(), by=director, now=now)


def _meetings(world: World, *, now: dt.datetime) -> None:
    things, coordinator = world.things, mk.acting("coordinator")
    insats = things["insats"]
    common = {"now": now, "response": insats, "agenda": f"{CANARY} dagordning"}
    things["meeting"] = mk.meeting(title=f"{CANARY} möte", **common)
    things["police meeting"] = mk.meeting(kind="POLICE", title=f"{CANARY} polismöte", **common)
    held = mk.meeting(title=f"{CANARY} hållet", **common)
    held = meetings.edit_meeting(
        held, values={"notes": CANARY, "outcome_public": f"{CANARY} utfall"}, by=coordinator, now=now
    )
    things["meeting approved"] = meetings.approve_minutes(held, by=coordinator, now=now)
    question = meetings.raise_question(things["meeting"], text=f"{CANARY} kameror", by=coordinator, now=now)
    things["question handled"] = question.handlings.get(meeting=things["meeting"])
    for words, slug in (("directive social", mk.SOCIAL), ("directive education", "utbildningsforvaltningen")):
        things[words] = meetings.give_directive(
            insats, organisation=mk.department(slug), text=CANARY, meeting=things["meeting"], by=coordinator, now=now
        )

    def status(key: str) -> Any:
        by = mk.acting(key)
        assert by.organisation is not None
        return meetings.write_status_report(insats, organisation=by.organisation, text=CANARY, by=by, now=now)

    things["status drafted"] = status("head_social")
    things["status submitted"] = meetings.submit_status_report(
        status("head_social"), by=mk.acting("head_social"), now=now
    )
    line = {"text": f"{CANARY} patrullerar", "meeting": None, "by": mk.acting("police_liaison"), "now": now}
    things["undertaking"] = police.write_undertaking(insats, **line)


def _decisions(world: World, *, now: dt.datetime) -> None:
    things, insats = world.things, world["insats"]
    things["decision drafted"] = mk.decision(now=now, response=insats, aim=f"{CANARY} mål")
    things["assignment drafted"] = mk.assignment(now=now, decision=things["decision drafted"], title=CANARY)
    things["decision in force"] = _in_force(world, now=now)
    old = _in_force(world, now=now)
    things["decision revised"], things["revision drafted"] = old, mk.revision(old, now=now)
    shared = mk.decision(now=now, response=insats, aim=f"{CANARY} delat")
    things["decision shared"] = reports.share_draft(
        decision=shared, organisation=mk.department("polisen"), by=mk.acting("director"), now=now
    )


def _in_force(world: World, *, now: dt.datetime) -> SteeringDecision:
    draft = mk.decision(now=now, response=world["insats"], aim=f"{CANARY} mål")
    mk.issued_assignment(now=now, decision=draft, title=CANARY)
    return mk.fresh(draft)


def _reports(world: World, *, now: dt.datetime) -> None:
    things, decision = world.things, world["decision in force"]
    points = list(decision.points.all())

    def issued(slug: str = mk.SOCIAL) -> Any:
        return mk.issued_assignment(
            now=now, decision=decision, points=points, organisation=mk.department(slug), title=CANARY,
            instruction=CANARY, is_public=True, public_text=CANARY,
        )  # fmt: skip

    things["assignment social"] = issued()
    things["assignment education"] = issued("utbildningsforvaltningen")
    things["assignment executive"] = issued("kommunstyrelseforvaltningen")
    things["assignment cancelled"] = assignments.cancel_assignment(
        issued(), reason=CANARY, by=mk.acting("director"), now=now
    )
    asked = issued()
    things["request social"] = assignments.ask_more_time(
        asked,
        proposed_due_at=asked.due_at + dt.timedelta(days=3),
        reason=CANARY,
        by=mk.acting("head_social"),
        now=now,
    )
    things["assignment written on"] = issued()
    draft = mk.report_draft(now=now, assignment=things["assignment written on"], done_text=CANARY)
    things["report shared"] = reports.share_draft(
        report=draft, organisation=mk.department("polisen"), by=mk.acting("head_social"), now=now
    )
    for words, slug, head in (
        ("report social", mk.SOCIAL, "head_social"),
        ("report executive", "kommunstyrelseforvaltningen", "head_executive"),
    ):
        things[words] = mk.submitted_report(
            now=now, assignment=issued(slug), by=head, done_text=CANARY, public_text=f"{CANARY} svar"
        )
        things[f"assignment reported by {words.split()[1]}"] = things[words].assignment


def _rounds(world: World, *, now: dt.datetime) -> None:
    things, by = world.things, mk.acting("director")
    things["round planned"] = mk.follow_up_round(now=now, decision=things["decision in force"], started=False)
    things["round"] = mk.follow_up_round(now=now, decision=things["decision in force"])
    things["round item"] = next(item for item in mk.round_items(things["round"]) if item.assignment.is_owed)
    things["decision gone through"] = _in_force(world, now=now)
    held = mk.follow_up_round(now=now, decision=things["decision gone through"])
    for item in mk.round_items(held):
        rounds.note_no_report(item, note=CANARY, by=by, now=now)
    things["round closed"] = rounds.close(held, summary_public=f"{CANARY} summering", by=by, now=now)


def _news(world: World, *, now: dt.datetime) -> None:
    things, coordinator, insats = world.things, mk.acting("coordinator"), world["insats"]
    director = mk.acting("director")
    words = {"now": now, "title": f"{CANARY} nyhet", "lead": CANARY}
    things["news drafted"] = pictures.add_picture(
        mk.update(**words), upload=picture_file(), alt=f"{CANARY} bild", by=coordinator, now=now
    )
    things["picture"] = things["news drafted"].picture.sizes[0]["jpeg"]
    things["news approved"] = publication.approve(mk.update(**words), by=director, now=now)
    things["news out"] = _out(publication.approve(mk.update(**words), by=director, now=now), now=now)
    changed = _out(publication.approve(mk.update(**words), by=director, now=now), now=now)
    by = mk.acting("communicator", now=now)
    news.edit_update(changed, values={"lead": f"{CANARY} rättad"}, correction=f"{CANARY} fel", by=by, now=now)
    things["former text"] = FormerText.objects.latest("pk")
    things["news of the police"] = publication.approve(mk.update(**words, about_police=True), by=director, now=now)
    things["package"] = mk.package(now=now, response=insats, title=f"{CANARY} paket")
    for words_of, text in (("measure", "lagar"), ("other measure", "bygger")):
        things[words_of] = news.put_item(
            things["package"], item=None, values={"what": f"{CANARY} {text}"}, by=coordinator, now=now
        )
    out = mk.package(now=now, response=things["insats out"], title=f"{CANARY} paket")
    patrol = news.put_item(out, item=None, values={"what": CANARY, "about_police": True}, by=coordinator, now=now)
    _confirmed(patrol, now=now)
    things["package out"] = _out(publication.approve(mk.fresh(out), by=director, now=now), now=now)
    things["measure of the police"] = mk.fresh(patrol)
    things["reinforcement"] = mk.reinforcement(now=now, response=insats, public_note=CANARY)
    things["reinforcement out"] = _out(
        _confirmed(mk.reinforcement(now=now, response=insats, public_note=CANARY), now=now), now=now
    )


def _contacts(world: World, *, now: dt.datetime) -> None:
    things, coordinator = world.things, mk.acting("coordinator")
    things["contact"] = mk.contact_point(now=now, name=f"{CANARY} telefon")
    things["contact out"] = _out(mk.contact_point(now=now, name=f"{CANARY} telefon"), now=now)
    things["message drafted"] = mk.staff_message(now=now, title=f"{CANARY} till personalen")
    sent = mk.staff_message(now=now, title=f"{CANARY} till personalen")
    things["message sent"] = news.send_staff_message(sent, by=coordinator, now=now)


def _mails(world: World, *, now: dt.datetime) -> None:
    """One that a server refused and one that nobody knows about; somebody who will be away; and sending is held."""
    world.things["hold"] = holding.hold_by_hand(note=CANARY, by=mk.acting("coordinator"), now=now)
    day = timezone.localdate(now)
    world.things["absence"] = Absence.objects.create(user=world.people["head_social"], first_day=day, last_day=day)
    for words, state in (("mail refused", MessageState.FAILED), ("mail lost", MessageState.UNCERTAIN)):
        what = Due(
            key=words, subject=words, step="told", moment=now, user_id=world.people["head_social"].pk, address="",
            heading="Nya uppdrag till er", number="1:1", title="Uppdrag 1", due_at=None, path="/arbete/",
        )  # fmt: skip
        plan([what], now=now)
        found = Message.objects.get(obligations__key=words)
        Message.objects.filter(pk=found.pk).update(state=state, next_at=None)
        world.things[words] = found
        now += dt.timedelta(minutes=1)


def _people_pages(world: World) -> None:
    person = make.user(name=f"{CANARY} person")
    things = world.things
    things["person"] = person
    things["membership"] = make.membership(user=person, organisation=mk.department(), role=Role.OFFICER)
    things["delegation"] = make.delegation(user=person, organisation=mk.department())
    closed = make.user(name=f"{CANARY} stängd")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    things["person closed"] = closed


def pk_of(thing: models.Model | Any) -> Any:
    return thing.pk if isinstance(thing, models.Model) else thing
