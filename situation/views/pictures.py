"""The list of pictures, and the hub of one: what it consists of, what is missing, how far it has come."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.desk.views import GET_POST, allow, initial_of, is_past, page_of, posted
from lysekil_trygghet.publishing.languages import Reader
from situation import policies, queries, words
from situation.changes import changes
from situation.forms.pictures import (
    CommentForm,
    CopyForm,
    DiaryNumberForm,
    NewPictureForm,
    PictureForm,
    PictureSourcesForm,
)
from situation.lifecycle import PICTURES_ADOPTED, PictureKind, PictureState
from situation.models import SituationPicture
from situation.next_step import next_step
from situation.operations import copying, pictures

from .doors import (
    back_to,
    confirm_page,
    form_page,
    inside_door,
    is_fixed,
    own_organisation,
    picture_door,
    writers_door,
)
from .figures import figure_rows

TIMELINE_ON_HUB = 8


@require_safe
def picture_list(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    actor, today = request.actor, timezone.localdate()
    rows = page_of(request, queries.pictures_in_list(actor))
    context = {
        "page": rows,
        "rows": [
            {
                "picture": picture,
                "badge": words.picture_badge(picture),
                "urgency": words.urgency_badge(picture, today=today),
            }
            for picture in rows
        ],
        "waiting": queries.waiting_for_police(actor) if actor.is_police else [],
        "may": {
            "begin_joint": policies.can_begin(actor, PictureKind.JOINT),
            "begin_own": policies.can_begin(actor, PictureKind.OWN),
        },
    }
    return render(request, "situation/staff/picture_list.html", context)


# --- The hub ------------------------------------------------------------------------------------------


@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    actor = request.actor
    picture = queries.parts_of(picture_door(request, pk))
    missing = pictures.missing_before_review(picture) if picture.is_written else []
    own_side = policies.is_own_side(actor, picture)
    context = {
        "picture": picture,
        "badge": words.picture_badge(picture),
        "urgency": words.urgency_badge(picture, today=timezone.localdate()),
        "missing": missing if own_side else [],
        "next_step": next_step(picture, actor, missing=missing),
        "sources": [{"source": source, "badge": words.strength_badge(source)} for source in picture.sources.all()],
        "figures": figure_rows(picture),
        "changes": words.changes_in_words(changes(picture), read=Reader("sv")),
        "findings": [finding_row(finding) for finding in picture.findings.all()],
        "problems": [problem_row(problem) for problem in picture.problems.all()],
        "newer": SituationPicture.objects.visible_to(actor).filter(previous=picture),
        "comments": queries.comments_for(actor, picture) if policies.can_comment(actor, picture) else [],
        "history": words.timeline(picture)[:TIMELINE_ON_HUB],
        "may": may_with(actor, picture),
    }
    return render(request, "situation/staff/picture.html", context)


def finding_row(finding: Any) -> dict[str, Any]:
    return {
        "finding": finding,
        "id": finding.pk,
        "words": finding.claim[:90],
        "trend": words.trend_badge(finding.trend),
        "confidence": words.confidence_badge(finding.confidence),
    }


def problem_row(problem: Any) -> dict[str, Any]:
    return {"problem": problem, "id": problem.pk, "words": problem.title}


def may_with(actor: Any, picture: SituationPicture) -> dict[str, bool]:
    """The buttons this person gets."""
    own_side = policies.is_own_side(actor, picture)
    review = picture.state == PictureState.REVIEW
    as_police = policies.can_confirm_as_police(actor, picture) and not picture.is_police_confirmed
    as_municipality = policies.can_confirm_as_municipality(actor) and not picture.is_municipality_confirmed
    records = policies.can_record_police_confirmation(actor) and not picture.is_police_confirmed
    return {
        "edit": policies.can_edit_picture(actor, picture),
        "review": policies.can_send_to_review(actor, picture),
        "send_back": policies.can_send_back(actor, picture),
        "confirm": review and picture.is_joint and (as_police or as_municipality),
        "confirm_in_writing": review and picture.is_joint and records,
        "open": own_side and policies.can_open_to_police(actor) and picture.opened_to_police_at is None,
        "adopt": policies.can_adopt(actor, picture) and (picture.both_have_confirmed or not picture.is_joint),
        "publish": policies.can_publish_picture(actor, picture),
        "withdraw": policies.can_withdraw_picture(actor, picture),
        "preview": policies.can_preview(actor, picture),
        "discard": policies.can_discard(actor, picture),
        "comment": policies.can_comment(actor, picture),
        "diary": policies.can_set_diary_number(actor, picture),
        "sees_confirmations": picture.is_joint and own_side,
    }


@require_safe
def picture_read(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole text on one page, to read or to print."""
    picture = queries.parts_of(picture_door(request, pk))
    context = {"picture": picture, "badge": words.picture_badge(picture), "document": document_of(picture)}
    return render(request, "situation/staff/picture_read.html", context)


def document_of(picture: SituationPicture) -> dict[str, Any]:
    """What templates/situation/staff/_document.html shows of a picture fetched by `queries.parts_of`."""
    return {
        "sources": [
            {
                "source": source,
                "badge": words.strength_badge(source),
                "answers": words.answers_in_words(source),
            }
            for source in picture.sources.all()
        ],
        "findings": [finding_row(finding) for finding in picture.findings.all()],
        "problems": picture.problems.all(),
    }


@require_safe
def picture_history(request: HttpRequest, pk: int) -> HttpResponse:
    picture = picture_door(request, pk)
    context = {"picture": picture, "history": words.timeline(picture)}
    return render(request, "situation/staff/picture_history.html", context)


# --- Written ------------------------------------------------------------------------------------------


def replaceable(actor: Any, kind: str, itself: SituationPicture | None = None) -> Any:
    """Adopted pictures of the same kind and party, the newest first."""
    rows = SituationPicture.objects.visible_to(actor).filter(kind=kind, state__in=PICTURES_ADOPTED)
    if kind == PictureKind.OWN:
        rows = (
            rows.filter(organisation__kind="POLICE") if actor.is_police else rows.exclude(organisation__kind="POLICE")
        )
    return rows.exclude(pk=itself.pk) if itself else rows


@require_http_methods(GET_POST)
@answering
def picture_new(request: HttpRequest, kind: str) -> HttpResponse:
    """A joint picture (`gemensam`) or the own party's (`egen`)."""
    inside_door(request)
    wanted = PictureKind.JOINT if kind == "gemensam" else PictureKind.OWN
    allow(policies.can_begin(request.actor, wanted))
    before = replaceable(request.actor, wanted)
    form = NewPictureForm(posted(request), replaceable=before, initial={"previous": before.first()})
    form.cancel_url = reverse("situation:pictures")
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            begun = pictures.begin(
                kind=wanted,
                organisation=own_organisation(request.actor),
                values=form.values(),
                by=request.actor,
                now=timezone.now(),
            )
            messages.success(request, _("Lägesbilden är påbörjad. Lägg till underlag."))
            return see_other(begun)
    joint = wanted == PictureKind.JOINT
    lead = (
        _("Polisen ser den först när du har visat den för dem.")
        if joint
        else _("Bara ni ser den tills den är antagen. Invånarna ser den aldrig.")
    )
    title = _("Ny gemensam lägesbild") if joint else _("Ny egen lägesbild")
    return form_page(request, form, title=title, lead=lead)


@require_http_methods(GET_POST)
@answering
def picture_edit(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    if is_fixed(request, picture):
        return see_other(picture)
    form = PictureForm(
        posted(request),
        replaceable=replaceable(request.actor, picture.kind, picture),
        initial=initial_of(picture, PictureForm),
    )
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            saved = pictures.edit(
                picture, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Lägesbilden är sparad."))
            return see_other(saved)
    return form_page(request, form, title=_("Ändra lägesbildens texter"), picture=picture)


@require_http_methods(GET_POST)
@answering
def picture_sources(request: HttpRequest, pk: int) -> HttpResponse:
    """Which sources it rests on."""
    picture = writers_door(request, pk)
    if is_fixed(request, picture):
        return see_other(picture)
    form = PictureSourcesForm(
        posted(request),
        choices=queries.sources_to_choose(request.actor, picture),
        initial={"sources": list(picture.sources.all()), "seen": picture.revision},
    )
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            pictures.put_sources(
                picture,
                form.cleaned_data["sources"],
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Underlagen är sparade."))
            return back_to(picture, "underlag")
    return form_page(
        request,
        form,
        title=_("Välj underlag"),
        picture=picture,
        lead=_("Saknas något? Lägg till underlaget först, så hamnar det här."),
        link_url=reverse("situation:source_new") + f"?lagesbild={picture.pk}",
        link_label=_("Lägg till ett nytt underlag"),
    )


@require_http_methods(GET_POST)
@answering
def picture_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Take findings and problems over from another picture, most often a party's own one."""
    picture = writers_door(request, pk)
    if is_fixed(request, picture):
        return see_other(picture)
    others = queries.pictures_to_copy_from(request.actor, picture).select_related("organisation")
    wanted = request.GET.get("fran", "")
    if not wanted:
        return render(request, "situation/staff/picture_copy.html", {"picture": picture, "others": others})
    other = get_object_or_404(
        others, pk=int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else 0
    )
    form = CopyForm(posted(request), of=other)
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            copying.copy_parts(
                picture,
                findings=form.cleaned_data.get("findings", ()),
                problems=form.cleaned_data.get("problems", ()),
                by=request.actor,
                now=timezone.now(),
            )
            messages.success(request, _("Det valda är hämtat. Originalet är kvar."))
            return see_other(picture)
    title = _("Hämta från ”%(title)s”") % {"title": other.title}
    return form_page(request, form, title=title, picture=picture)


@require_http_methods(GET_POST)
@answering
def picture_discard(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    may = policies.can_discard(request.actor, picture)
    allow(may or picture.state != PictureState.DRAFT)
    if is_past(request, may):
        return see_other(picture)
    form = AskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            pictures.discard(picture, by=request.actor, now=timezone.now())
            messages.success(request, _("Utkastet är kastat."))
            return see_other("situation:pictures")
    return confirm_page(
        request,
        form,
        question=_("Kasta utkastet?"),
        text=_("Iakttagelser, problem och orsaker i det försvinner. Underlagen finns kvar."),
        submit_label=_("Kasta"),
        tone="danger",
        picture=picture,
    )


@require_http_methods(GET_POST)
@answering
def picture_comment(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    form = CommentForm(posted(request))
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            pictures.comment(picture, **form.values(), by=request.actor, now=timezone.now())
            return back_to(picture, "kommentarer")
    lead = _("Kommunen och Polisen ser den båda när lägesbilden är visad för Polisen. Invånarna ser den aldrig.")
    return form_page(request, form, title=_("Kommentera"), picture=picture, lead=lead)


@require_http_methods(GET_POST)
@answering
def picture_diary(request: HttpRequest, pk: int) -> HttpResponse:
    picture = picture_door(request, pk)
    allow(policies.can_set_diary_number(request.actor, picture))
    form = DiaryNumberForm(posted(request), initial=initial_of(picture, DiaryNumberForm))
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            pictures.set_diary_number(
                picture, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Diarienumret är sparat."))
            return see_other(picture)
    return page(request, "situation/staff/form.html", form, title=_("Diarienummer"), picture=picture)
