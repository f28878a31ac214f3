"""Makers for the acute chain. They go through the operations, so that what they make is what the portal makes."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone

from incidents.models import (
    ActionPackage,
    Assignment,
    ContactPoint,
    DirectionPoint,
    FollowUpRound,
    Meeting,
    OpeningHours,
    PublicUpdate,
    Reinforcement,
    ReportBack,
    Response,
    RoundItem,
    SeriousEvent,
    StaffMessage,
    SteeringDecision,
)
from incidents.operations import assignments, decisions, events, meetings, news, reports, responses, rounds
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.demo import addresses
from lysekil_trygghet.accounts.models import Organisation, User
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.history.queries import timeline_of

from . import make

SOCIAL = "socialforvaltningen"


def acting(key: str, *, now: dt.datetime | None = None) -> Actor:
    """The demo person `key` ("director", "head_social", …) as an actor."""
    now = now or timezone.now()
    return Actor.of(person(key), on=timezone.localdate(now))


def person(key: str) -> User:
    """The demo person `key`; the whole demo municipality is made the first time, with roles from June 2019 on."""
    found = User.objects.filter(email=addresses()[key]).first()
    return found or make.people()[key]


def department(slug: str = SOCIAL) -> Organisation:
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        make.people()
        found = Organisation.objects.get(slug=slug)
    return found


def event(*, now: dt.datetime | None = None, **values) -> SeriousEvent:
    now = now or timezone.now()
    defaults = {
        "title": "Skadegörelse i centrum",
        "kind": "DAMAGE",
        "occurred_from": now - dt.timedelta(days=2),
        "place": "Centrum",
        "public_summary": "Rutor krossades i centrum under helgen.",
    }
    return events.report_event(values=defaults | values, by=acting("coordinator", now=now), now=now)


def response(*, now: dt.datetime | None = None, happened: list[SeriousEvent] | None = None, **values) -> Response:
    now = now or timezone.now()
    title = values.pop("title", "Intensifierat trygghetsarbete")
    defaults = {
        "title": title,
        "slug": news.free_slug(Response, title),
        "started_at": now - dt.timedelta(hours=2),
        "background": "Flera allvarliga händelser har skett i centrum.",
        "limits_text": "Kommunen kan inte ingripa mot pågående brott. Det gör Polisen.",
    }
    return responses.begin(values=defaults | values, events=happened or [], by=acting("coordinator", now=now), now=now)


def decision(
    *, now: dt.datetime | None = None, points: tuple[str, ...] = ("Vara där unga är.",), **values
) -> SteeringDecision:
    """A draft with aim, formal basis and points."""
    now = now or timezone.now()
    to = values.pop("response", None) or response(now=now)
    defaults = {"aim": "Mer trygghet och mindre brott.", "formal_basis": "Instruktion för kommundirektören."}
    draft = decisions.draft_decision(to, by=acting("coordinator", now=now), now=now, values=defaults | values)
    rows = [decisions.PointRow(text=text) for text in points]
    decisions.put_points(draft, rows, by=acting("coordinator", now=now), now=now)
    return draft


def assignment(
    *,
    now: dt.datetime | None = None,
    decision: SteeringDecision | None = None,
    organisation: Organisation | None = None,
    points: list[DirectionPoint] | None = None,
    **values,
) -> Assignment:
    """A drafted assignment to the social services department."""
    now = now or timezone.now()
    to = decision or globals()["decision"](now=now)
    defaults = {
        "title": "Vuxna ute på kvällarna",
        "instruction": "Planera och bemanna fältarbete kvällar och helger.",
        "due_at": now + dt.timedelta(days=7),
    }
    return assignments.draft_assignment(
        to,
        organisation=organisation or department(),
        points=points or list(to.points.all()),
        by=acting("coordinator", now=now),
        now=now,
        **(defaults | values),
    )


def issued_assignment(*, now: dt.datetime | None = None, **values) -> Assignment:
    """An assignment of a decision taken, issued `now`."""
    now = now or timezone.now()
    draft = assignment(now=now, **values)
    if draft.decision.is_draft:
        decisions.decide(draft.decision, by=acting("director", now=now), now=now)
    decisions.issue_all(SteeringDecision.objects.get(pk=draft.decision_id), by=acting("director", now=now), now=now)
    return Assignment.objects.select_related("decision", "organisation").get(pk=draft.pk)


def report_draft(
    *, now: dt.datetime | None = None, assignment: Assignment | None = None, by: str = "head_social", **values
) -> ReportBack:
    now = now or timezone.now()
    to = assignment or issued_assignment(now=now)
    texts = {"outcome": "DONE", "done_text": "Fältverksamheten var ute fyra kvällar."} | values
    draft = reports.open_draft(to, by=acting(by, now=now), now=now)
    return reports.save_draft(draft, values=texts, by=acting(by, now=now), now=now)


def submitted_report(*, now: dt.datetime | None = None, by: str = "head_social", **values) -> ReportBack:
    now = now or timezone.now()
    draft = report_draft(now=now, by=by, **values)
    return reports.submit(draft, secrecy_checked=True, by=acting(by, now=now), now=now)


def follow_up_round(
    *, now: dt.datetime | None = None, decision: SteeringDecision | None = None, started: bool = True
) -> FollowUpRound:
    now = now or timezone.now()
    to = decision or issued_assignment(now=now).decision
    planned = rounds.plan_round(to, held_at=now, by=acting("director", now=now), now=now)
    return rounds.start(planned, by=acting("director", now=now), now=now) if started else planned


def meeting(*, now: dt.datetime | None = None, kind: str = "KEY_FUNCTIONS", **values) -> Meeting:
    now = now or timezone.now()
    defaults = {"response": None, "title": "Möte", "held_at": now - dt.timedelta(hours=1)}
    return meetings.create_meeting(kind=kind, by=acting("coordinator", now=now), now=now, **(defaults | values))


def update(*, now: dt.datetime | None = None, **values) -> PublicUpdate:
    """A drafted piece of news."""
    now = now or timezone.now()
    defaults = {"title": "Vuxna ute i helgen", "lead": "Fler vuxna är ute i centrum.", "body": "Vi ses där."}
    return news.write_update(values=defaults | values, by=acting("communicator", now=now), now=now)


def package(*, now: dt.datetime | None = None, **values) -> ActionPackage:
    now = now or timezone.now()
    to = values.pop("response", None) or response(now=now)
    return news.begin_package(
        to, values={"title": "Åtgärdspaket"} | values, by=acting("coordinator", now=now), now=now
    )


def contact_point(*, now: dt.datetime | None = None, **values) -> ContactPoint:
    """Open Friday and Saturday evening until two in the night."""
    now = now or timezone.now()
    defaults = {"name": "Trygghetstelefonen", "phone": "0523-61 30 00", "what_for": "Prata om oro i centrum."}
    by = acting("coordinator", now=now)
    point = news.write_contact_point(values=defaults | values, by=by, now=now)
    hours = [OpeningHours(weekday=day, opens=dt.time(18), closes=dt.time(2)) for day in (4, 5)]
    news.put_hours(point, hours=hours, exceptions=[], by=by, now=now)
    return point


def reinforcement(*, now: dt.datetime | None = None, **values) -> Reinforcement:
    now = now or timezone.now()
    make.people()
    defaults = {
        "provider": department("polisen"),
        "from_year": now.year,
        "from_week": 27,
        "total": 12,
        "based_locally": 4,
        "public_note": "Fler poliser är ute i sommar.",
    }
    return news.announce_reinforcement(values=defaults | values, by=acting("coordinator", now=now), now=now)


def staff_message(*, now: dt.datetime | None = None, **values) -> StaffMessage:
    now = now or timezone.now()
    defaults = {"title": "Så svarar vi på frågor", "body": "Hänvisa till kontaktpunkten."}
    return news.write_staff_message(values=defaults | values, by=acting("coordinator", now=now), now=now)


def round_items(follow_up_round: FollowUpRound) -> list[RoundItem]:
    return list(follow_up_round.items.select_related("assignment", "round").order_by("order"))


def revision(old: SteeringDecision, *, now: dt.datetime | None = None) -> SteeringDecision:
    """A drafted new version of a decision taken, nothing chosen yet."""
    now = now or timezone.now()
    return decisions.revise(old, by=acting("director", now=now), now=now)


def fresh[M: models.Model](thing: M) -> M:
    """The row as it stands in the database, with nothing remembered."""
    return type(thing)._base_manager.get(pk=thing.pk)


def verbs(thing: models.Model) -> list[str]:
    """What history says happened to a thing, oldest first."""
    return [event.verb for event in timeline_of(thing)]


def last_event(thing: models.Model) -> Event:
    event = timeline_of(thing).last()
    assert event is not None
    return event


at = make.at
