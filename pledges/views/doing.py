"""What was done: logged in two taps, corrected, undone. And when a rhythm rests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.desk.views import GET_POST, allow, initial_of, is_past, posted
from lysekil_trygghet.history.guards import Refused
from lysekil_trygghet.ui.formats import swedish_date
from pledges import policies, queries
from pledges.forms.doing import CallOffForm, CorrectForm, CorrectReasonForm, LogForm, PauseForm, counts_initial
from pledges.lifecycle import OccurrenceState
from pledges.models import Commitment, Occurrence, PausePeriod
from pledges.operations import occurrences, rules

from .doors import commitment_door, step, trail_of


def party_door(promise: Commitment, organisation_pk: int) -> Organisation:
    return get_object_or_404(
        promise.parties.select_related("organisation"), organisation__pk=organisation_pk
    ).organisation


@require_http_methods(GET_POST)
@answering
def log(request: HttpRequest, pk: int, organisation_pk: int) -> HttpResponse:
    """Held, or called off: two short forms on one page, the day already filled in."""
    promise = commitment_door(request, pk)
    organisation = party_door(promise, organisation_pk)
    by_right = policies.can_log(request.actor, promise, organisation)
    in_writing = not by_right and policies.can_log_in_writing(request.actor, promise, organisation)
    allow(by_right or in_writing or (promise.pledge_set.is_public and not promise.pledge_set.is_running))
    if is_past(request, by_right or in_writing):
        return see_other(promise)
    today = first_day(promise)
    called_off = request.method == "POST" and "call_off" in request.POST
    held = request.method == "POST" and not called_off
    form = LogForm(request.POST if held else None, commitment=promise, in_writing=in_writing, initial={"date": today})
    off = CallOffForm(
        request.POST if called_off else None, prefix="off", in_writing=in_writing, initial={"date": today}
    )
    form.cancel_url = off.cancel_url = promise.get_absolute_url()
    now = timezone.now()
    if held and form.is_valid():
        with trying(form, request):
            values = {name: form.cleaned_data.get(name) for name in ("date", "area", "public_note", "public_note_en")}
            row = occurrences.log_held(
                promise,
                organisation=organisation,
                counts=form.counts(),
                **values,
                **form.document(),
                by=request.actor,
                now=now,
            )
            return told(request, promise, row, _("Antecknat: %(day)s."))
    if called_off and off.is_valid():
        with trying(off, request):
            row = occurrences.log_cancelled(
                promise, organisation=organisation, **off.values(), **off.document(), by=request.actor, now=now
            )
            return told(request, promise, row, _("Antecknat som inställt: %(day)s."))
    return page(
        request,
        "pledges/staff/log.html",
        off if called_off else form,
        log_form=form,
        off_form=off,
        title=_("Anteckna vad som gjordes"),
        promise=promise,
        text=queries.current_wording(promise).text,
        organisation=organisation,
        thing=promise,
        trail=trail_of(promise),
    )


def first_day(promise: Commitment) -> dt.date:
    """Today, or the last day of the set when it is past."""
    return min(timezone.localdate(), promise.pledge_set.period_end)


def told(request: HttpRequest, promise: Commitment, row: Occurrence, words: str) -> HttpResponse:
    messages.success(request, words % {"day": swedish_date(row.date)} + " " + _("Blev det fel? Välj Ångra vid raden."))
    return see_other(promise)


def occurrence_door(request: HttpRequest, pk: int) -> Occurrence:
    rows = Occurrence.objects.filter(commitment__in=Commitment.objects.visible_to(request.actor))
    row = get_object_or_404(rows.select_related("organisation").prefetch_related("counts"), pk=pk)
    row.commitment = commitment_door(request, row.commitment_id)
    allow(policies.can_correct(request.actor, row) or policies.can_correct_in_writing(request.actor, row))
    return row


def proof_of(row: Occurrence) -> dict[str, Any]:
    """What was once written down from a document is put right by the same document."""
    return {"document": row.document, "document_on": row.document_on} if row.document else {}


@require_http_methods(GET_POST)
@answering
def log_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = occurrence_door(request, pk)
    promise = row.commitment
    if is_past(request, row.state != OccurrenceState.UNDONE):
        return see_other(promise)
    in_writing = not policies.can_correct(request.actor, row)
    if row.state == OccurrenceState.HELD:
        form: Any = CorrectForm(
            posted(request),
            commitment=promise,
            in_writing=in_writing,
            initial=initial_of(row, CorrectForm) | counts_initial(row) | proof_of(row),
        )
    else:
        form = CorrectReasonForm(
            posted(request), in_writing=in_writing, initial=initial_of(row, CorrectReasonForm) | proof_of(row)
        )

    def run(form: Any) -> None:
        names = ("date", "area", "public_note", "public_note_en", "reason")
        occurrences.correct(
            row,
            values={name: form.cleaned_data[name] for name in names if name in form.cleaned_data},
            counts=form.counts() if hasattr(form, "counts") else None,
            **form.document(),
            by=request.actor,
            now=timezone.now(),
            seen=form.seen_revision,
        )

    return step(request, form, run, done=_("Rättat."), back=promise, title=_("Rätta anteckningen"), thing=promise)


@require_POST
@answering
def log_undo(request: HttpRequest, pk: int) -> HttpResponse:
    return _turned(request, pk, occurrences.undo, _("Ångrat. Raden finns kvar i historiken."))


@require_POST
@answering
def log_redo(request: HttpRequest, pk: int) -> HttpResponse:
    return _turned(request, pk, occurrences.redo, _("Raden gäller igen."))


def _turned(request: HttpRequest, pk: int, turn: Any, words: str) -> HttpResponse:
    row = occurrence_door(request, pk)
    try:
        turn(row, by=request.actor, now=timezone.now())
    except Refused as no:
        messages.warning(request, str(no))
    else:
        messages.success(request, words)
    return see_other(row.commitment)


# --- Rests ------------------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def pause_new(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    rule = getattr(promise, "rule", None)
    allow(policies.can_set_pauses(request.actor, promise))
    if is_past(request, rule is not None):
        return see_other(promise)
    return step(
        request,
        PauseForm(posted(request)),
        lambda form: rules.add_pause(rule, **form.values(), by=request.actor, now=timezone.now()),
        done=_("Pausen är sparad."),
        back=promise,
        title=_("Ny paus"),
        thing=promise,
        lead=_("Dagarna räknas inte mot rytmen. Invånarna ser varför."),
    )


@require_http_methods(GET_POST)
@answering
def pause_remove(request: HttpRequest, pk: int, pause_pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    pause = get_object_or_404(PausePeriod.objects.filter(rule__commitment=promise), pk=pause_pk)
    allow(policies.can_set_pauses(request.actor, promise))
    form = AskForm(posted(request))
    form.submit_label = _("Ta bort pausen")
    return step(
        request,
        form,
        lambda form: rules.remove_pause(pause, by=request.actor, now=timezone.now()),
        done=_("Pausen är borttagen."),
        back=promise,
        title=_("Ta bort pausen?"),
        thing=promise,
        items=[f"{pause.first_day} – {pause.last_day}: {pause.reason}"],
    )
