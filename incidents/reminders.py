"""Who is due to be told what, given `now`. The ledger of notifications makes each answer once.

The ladder begins at issue; its other steps are data (notifications/ladders.py, docs/rules.md). Returned reports and
moved days begin a new ladder. Of steps that were missed while nothing ran, only the newest is sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.recipients import People, Recipient
from lysekil_trygghet.notifications import ladders
from lysekil_trygghet.notifications.ladders import Audience, Example, LadderKind, Rules, Rung
from lysekil_trygghet.notifications.operations import Due

from . import deadlines
from .lifecycle import (
    ASSIGNMENTS_OWED,
    AssignmentState,
    ConveningState,
    PublicationState,
    ReportState,
    RequestState,
    Urgency,
)
from .models import (
    ActionPackage,
    Assignment,
    AssignmentRequest,
    Convening,
    PublicUpdate,
    ReportBack,
    StaffMessage,
)
from .policies import OWN_STAFF

# What happened longer ago than this is told no more: its message was made when it happened.
LOOK_BACK = dt.timedelta(days=7)


def plan(*, now: dt.datetime, until: dt.datetime | None = None) -> Iterator[Due]:
    """Everything that somebody should have been told by `now`, and what the ladders say of the time until `until`."""
    people = People.on(timezone.localdate(now))
    yield from _ladders(people, now=now, until=until or now)
    yield from _unanswered_reports(people, now=now, until=until or now)
    yield from _requests(people, now=now)
    yield from _calls(people, now=now)
    yield from _late_publications(people, now=now)
    yield from _staff_messages(people, now=now)


# --- Assignments --------------------------------------------------------------------------------------


def _responsible(people: People, assignment: Assignment) -> list[Recipient]:
    """The case officer (while still there), the head, and whoever submits for the department."""
    return people.responsible(assignment.organisation_id, officer=assignment.officer_id)


def ladder_of(assignment: Assignment, rules: Mapping[str, Rules] | None = None) -> list[Rung]:
    """All steps of the ladder that runs now, in time; `rules` as `ladders.rules()`, which is asked without them."""
    start = assignment.ladder_from
    assert start is not None
    kind = LadderKind.NORMAL if assignment.decision.urgency == Urgency.NORMAL else LadderKind.ACUTE
    return (rules or ladders.rules())[kind].rungs(first_step(assignment), start=start, due=assignment.due_at)


def first_step(assignment: Assignment) -> str:
    """What the ladder that runs now began with."""
    if assignment.state == AssignmentState.RETURNED:
        return "returned"
    return "issued" if assignment.ladder_from == assignment.issued_at else "new_day"


def _rung(assignment: Assignment, rung: Rung, recipient: Recipient) -> Due:
    # A day moved there and back is a new ladder: what was called off the first time must be told again.
    assert assignment.ladder_from is not None
    told = f"{assignment.due_at.isoformat()}:{assignment.ladder_from.isoformat()}"
    to_department = rung.to in ladders.ANSWERING
    form = reverse("incidents:report", args=[assignment.pk])
    return Due(
        key=f"assignment:{assignment.pk}:{rung.step}:{told}:{recipient.key}",
        subject=assignment.subject_key,
        step=rung.step,
        moment=rung.moment,
        user_id=recipient.user_id,
        address=recipient.address,
        heading=rung.heading,
        number=assignment.number,
        title=str(assignment.neutral_title),
        due_at=assignment.due_at,
        path=form if to_department and rung.step != "issued" else assignment.get_absolute_url(),
        ladder=f"{assignment.subject_key}:{told}:{'answer' if to_department else 'above'}",
        urgent=assignment.decision.urgency != Urgency.NORMAL,
    )


def _told_at(rung: Rung, people: People, assignment: Assignment) -> list[Recipient]:
    if rung.to in ladders.ANSWERING:
        return _responsible(people, assignment)
    return people.leaders() if rung.to == Audience.LEADERS else people.coordinators()


def _ladders(people: People, *, now: dt.datetime, until: dt.datetime) -> Iterator[Due]:
    rules = ladders.rules()
    owed = (
        Assignment.objects.filter(state__in=ASSIGNMENTS_OWED, exception_reason="")
        .select_related("decision", "organisation")
        .order_by("pk")
    )
    for assignment in owed.iterator(chunk_size=500):
        for rung in ladders.to_tell(ladder_of(assignment, rules), now=now, until=until):
            for recipient in _told_at(rung, people, assignment):
                yield _rung(assignment, rung, recipient)
        if assignment.state == AssignmentState.ISSUED:
            assert assignment.issued_at is not None
            late_at = deadlines.acknowledge_by(assignment.issued_at)
            if late_at <= until:
                for recipient in people.coordinators():
                    yield _not_acknowledged(assignment, late_at, recipient)


def _not_acknowledged(assignment: Assignment, moment: dt.datetime, recipient: Recipient) -> Due:
    assert assignment.issued_at is not None
    return Due(
        key=f"assignment:{assignment.pk}:not_acknowledged:{assignment.issued_at.isoformat()}:{recipient.key}",
        subject=assignment.subject_key,
        step="not_acknowledged",
        moment=moment,
        user_id=recipient.user_id,
        address=recipient.address,
        heading=_("Uppdrag som ingen har bekräftat"),
        number=assignment.number,
        title=str(assignment.neutral_title),
        due_at=assignment.due_at,
        path=assignment.get_absolute_url(),
    )


def examples(kind: str) -> list[Example]:
    """Assignments whose ladder runs now, for the preview of a ladder; none for ladders of other things."""
    if kind == LadderKind.PLEDGE:
        return []
    normal = Q(decision__urgency=Urgency.NORMAL)
    owed = Assignment.objects.filter(normal if kind == LadderKind.NORMAL else ~normal, state__in=ASSIGNMENTS_OWED)
    newest = owed.exclude(ladder_from=None).select_related("decision", "organisation").order_by("-due_at", "-pk")
    return [
        Example(f"{one.number} {one.neutral_title}", first_step(one), start=one.ladder_from, due=one.due_at)
        for one in newest[:20]
        if one.ladder_from
    ]


def _unanswered_reports(people: People, *, now: dt.datetime, until: dt.datetime) -> Iterator[Due]:
    """A report not answered within two working days: the director is told, once."""
    waiting = ReportBack.objects.filter(
        state=ReportState.SUBMITTED, assignment__state=AssignmentState.REPORTED
    ).select_related("assignment__decision", "assignment__organisation")
    for report in waiting.iterator(chunk_size=500):
        assert report.submitted_at is not None
        moment = deadlines.two_working_days_after(report.submitted_at)
        if moment > until:
            continue
        for recipient in people.directors():
            yield Due(
                key=f"report:{report.pk}:not_accepted:{recipient.key}",
                subject=report.subject_key,
                step="not_accepted",
                moment=moment,
                user_id=recipient.user_id,
                address=recipient.address,
                heading=_("Återrapporter som väntar på ditt svar"),
                number=report.assignment.number,
                title=str(report.assignment.neutral_title),
                due_at=None,
                path=reverse("incidents:assignment", args=[report.assignment_id]),
            )


def ready_to_submit(report: ReportBack, *, now: dt.datetime) -> Iterator[Due]:
    """A case officer has a draft ready: whoever may submit it is told at once, once for each text."""
    people = People.on(timezone.localdate(now))
    assignment = report.assignment
    for recipient in people.responsible(assignment.organisation_id):
        yield Due(
            key=f"report:{report.pk}:ready:{report.revision}:{recipient.key}",
            subject=report.subject_key,
            step="ready_to_submit",
            moment=now,
            user_id=recipient.user_id,
            address=recipient.address,
            heading=_("Återrapporter som är klara att lämna in"),
            number=assignment.number,
            title=str(assignment.neutral_title),
            due_at=assignment.due_at,
            path=reverse("incidents:report", args=[assignment.pk]),
        )


def _requests(people: People, *, now: dt.datetime) -> Iterator[Due]:
    recent = AssignmentRequest.objects.filter(
        Q(state=RequestState.OPEN)
        | Q(state__in=[RequestState.GRANTED, RequestState.REFUSED], answered_at__gt=now - LOOK_BACK)
    ).select_related("assignment__decision", "assignment__organisation")
    for request in recent:
        assignment = request.assignment
        if request.state == RequestState.OPEN:
            step, moment, heading = "asked", request.asked_at, _("Begäran som väntar på ditt svar")
            recipients = people.directors()
        else:
            assert request.answered_at is not None
            step, moment, heading = "answered", request.answered_at, _("Svar på er begäran")
            recipients = _responsible(people, assignment)
        for recipient in recipients:
            yield Due(
                key=f"request:{request.pk}:{step}:{recipient.key}",
                subject=request.subject_key,
                step=step,
                moment=moment,
                user_id=recipient.user_id,
                address=recipient.address,
                heading=heading,
                number=assignment.number,
                title=str(assignment.neutral_title),
                due_at=assignment.due_at if assignment.is_owed else None,
                path=reverse("incidents:assignment", args=[assignment.pk]),
            )


# --- Calls, publications, messages to staff -------------------------------------------------------------


def _calls(people: People, *, now: dt.datetime) -> Iterator[Due]:
    """A call goes to everybody who holds a convened function; so does word that it is called off."""
    calls = (
        Convening.objects.filter(state__in=[ConveningState.CALLED, ConveningState.CANCELLED], meeting_at__gt=now)
        .exclude(called_at=None)
        .select_related("response")
        .prefetch_related("functions")
    )
    for convening in calls:
        off = convening.state == ConveningState.CANCELLED
        moment = convening.cancelled_at if off else convening.called_at
        assert moment is not None
        recipients = {r.key: r for function in convening.functions.all() for r in people.holders(function)}
        for recipient in recipients.values():
            yield Due(
                key=f"convening:{convening.pk}:{'off' if off else 'call'}:{recipient.key}",
                subject=f"incidents.convening-off:{convening.pk}" if off else convening.subject_key,
                step="call_off" if off else "call",
                moment=moment,
                user_id=recipient.user_id,
                address=recipient.address,
                heading=_("Inställt möte") if off else _("Kallelse till möte"),
                number="",
                title=_("Möte med nyckelfunktioner"),
                due_at=convening.meeting_at,
                path=reverse("incidents:convening", args=[convening.pk]),
                urgent=True,
            )


def _late_publications(people: People, *, now: dt.datetime) -> Iterator[Due]:
    """Announced and not out: the communicator is told, once for each announced time."""
    for model, title in (
        (PublicUpdate, _("En utlovad nyhet är inte publicerad")),
        (ActionPackage, _("Ett utlovat åtgärdspaket är inte publicerat")),
    ):
        late = model.objects.filter(
            announced_for__lte=now, state__in=[PublicationState.DRAFT, PublicationState.APPROVED]
        )
        for thing in late:
            assert thing.announced_for is not None
            for recipient in people.communicators():
                yield Due(
                    key=f"{thing.subject_key}:late:{thing.announced_for.isoformat()}:{recipient.key}",
                    subject=thing.subject_key,
                    step="publication_late",
                    moment=thing.announced_for,
                    user_id=recipient.user_id,
                    address=recipient.address,
                    heading=_("Utlovat till invånarna men inte publicerat"),
                    number="",
                    title=title,
                    due_at=thing.announced_for,
                    path=thing.get_absolute_url(),
                )


def _staff_messages(people: People, *, now: dt.datetime) -> Iterator[Due]:
    """Messages to the own staff, in the next working morning's mail to everybody who works here."""
    recent = StaffMessage.objects.published().filter(published_at__gt=now - LOOK_BACK)
    for message in recent:
        assert message.published_at is not None
        moment = deadlines.next_working_morning(message.published_at)
        if moment > now:
            continue
        for recipient in people.with_role(*OWN_STAFF):
            yield Due(
                key=f"staffmessage:{message.pk}:{recipient.key}",
                subject=message.subject_key,
                step="staff_message",
                moment=moment,
                user_id=recipient.user_id,
                address=recipient.address,
                heading=_("Nytt till dig som arbetar i kommunen"),
                number="",
                title=_("Ett nytt meddelande finns på Mitt arbete"),
                due_at=None,
                path=reverse("incidents:staff_message", args=[message.pk]),
            )
