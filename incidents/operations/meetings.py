"""Convening with its call, meetings and their minutes, directives, situation reports, open questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents import policies
from incidents.lifecycle import (
    CONVENING_MOVES,
    DIRECTIVE_MOVES,
    MINUTES_MOVES,
    QUESTION_MOVES,
    STATUS_REPORT_MOVES,
    ConveningState,
    DirectiveState,
    MeetingKind,
    MinutesState,
    QuestionState,
    StatusReportState,
)
from incidents.models import (
    Convening,
    Directive,
    Meeting,
    OpenQuestion,
    QuestionHandling,
    Response,
    StatusReport,
)
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Function, Organisation
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, locked, move, record
from lysekil_trygghet.notifications.operations import cancel, nudge

from .police import change_police_text

# What residents may read of a meeting's notes.
PUBLIC_OUTCOME = ("outcome_public", "outcome_public_en")


@transaction.atomic
def prepare_convening(
    response: Response,
    *,
    meeting_at: dt.datetime,
    place: str,
    purpose: str,
    functions: Iterable[Function],
    by: Actor,
    now: dt.datetime,
) -> Convening:
    """Write a call; it goes out with `send_call`."""
    require(policies.can_convene(by))
    convening = Convening.objects.create(response=response, meeting_at=meeting_at, place=place, purpose=purpose)
    convening.functions.set(functions)
    record(convening, "created", by=by, now=now, response=response.pk)
    return convening


@transaction.atomic
def edit_convening(
    convening: Convening,
    *,
    values: Mapping[str, Any],
    functions: Iterable[Function] | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Convening:
    """Change a call that has not gone out."""
    require(policies.can_convene(by))
    is_draft = locked(convening).state == ConveningState.DRAFT
    refuse_unless(is_draft, _("Kallelsen är skickad. Ställ in den och skriv en ny i stället."))
    links = {} if functions is None else {"functions": list(functions)}
    return change(convening, by=by, now=now, values=values, links=links, seen=seen)


@transaction.atomic
def send_call(convening: Convening, *, by: Actor, now: dt.datetime, seen: int | None = None) -> Convening:
    """Send the call to everybody who holds a convened function. Makes the meeting it calls to."""
    require(policies.can_convene(by))
    convening = locked(convening)
    functions = list(convening.functions.all())
    refuse_unless(functions, _("Välj minst en funktion som ska kallas."))
    refuse_unless(convening.meeting_at > now, _("Mötestiden har redan varit. Ändra tiden och skicka sedan."))
    meeting = create_meeting(
        response=convening.response,
        kind=MeetingKind.KEY_FUNCTIONS,
        title=_("Möte med nyckelfunktioner"),
        held_at=convening.meeting_at,
        place=convening.place,
        agenda=convening.purpose,
        functions=functions,
        by=by,
        now=now,
    )
    fresh = move(
        convening,
        to=ConveningState.CALLED,
        allowed=CONVENING_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"called_at": now, "called_by_function": by.function_label, "meeting": meeting},
        functions=[function.pk for function in functions],
    )
    nudge()
    return fresh


@transaction.atomic
def cancel_convening(convening: Convening, *, by: Actor, now: dt.datetime, seen: int | None = None) -> Convening:
    """Call it off; those who were called are told."""
    require(policies.can_convene(by))
    fresh = move(
        convening,
        to=ConveningState.CANCELLED,
        allowed=CONVENING_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"cancelled_at": now},
    )
    cancel(fresh.subject_key, now=now)
    nudge()
    return fresh


@transaction.atomic
def create_meeting(
    *,
    response: Response | None,
    kind: str,
    title: str,
    held_at: dt.datetime,
    place: str = "",
    agenda: str = "",
    functions: Iterable[Function] = (),
    by: Actor,
    now: dt.datetime,
) -> Meeting:
    """A meeting; the response's open questions are put on its agenda by themselves."""
    require(policies.can_lead(by))
    meeting = Meeting.objects.create(
        response=response,
        kind=kind,
        title=title,
        held_at=held_at,
        place=place,
        agenda=agenda,
        about_police=kind == MeetingKind.POLICE,
    )
    meeting.functions_present.set(functions)
    _carry_questions(meeting)
    record(meeting, "created", by=by, now=now, kind=kind)
    return meeting


def _carry_questions(meeting: Meeting) -> None:
    """Put what the response has left open on the meeting's agenda."""
    if meeting.response is None:
        return
    for question in meeting.response.open_questions.filter(state=QuestionState.OPEN):
        QuestionHandling.objects.get_or_create(question=question, meeting=meeting)


@transaction.atomic
def edit_meeting(
    meeting: Meeting,
    *,
    values: Mapping[str, Any],
    functions: Iterable[Function] | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Meeting:
    """Write on a meeting. Notes are open until approved; afterwards only the public outcome can be corrected."""
    require(policies.can_lead(by))
    meeting = locked(meeting)
    if values.get("kind") == MeetingKind.POLICE:
        # It stays so: a meeting once held with the Police is never made public without their word.
        values = {**values, "about_police": True}
    if meeting.minutes_state == MinutesState.APPROVED:
        refuse_unless(
            set(values) <= {*PUBLIC_OUTCOME, "diary_number"},
            _("Anteckningarna är godkända och kan inte ändras. Skriv en rättelse på nästa möte."),
        )
    if meeting.is_public and not meeting.about_police:
        # The Police's word stands between a changed text and residents; without it nothing does.
        fixed = any(getattr(meeting, name) != values.get(name, getattr(meeting, name)) for name in PUBLIC_OUTCOME)
        refuse_unless(not fixed, _("Texten är publicerad. Avpublicera den först om den ska ändras."))
    links = {}
    if functions is not None and meeting.minutes_state != MinutesState.APPROVED:
        links = {"functions_present": list(functions)}
    fresh = change_police_text(meeting, values=values, links=links, by=by, now=now, seen=seen)
    if fresh.response_id != meeting.response_id:
        _carry_questions(fresh)
    if fresh.minutes_state == MinutesState.PLANNED and (values.get("notes") or values.get("outcome_public")):
        fresh = move(
            fresh, to=MinutesState.DRAFT, allowed=MINUTES_MOVES, field="minutes_state", by=by, now=now, verb="noted"
        )
    return fresh


@transaction.atomic
def approve_minutes(meeting: Meeting, *, by: Actor, now: dt.datetime, seen: int | None = None) -> Meeting:
    """Approve the notes: from here they are a public document (TF 2 kap. 10 §) and fixed."""
    require(policies.can_lead(by))
    meeting = locked(meeting)
    refuse_unless(meeting.notes.strip(), _("Skriv minnesanteckningar innan du godkänner dem."))
    refuse_unless(meeting.held_at <= now, _("Mötet har inte varit än. Vänta med att godkänna anteckningarna."))
    fresh = move(
        meeting,
        to=MinutesState.APPROVED,
        allowed=MINUTES_MOVES,
        field="minutes_state",
        by=by,
        now=now,
        seen=seen,
        verb="minutes_approved",
    )
    convening = Convening.objects.filter(meeting=fresh, state=ConveningState.CALLED).first()
    if convening:
        move(convening, to=ConveningState.HELD, allowed=CONVENING_MOVES, by=by, now=now)
    return fresh


@transaction.atomic
def give_directive(
    response: Response, *, organisation: Organisation, text: str, meeting: Meeting | None, by: Actor, now: dt.datetime
) -> Directive:
    """Record a directive to one organisation, given in the director's name."""
    require(policies.can_lead(by))
    refuse_unless(text.strip(), _("Skriv direktivet."))
    directive = Directive.objects.create(
        response=response,
        meeting=meeting,
        organisation=organisation,
        text=text,
        given_at=now,
        given_by_function=by.function_label,
    )
    record(directive, "created", by=by, now=now, organisation_id=organisation.pk)
    return directive


def settle_directive(directive: Directive, *, to: str, by: Actor, now: dt.datetime) -> Directive:
    """Done: said by the organisation or a leader. Cancelled, and opened again: by a leader."""
    may = policies.can_lead(by) or (
        to == DirectiveState.DONE and policies.can_write_status_report(by, directive.organisation_id)
    )
    require(may)
    return move(directive, to=to, allowed=DIRECTIVE_MOVES, by=by, now=now)


@transaction.atomic
def write_status_report(
    response: Response,
    *,
    organisation: Organisation,
    text: str,
    by: Actor,
    now: dt.datetime,
    report: StatusReport | None = None,
    seen: int | None = None,
) -> StatusReport:
    """Begin or go on with a department's situation report (draft)."""
    require(policies.can_write_status_report(by, organisation))
    if report is None:
        report = StatusReport.objects.create(response=response, organisation=organisation, text=text)
        record(report, "created", by=by, now=now)
        return report
    require(report.organisation_id == organisation.pk)
    is_draft = locked(report).state == StatusReportState.DRAFT
    refuse_unless(is_draft, _("Lägesrapporten är inlämnad. Skriv en ny om läget har ändrats."))
    return change(report, by=by, now=now, values={"text": text}, seen=seen)


@transaction.atomic
def submit_status_report(
    report: StatusReport, *, by: Actor, now: dt.datetime, seen: int | None = None
) -> StatusReport:
    """Submit what the page showed (`seen`): from here the leaders read it and it is fixed."""
    require(policies.can_submit_status_reports_for(by, report.organisation_id))
    refuse_unless(locked(report).text.strip(), _("Skriv lägesrapporten innan du lämnar in den."))
    return move(
        report,
        to=StatusReportState.SUBMITTED,
        allowed=STATUS_REPORT_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"reported_at": now, "reported_by_function": by.function_label},
    )


@transaction.atomic
def raise_question(meeting: Meeting, *, text: str, by: Actor, now: dt.datetime) -> OpenQuestion:
    """A question left open; it follows from meeting to meeting until answered."""
    require(policies.can_lead(by))
    response = meeting.response
    refuse_unless(response is not None, _("Mötet hör inte till någon insats. Välj insats på mötet först."))
    refuse_unless(text.strip(), _("Skriv frågan."))
    assert response is not None
    question = OpenQuestion.objects.create(response=response, raised_at_meeting=meeting, text=text)
    QuestionHandling.objects.create(question=question, meeting=meeting)
    later = Meeting.objects.filter(response=response, held_at__gt=meeting.held_at).exclude(
        minutes_state=MinutesState.APPROVED
    )
    QuestionHandling.objects.bulk_create(QuestionHandling(question=question, meeting=other) for other in later)
    record(question, "created", by=by, now=now, meeting=meeting.pk)
    return question


@transaction.atomic
def note_question(handling: QuestionHandling, *, note: str, by: Actor, now: dt.datetime) -> QuestionHandling:
    """What was said of an open question at a meeting; part of its notes, and fixed with them."""
    require(policies.can_lead(by))
    refuse_unless(
        locked(handling.meeting).minutes_state != MinutesState.APPROVED,
        _("Mötets anteckningar är godkända och kan inte ändras. Skriv på nästa möte."),
    )
    handling.note = note
    handling.save(update_fields=["note"])
    record(handling.question, "discussed", by=by, now=now, meeting=handling.meeting_id)
    return handling


@transaction.atomic
def answer_question(
    question: OpenQuestion, *, answer: str, meeting: Meeting, by: Actor, now: dt.datetime
) -> OpenQuestion:
    """The question got its answer at this meeting; later meetings no longer carry it."""
    require(policies.can_lead(by))
    refuse_unless(answer.strip(), _("Skriv svaret på frågan."))
    refuse_unless(meeting.response_id == question.response_id, _("Mötet hör till en annan insats än frågan."))
    fresh = move(
        question,
        to=QuestionState.ANSWERED,
        allowed=QUESTION_MOVES,
        by=by,
        now=now,
        also_set={"answer": answer, "answered_at_meeting": meeting},
    )
    QuestionHandling.objects.filter(question=fresh, meeting__held_at__gt=meeting.held_at, note="").delete()
    QuestionHandling.objects.get_or_create(question=fresh, meeting=meeting)
    return fresh
