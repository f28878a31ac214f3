"""A promise said otherwise, and figures of what it should lead to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lysekil_trygghet.desk.answers import answering, see_other
from lysekil_trygghet.desk.views import GET_POST, allow, initial_of, is_past, posted
from pledges import policies, queries
from pledges.forms.promises import (
    AmendForm,
    FigureForm,
    NewFigureForm,
)
from pledges.operations import amendments, commitments

from .doors import commitment_door, step, unchanged
from .standing import is_closed
from .steps import asked


@require_http_methods(GET_POST)
@answering
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    by_right = policies.can_amend(request.actor, promise)
    in_writing = not by_right and policies.can_amend_in_writing(request.actor, promise)
    allow(by_right or in_writing or is_closed(promise))
    if is_past(request, by_right or in_writing):
        return see_other(promise)
    current = queries.current_wording(promise)
    first = {"new_text": current.text, "new_text_en": current.text_en, "decided_on": timezone.localdate()}
    form = AmendForm(posted(request), in_writing=in_writing, initial=first)
    # The day of the document is the day of the decision here.
    form.fields.pop("document_on", None)
    return step(
        request,
        form,
        lambda form: amendments.amend(
            promise, **form.values(), **form.document(), by=request.actor, now=timezone.now()
        ),
        done=_("Löftet har en ny lydelse. Invånarna ser båda."),
        back=promise,
        title=_("Ny lydelse av löftet"),
        thing=promise,
        lead=_("Det som lovades står kvar. Invånarna läser den gamla lydelsen, den nya och skälet."),
        items=[current.text],
    )


@require_http_methods(GET_POST)
@answering
def figure_new(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    may = policies.can_keep_figures(request.actor, promise)
    allow(may or is_closed(promise))
    if is_past(request, may):
        return see_other(promise)
    return step(
        request,
        NewFigureForm(posted(request)),
        lambda form: commitments.add_figure(promise, values=form.values(), by=request.actor, now=timezone.now()),
        done=_("Siffran är sparad."),
        back=promise,
        title=_("Ny siffra"),
        thing=promise,
        lead=_("Siffran visar utvecklingen, inte att löftet orsakade den. Så står det också för invånarna."),
    )


@require_http_methods(GET_POST)
@answering
def figure_edit(request: HttpRequest, pk: int, figure_pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    figure = get_object_or_404(promise.figures, pk=figure_pk)
    may = policies.can_keep_figures(request.actor, promise)
    allow(may or is_closed(promise))
    if is_past(request, may):
        return see_other(promise)
    return step(
        request,
        FigureForm(posted(request), initial=initial_of(figure, FigureForm)),
        lambda form: commitments.edit_figure(
            figure, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Siffran är sparad."),
        back=promise,
        title=_("Ändra siffran"),
        thing=promise,
    )


@require_http_methods(GET_POST)
@answering
def figure_remove(request: HttpRequest, pk: int, figure_pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    figure = get_object_or_404(promise.figures, pk=figure_pk)
    may = policies.can_keep_figures(request.actor, promise)
    allow(may or is_closed(promise))
    if is_past(request, may):
        return see_other(promise)

    def run(form: Any) -> None:
        unchanged(figure, form)
        commitments.remove_figure(figure, by=request.actor, now=timezone.now())

    return step(
        request,
        asked(request, figure, _("Ta bort siffran")),
        run,
        done=_("Siffran är borttagen."),
        back=promise,
        title=_("Ta bort siffran?"),
        thing=promise,
        items=[figure.label],
    )
