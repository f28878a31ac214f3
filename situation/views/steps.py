"""Each step on a picture's way, as a page that asks first: review, confirm, adopt, publish, and the steps back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lysekil_trygghet.desk.answers import answering, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.desk.views import GET_POST, allow, is_past, posted
from situation import policies, queries
from situation.forms.pictures import AdoptForm, PublishForm, SendBackForm, WithdrawForm, WrittenConfirmationForm
from situation.lifecycle import PictureState
from situation.models import SituationPicture
from situation.operations import pictures
from situation.residents import with_public_parts

from . import public
from .doors import confirm_page, picture_door, writers_door
from .pictures import document_of


def seen_of(picture: SituationPicture) -> dict[str, int]:
    return {"seen": picture.revision}


# --- Review -------------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def picture_review(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    if is_past(request, picture.state == PictureState.DRAFT):
        return see_other(picture)
    form = AskForm(posted(request), initial=seen_of(picture))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            pictures.send_to_review(picture, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Lägesbilden granskas nu."))
            return see_other(picture)
    text = (
        _("Kommunen och Polisen läser den och bekräftar var för sig. Ändras något måste båda bekräfta igen.")
        if picture.is_joint
        else _("Sedan kan den antas.")
    )
    return confirm_page(
        request,
        form,
        question=_("Skicka lägesbilden till granskning?"),
        text=text,
        missing=pictures.missing_before_review(picture),
        submit_label=_("Skicka till granskning"),
        picture=picture,
    )


@require_http_methods(GET_POST)
@answering
def picture_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    if is_past(request, picture.state == PictureState.REVIEW):
        return see_other(picture)
    form = SendBackForm(posted(request), initial=seen_of(picture))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            pictures.send_back(picture, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Lägesbilden är ett utkast igen."))
            return see_other(picture)
    return confirm_page(
        request,
        form,
        question=_("Skicka tillbaka lägesbilden?"),
        text=_("Den blir ett utkast igen, och det som har bekräftats måste bekräftas på nytt."),
        submit_label=_("Skicka tillbaka"),
        picture=picture,
    )


@require_http_methods(GET_POST)
@answering
def picture_open(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    allow(policies.can_open_to_police(request.actor))
    if is_past(request, picture.opened_to_police_at is None):
        return see_other(picture)
    form = AskForm(posted(request), initial=seen_of(picture))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            pictures.open_to_police(picture, by=request.actor, now=timezone.now())
            messages.success(request, _("Polisen kan läsa lägesbilden nu."))
            return see_other(picture)
    return confirm_page(
        request,
        form,
        question=_("Visa lägesbilden för Polisen?"),
        text=_(
            "Polisen är en egen myndighet. När du visar utkastet kan det bli en allmän handling "
            "(tryckfrihetsförordningen 2 kap. 10 §). Det går inte att ångra, och det antecknas i historiken."
        ),
        submit_label=_("Visa för Polisen"),
        picture=picture,
    )


@require_http_methods(GET_POST)
@answering
def picture_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the whole text and say yes to it, for the party one speaks for."""
    picture = writers_door(request, pk)
    actor = request.actor
    for_police = actor.is_police
    allow(policies.can_confirm_as_police(actor, picture) or policies.can_confirm_as_municipality(actor))
    done = picture.is_police_confirmed if for_police else picture.is_municipality_confirmed
    if is_past(request, picture.is_joint and picture.state == PictureState.REVIEW and not done):
        return see_other(picture)
    form = AskForm(posted(request), initial=seen_of(picture))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            confirm = pictures.confirm_as_police if for_police else pictures.confirm_as_municipality
            # Without the mark of what was seen there is nothing to say yes to.
            seen = -1 if form.seen_revision is None else form.seen_revision
            confirm(picture, by=actor, now=timezone.now(), seen=seen)
            messages.success(request, _("Bekräftat."))
            return see_other(picture)
    return confirm_page(
        request,
        form,
        question=_("Bekräfta för Polisen?") if for_police else _("Bekräfta för kommunen?"),
        text=_("Läs texten nedan. Ändras något efter det måste båda bekräfta igen."),
        submit_label=_("Bekräfta"),
        picture=picture,
        document=document_of(whole := queries.parts_of(picture)),
        whole=whole,
    )


@require_http_methods(GET_POST)
@answering
def picture_confirm_in_writing(request: HttpRequest, pk: int) -> HttpResponse:
    """The coordinator writes down that the Police have said yes in writing."""
    picture = writers_door(request, pk)
    allow(policies.can_record_police_confirmation(request.actor))
    waits = picture.is_joint and picture.state == PictureState.REVIEW and not picture.is_police_confirmed
    if is_past(request, waits):
        return see_other(picture)
    form = WrittenConfirmationForm(posted(request), initial=seen_of(picture))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            seen = -1 if form.seen_revision is None else form.seen_revision
            pictures.confirm_as_police(picture, **form.values(), by=request.actor, now=timezone.now(), seen=seen)
            messages.success(request, _("Polisens bekräftelse är antecknad."))
            return see_other(picture)
    return confirm_page(
        request,
        form,
        question=_("Anteckna Polisens skriftliga bekräftelse"),
        text=_("När Polisen inte kan logga in. Skriv var bekräftelsen finns och vilken dag den är från."),
        submit_label=_("Anteckna"),
        picture=picture,
    )


# --- Adopted and shown --------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def picture_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    actor = request.actor
    may = policies.can_adopt(actor, picture)
    allow(may or picture.state != PictureState.REVIEW)
    if is_past(request, may):
        return see_other(picture)
    needs_minutes = picture.is_joint and not actor.is_director
    first = {
        "adopted_on": timezone.localdate(),
        "adopted_by": _("Styrgruppen") if needs_minutes else actor.function_label,
    }
    form = AdoptForm(posted(request), needs_minutes=needs_minutes, initial=first | seen_of(picture))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            pictures.adopt(picture, **form.values(), by=actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Lägesbilden är antagen. Den ska uppdateras inom två år."))
            return see_other(picture)
    return confirm_page(
        request,
        form,
        question=_("Anta lägesbilden?"),
        text=_("Efter det kan den inte ändras, bara ersättas av en ny."),
        missing=pictures.missing_before_adoption(picture),
        submit_label=_("Anteckna att den är antagen") if needs_minutes else _("Anta"),
        picture=picture,
    )


@require_http_methods(GET_POST)
@answering
def picture_publish(request: HttpRequest, pk: int) -> HttpResponse:
    picture = picture_door(request, pk)
    allow(policies.can_publish(request.actor) and picture.is_joint)
    if is_past(request, policies.can_publish_picture(request.actor, picture)):
        return see_other(picture)
    form = PublishForm(posted(request), signs=signs_in_words(picture), initial=seen_of(picture))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            pictures.publish(
                picture,
                secrecy_checked=form.cleaned_data["tick_secrecy"],
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Publicerad. Invånarna kan läsa den nu."))
            return see_other(picture)
    blocked = pictures.holds_identity_number(picture)
    replaces = picture.previous is not None and picture.previous.is_public
    return confirm_page(
        request,
        form,
        question=_("Publicera lägesbilden?"),
        text=_("Den tidigare märks som ersatt i samma stund.") if replaces else "",
        missing=[_("Texten innehåller ett personnummer. Ta bort det.")] if blocked else [],
        submit_label=_("Publicera"),
        picture=picture,
        preview=True,
    )


def signs_in_words(picture: SituationPicture) -> str:
    return get_text_list([str(kind.words) for kind in pictures.signs_of_persons(picture)], _("och"))


@require_http_methods(GET_POST)
@answering
def picture_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    picture = picture_door(request, pk)
    allow(policies.can_publish(request.actor))
    if is_past(request, picture.is_public):
        return see_other(picture)
    form = WithdrawForm(posted(request), initial=seen_of(picture))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            pictures.withdraw(picture, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Avpublicerad. Invånarna ser den inte längre."))
            return see_other(picture)
    return confirm_page(
        request,
        form,
        question=_("Avpublicera lägesbilden?"),
        text=_("Invånarna kan inte läsa den efter några sekunder. Den finns kvar här inne."),
        submit_label=_("Avpublicera"),
        tone="danger",
        picture=picture,
    )


@require_safe
def picture_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The residents' own page, made by the same function, before they can read it."""
    picture = picture_door(request, pk)
    allow(policies.can_preview(request.actor, picture))
    language = "en" if request.GET.get("sprak") == "en" else "sv"
    preview: dict[str, Any] = {
        "back": picture.get_absolute_url(),
        "name": picture.title,
        "language": language,
        "is_public": picture.is_public,
    }
    request.preview = preview
    rows = with_public_parts(SituationPicture.objects.visible_to(request.actor))
    with translation.override(language):
        answer = public.show(request, get_object_or_404(rows, pk=picture.pk))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
