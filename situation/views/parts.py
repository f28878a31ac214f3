"""Findings, problems and causes of a picture: written, put in order with two buttons, removed after a question."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.desk.views import GET_POST, initial_of, posted
from situation import queries
from situation.forms.parts import CauseForm, FindingForm, NewCauseForm, NewFindingForm, NewProblemForm, ProblemForm
from situation.models import CauseAnalysis, Problem, SituationPicture
from situation.operations import findings, problems

from .doors import back_to, confirm_page, form_page, is_fixed, moved, writers_door
from .figures import figure_rows

# --- Findings -----------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def finding_new(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    if is_fixed(request, picture):
        return see_other(picture)
    form = NewFindingForm(
        posted(request),
        picture=picture,
        areas=queries.areas_to_choose(),
        initial=_rests_on(picture, request.GET.get("underlag", "")),
    )
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            findings.write(
                picture,
                values=form.values(),
                sources=form.cleaned_data["sources"],
                by=request.actor,
                now=timezone.now(),
            )
            messages.success(request, _("Iakttagelsen är sparad."))
            return back_to(picture, "iakttagelser")
    return _finding_page(request, form, title=_("Ny iakttagelse"), picture=picture)


def _finding_page(request: HttpRequest, form: Any, *, title: str, picture: SituationPicture) -> HttpResponse:
    """The form, with what the picture's sources say beside it."""
    evidence = queries.evidence_of(request.actor, picture)
    rows = figure_rows(picture)
    return page(
        request, "situation/staff/finding.html", form, title=title, picture=picture, evidence=evidence, figures=rows
    )


def _rests_on(picture: SituationPicture, number: str) -> dict[str, Any]:
    """The source a finding was begun from, when it is one of the picture's."""
    known = number.isascii() and number.isdigit() and len(number) < 10
    return {"sources": picture.sources.filter(pk=int(number))} if known else {}


@require_http_methods(GET_POST)
@answering
def finding_edit(request: HttpRequest, pk: int, finding_pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    finding = get_object_or_404(picture.findings.select_related("picture", "area"), pk=finding_pk)
    if is_fixed(request, picture):
        return see_other(picture)
    form = FindingForm(
        posted(request),
        picture=picture,
        areas=queries.areas_to_choose(finding.area),
        initial=initial_of(finding, FindingForm, "sources"),
    )
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            findings.edit(
                finding,
                values=form.values(),
                sources=form.cleaned_data["sources"],
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Iakttagelsen är sparad."))
            return back_to(picture, "iakttagelser")
    return _finding_page(request, form, title=_("Ändra iakttagelsen"), picture=picture)


@require_http_methods(GET_POST)
@answering
def finding_remove(request: HttpRequest, pk: int, finding_pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    finding = get_object_or_404(picture.findings.select_related("picture"), pk=finding_pk)
    return _remove(
        request,
        picture,
        lambda: findings.remove(finding, by=request.actor, now=timezone.now()),
        question=_("Ta bort iakttagelsen?"),
        text=finding.claim,
        place="iakttagelser",
    )


@require_POST
@answering
def finding_order(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    if is_fixed(request, picture):
        return see_other(picture)
    direction, number = moved(request)
    finding = get_object_or_404(picture.findings.select_related("picture"), pk=number)
    findings.place(finding, direction=direction, by=request.actor, now=timezone.now())
    return back_to(picture, "iakttagelser")


def _remove(
    request: HttpRequest, picture: SituationPicture, remove: Any, *, question: str, text: str, place: str
) -> HttpResponse:
    if is_fixed(request, picture):
        return see_other(picture)
    form = AskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            remove()
            messages.success(request, _("Borttaget."))
            return back_to(picture, place)
    return confirm_page(
        request, form, question=question, text=text, submit_label=_("Ta bort"), tone="danger", picture=picture
    )


# --- Problems -----------------------------------------------------------------------------------------


def problem_door(picture: SituationPicture, problem_pk: int) -> Problem:
    return get_object_or_404(picture.problems.select_related("picture"), pk=problem_pk)


@require_http_methods(GET_POST)
@answering
def problem_new(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    if is_fixed(request, picture):
        return see_other(picture)
    form = NewProblemForm(posted(request), picture=picture, areas=queries.areas_to_choose())
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            problems.write(
                picture,
                values=form.values(),
                findings=form.cleaned_data["findings"],
                areas=form.cleaned_data["areas"],
                by=request.actor,
                now=timezone.now(),
            )
            messages.success(request, _("Problemet är sparat, med lägst prioritet. Flytta upp det om det behövs."))
            return back_to(picture, "problem")
    return form_page(request, form, title=_("Nytt problem"), picture=picture)


@require_http_methods(GET_POST)
@answering
def problem_edit(request: HttpRequest, pk: int, problem_pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    problem = problem_door(picture, problem_pk)
    if is_fixed(request, picture):
        return see_other(picture)
    form = ProblemForm(
        posted(request),
        picture=picture,
        areas=(queries.areas_to_choose() | problem.areas.all()).distinct(),
        initial=initial_of(problem, ProblemForm, "findings", "areas"),
    )
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            problems.edit(
                problem,
                values=form.values(),
                findings=form.cleaned_data["findings"],
                areas=form.cleaned_data["areas"],
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Problemet är sparat."))
            return back_to(picture, "problem")
    return form_page(request, form, title=_("Ändra problemet"), picture=picture)


@require_http_methods(GET_POST)
@answering
def problem_remove(request: HttpRequest, pk: int, problem_pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    problem = problem_door(picture, problem_pk)
    return _remove(
        request,
        picture,
        lambda: problems.remove(problem, by=request.actor, now=timezone.now()),
        question=_("Ta bort problemet?"),
        text=_("”%(title)s” och dess orsaker försvinner.") % {"title": problem.title},
        place="problem",
    )


@require_POST
@answering
def problem_order(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    if is_fixed(request, picture):
        return see_other(picture)
    direction, number = moved(request)
    problems.place(problem_door(picture, number), direction=direction, by=request.actor, now=timezone.now())
    return back_to(picture, "problem")


# --- Causes -------------------------------------------------------------------------------------------


def cause_door(picture: SituationPicture, cause_pk: int) -> CauseAnalysis:
    rows = CauseAnalysis.objects.filter(problem__picture=picture).select_related("problem__picture")
    return get_object_or_404(rows, pk=cause_pk)


@require_http_methods(GET_POST)
@answering
def cause_new(request: HttpRequest, pk: int, problem_pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    problem = problem_door(picture, problem_pk)
    if is_fixed(request, picture):
        return see_other(picture)
    form = NewCauseForm(posted(request))
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            problems.write_cause(problem, values=form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Orsaken är sparad."))
            return back_to(picture, "problem")
    lead = _("Till problemet ”%(title)s”.") % {"title": problem.title}
    return form_page(request, form, title=_("Ny trolig orsak"), picture=picture, lead=lead)


@require_http_methods(GET_POST)
@answering
def cause_edit(request: HttpRequest, pk: int, cause_pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    cause = cause_door(picture, cause_pk)
    if is_fixed(request, picture):
        return see_other(picture)
    form = CauseForm(posted(request), initial=initial_of(cause, CauseForm))
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            problems.edit_cause(
                cause, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Orsaken är sparad."))
            return back_to(picture, "problem")
    lead = _("Till problemet ”%(title)s”.") % {"title": cause.problem.title}
    return form_page(request, form, title=_("Ändra orsaken"), picture=picture, lead=lead)


@require_http_methods(GET_POST)
@answering
def cause_remove(request: HttpRequest, pk: int, cause_pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    cause = cause_door(picture, cause_pk)
    return _remove(
        request,
        picture,
        lambda: problems.remove_cause(cause, by=request.actor, now=timezone.now()),
        question=_("Ta bort orsaken?"),
        text=cause.hypothesis,
        place="problem",
    )


@require_POST
@answering
def cause_order(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    if is_fixed(request, picture):
        return see_other(picture)
    direction, number = moved(request)
    problems.place_cause(cause_door(picture, number), direction=direction, by=request.actor, now=timezone.now())
    return back_to(picture, "problem")
