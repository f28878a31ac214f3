"""News for residents: written, shown while it is written, changed with a visible correction, given a picture."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import policies
from incidents.forms.news import (
    NewUpdateForm,
    PictureForm,
    PictureWordsForm,
    RemovePictureForm,
    UpdateForm,
)
from incidents.lifecycle import PublicationState, look_of
from incidents.models import PublicUpdate
from incidents.operations import news, pictures, publication
from incidents.operations.publication import missing_before_publication
from incidents.words import timeline
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.desk.rows import typed_values
from lysekil_trygghet.history.guards import NotAllowed
from lysekil_trygghet.publishing import markdown

from .publishing import GET_POST, may_with, page_of, thing_url

LONGEST_PREVIEW = 20_000


def writer_door(request: HttpRequest) -> None:
    """Those who write public texts. To everybody else a piece of news exists once residents can read it."""
    if not policies.can_write_public_texts(request.actor):
        raise Http404


def update_door(request: HttpRequest, pk: int) -> PublicUpdate:
    writer_door(request)
    return get_object_or_404(PublicUpdate.objects.select_related("response", "picture"), pk=pk)


@require_safe
def update_list(request: HttpRequest) -> HttpResponse:
    writer_door(request)
    rows = PublicUpdate.objects.select_related("response").order_by("-pk")
    shown = page_of(request, rows)
    looks = [{"row": row, "look": look_of(row.state)} for row in shown.object_list]
    return render(request, "incidents/staff/update_list.html", {"page": shown, "rows": looks, "now": timezone.now()})


@require_safe
def update(request: HttpRequest, pk: int) -> HttpResponse:
    update = update_door(request, pk)
    context = {
        "update": update,
        "look": look_of(update.state),
        "body": markdown.render(update.body, heading=3),
        "body_en": markdown.render(update.body_en, heading=3),
        "picture": smallest(update),
        "missing": missing_before_publication(update) if not update.is_public else [],
        "corrections": update.corrections.all(),
        "history": timeline(update),
        "desk_url": thing_url(update),
        "preview_url": thing_url(update, "publish_preview"),
        "may": {
            **may_with(request.actor, update),
            "edit": update.state != PublicationState.PUBLISHED or policies.can_publish(request.actor),
            "discard": update.state == PublicationState.DRAFT and update.published_at is None,
        },
        "now": timezone.now(),
    }
    return render(request, "incidents/staff/update.html", context)


def smallest(update: PublicUpdate) -> dict[str, Any] | None:
    """The narrowest size, for staff pages."""
    return update.picture.sizes[0] if update.picture and update.picture.sizes else None


# --- Writing ----------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def update_new(request: HttpRequest) -> HttpResponse:
    writer_door(request)
    chosen = request.GET.get("insats", "")
    form = NewUpdateForm(
        request.POST if request.method == "POST" else None,
        may_publish=policies.can_publish(request.actor),
        initial={"response": int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 12 else None},
    )
    form.cancel_url = reverse("incidents:updates")
    if request.method == "POST" and "preview" in request.POST:
        return form_page(request, as_typed(form), title=_("Ny nyhet"))
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            made = save(None, form, by=request.actor)
            messages.success(request, _("Nyheten är sparad som utkast."))
            return see_other(made)
    return form_page(request, form, title=_("Ny nyhet"))


@require_http_methods(GET_POST)
@answering
def update_edit(request: HttpRequest, pk: int) -> HttpResponse:
    update = update_door(request, pk)
    published = update.state == PublicationState.PUBLISHED
    if published and not policies.can_publish(request.actor):
        raise NotAllowed
    form = UpdateForm(
        request.POST if request.method == "POST" else None,
        may_publish=policies.can_publish(request.actor),
        is_published=published,
        initial=initial_of(update),
    )
    form.cancel_url = update.get_absolute_url()
    title = _("Rätta nyheten") if published else _("Ändra nyheten")
    if request.method == "POST" and "preview" in request.POST:
        return form_page(request, as_typed(form), title=title, update=update)
    if request.method == "POST" and form.is_valid():
        with trying(form):
            save(update, form, by=request.actor)
            messages.success(request, _("Rättelsen syns för invånarna.") if published else _("Nyheten är sparad."))
            return see_other(update)
    return form_page(request, form, title=title, update=update, published=published)


def initial_of(update: PublicUpdate) -> dict[str, Any]:
    names = [name for name in UpdateForm.base_fields if hasattr(update, name)]
    first = {name: getattr(update, name) for name in names}
    return first | {"response": update.response_id, "seen": update.revision}


@transaction.atomic
def save(update: PublicUpdate | None, form: Any, *, by: Any) -> PublicUpdate:
    """The texts, and then the times if they were changed."""
    now = timezone.now()
    if update is None:
        saved = news.write_update(values=form.values(), by=by, now=now)
    else:
        saved = news.edit_update(
            update, values=form.values(), **form.corrections, by=by, now=now, seen=form.seen_revision
        )
    times = {"publish_at": saved.publish_at, "announced_for": saved.announced_for} | form.times()
    if (saved.publish_at, saved.announced_for) != (times["publish_at"], times["announced_for"]):
        saved = publication.set_publication_time(saved, **times, by=by, now=now)
    return saved


def form_page(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    """The text as it will look stands beside the form; filled by the button, or as one types."""
    shown = {"preview_body": markdown.render(str(form["body"].value() or "")[:LONGEST_PREVIEW], heading=3)}
    return page(request, "incidents/staff/update_form.html", form, **shown, **context)


def as_typed(form: Any) -> Any:
    """The same form unchecked, with what was typed, for a look at the text before it is saved."""
    form.initial.update(typed_values(form))
    form.is_bound = False
    form.data = {}
    form._bound_fields_cache.clear()
    return form


@require_POST
def update_preview(request: HttpRequest) -> HttpResponse:
    """A fragment: the Markdown that was typed, as residents will see it. Stores nothing."""
    writer_door(request)
    text = request.POST.get("body", "")[:LONGEST_PREVIEW]
    return render(request, "incidents/staff/update_preview.html", {"preview_body": markdown.render(text, heading=3)})


@require_http_methods(GET_POST)
@answering
def update_discard(request: HttpRequest, pk: int) -> HttpResponse:
    update = update_door(request, pk)
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": update.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            news.discard_update(update, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Utkastet är kastat."))
            return see_other("incidents:updates")
    return page(
        request,
        "incidents/staff/update_confirm.html",
        form,
        update=update,
        question=_("Kasta utkastet?"),
        text=_("Texten försvinner och kan inte hämtas tillbaka."),
        submit_label=_("Kasta utkastet"),
        cancel_url=update.get_absolute_url(),
        tone="danger",
    )


# --- Picture ----------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def update_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Add or exchange the picture; with `texter` in the query only its words."""
    update = update_door(request, pk)
    published = correcting(request, update)
    only_words = update.picture is not None and "texter" in request.GET
    form_class = PictureWordsForm if only_words else PictureForm
    form = form_class(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        is_published=published,
        initial=picture_words(update) | {"seen": update.revision},
    )
    form.cancel_url = update.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        words = form.words() | {"correction": form.corrections.get("correction", "")}
        shared = {"by": request.actor, "now": timezone.now(), "seen": form.seen_revision}
        with trying(form):
            if only_words:
                pictures.describe_picture(update, **words, **shared)
            else:
                pictures.add_picture(update, upload=form.cleaned_data["upload"], **words, **shared)
            messages.success(request, _("Bilden är sparad."))
            return see_other(update)
    title = _("Bildens texter") if only_words else _("Bild till nyheten")
    context = {"title": title, "update": update, "picture": smallest(update), "published": published}
    return page(request, "incidents/staff/update_picture.html", form, **context)


def correcting(request: HttpRequest, update: PublicUpdate) -> bool:
    """True when residents can read it: then only the communicator changes it, and says what is put right."""
    published = update.state == PublicationState.PUBLISHED
    if published and not policies.can_publish(request.actor):
        raise NotAllowed
    return published


def picture_words(update: PublicUpdate) -> dict[str, str]:
    picture = update.picture
    return {"alt": picture.alt, "alt_en": picture.alt_en, "credit": picture.credit} if picture else {}


@require_http_methods(GET_POST)
@answering
def update_picture_remove(request: HttpRequest, pk: int) -> HttpResponse:
    update = update_door(request, pk)
    published = correcting(request, update)
    if update.picture is None:
        messages.info(request, _("Nyheten har ingen bild."))
        return see_other(update)
    form = RemovePictureForm(
        request.POST if request.method == "POST" else None, is_published=published, initial={"seen": update.revision}
    )
    if request.method == "POST" and form.is_valid():
        with trying(form):
            pictures.remove_picture(
                update,
                correction=form.corrections.get("correction", ""),
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Bilden är borttagen."))
            return see_other(update)
    return page(
        request,
        "incidents/staff/update_confirm.html",
        form,
        update=update,
        question=_("Ta bort bilden?"),
        text=_("Bildens filer tas bort för gott."),
        submit_label=_("Ta bort bilden"),
        cancel_url=update.get_absolute_url(),
        tone="danger",
    )
