"""The communicator's desk: what waits, what is missing, how residents will see it; publish, time, withdraw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents import policies, queue
from incidents.forms.publishing import PublishForm, TimingForm, WithdrawForm
from incidents.lifecycle import Audience, PublicationState, look_of
from incidents.models import (
    ActionPackage,
    ContactPoint,
    Picture,
    PublicUpdate,
    Response,
)
from incidents.operations import publication
from incidents.operations.page_answers import counted
from incidents.operations.publication import KINDS, missing_before_publication
from incidents.text_checks import checks_of
from incidents.words import timeline
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.history.guards import NotAllowed
from lysekil_trygghet.subscriptions.queries import followed

from . import public

GET_POST = ("GET", "HEAD", "POST")
ROWS_PER_PAGE = 30
ANSWERS_SHOWN_DAYS = 90
PICTURE_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


# --- Doors ------------------------------------------------------------------------------------------


def desk_door(request: HttpRequest) -> None:
    """The communicator, the director, the coordinator. To everybody else there is no such page."""
    if not policies.can_see_publish_queue(request.actor):
        raise Http404


def thing_door(request: HttpRequest, kind: str, pk: int) -> Any:
    desk_door(request)
    desk = queue.BY_SLUG.get(kind)
    thing = desk.rows().filter(pk=pk).first() if desk else None
    if thing is None:
        raise Http404
    return thing


def thing_url(thing: Any, name: str = "publish_thing") -> str:
    return reverse(f"incidents:{name}", args=[queue.BY_MODEL[type(thing)].slug, thing.pk])


def may_with(actor: Any, thing: Any) -> dict[str, bool]:
    """Which buttons this actor has for this thing as it stands."""
    state = getattr(thing, "state", "") if KINDS[type(thing)].has_states else ""
    is_out = thing.published_at is not None and thing.withdrawn_at is None
    is_replaced = state == PublicationState.SUPERSEDED
    return {
        "approve": policies.can_approve_content(actor) and state == PublicationState.DRAFT,
        "take_back": policies.can_write_public_texts(actor)
        and state in (PublicationState.APPROVED, PublicationState.WITHDRAWN),
        "publish": policies.can_publish(actor)
        and not is_out
        and state not in (PublicationState.DRAFT, PublicationState.WITHDRAWN),
        "time": bool(state) and state in (PublicationState.DRAFT, PublicationState.APPROVED),
        "withdraw": policies.can_publish(actor) and is_out and not is_replaced,
        "correct": policies.can_publish(actor) and is_out and isinstance(thing, PublicUpdate | Response),
    }


def edit_url(actor: Any, thing: Any) -> str:
    """Where the words are changed or corrected."""
    if isinstance(thing, PublicUpdate) and policies.can_write_public_texts(actor):
        return reverse("incidents:update_edit", args=[thing.pk])
    if isinstance(thing, Response) and (policies.can_publish(actor) if thing.is_public else True):
        return reverse("incidents:response_edit", args=[thing.pk])
    if isinstance(thing, ContactPoint):
        return reverse("incidents:contact_point_edit", args=[thing.pk])
    return ""


def own_page(thing: Any) -> str:
    """The page inside where the thing is worked with, if it has one."""
    if hasattr(thing, "assignment"):
        return thing.assignment.get_absolute_url()
    return thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else ""


# --- Lists ------------------------------------------------------------------------------------------


def page_of(request: HttpRequest, rows: Any) -> Any:
    return Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))


@require_safe
def publish_queue(request: HttpRequest) -> HttpResponse:
    """What waits. Late first, then what is ready, then what is timed or misses something."""
    desk_door(request)
    now = timezone.now()
    rows = queue.waiting(now=now)
    context = {
        "page": page_of(request, rows),
        "now": now,
        "counts": {
            "late": sum(row.is_late for row in rows),
            "ready": sum(row.is_ready and not row.is_timed for row in rows),
            "timed": sum(row.is_timed for row in rows),
            "waiting": sum(bool(row.missing) for row in rows),
        },
        "may_publish": policies.can_publish(request.actor),
    }
    return render(request, "incidents/staff/publish_queue.html", context)


@require_safe
def page_answers(request: HttpRequest) -> HttpResponse:
    """Where residents found what they looked for, and where not: the last ninety days."""
    desk_door(request)
    since = timezone.localdate() - dt.timedelta(days=ANSWERS_SHOWN_DAYS)
    context = {"page": page_of(request, counted(since=since)), "since": since}
    return render(request, "incidents/staff/page_answers.html", context)


@require_safe
def followed_by_mail(request: HttpRequest) -> HttpResponse:
    """What residents follow by mail, how many, and whether they noticed a difference. No addresses."""
    desk_door(request)
    return render(request, "incidents/staff/followed.html", {"page": page_of(request, followed())})


@require_safe
def publish_shown(request: HttpRequest) -> HttpResponse:
    """What residents can read now."""
    desk_door(request)
    context = {"page": page_of(request, queue.published()), "withdrawn": False}
    return render(request, "incidents/staff/publish_shown.html", context)


@require_safe
def publish_withdrawn(request: HttpRequest) -> HttpResponse:
    desk_door(request)
    context = {"page": page_of(request, queue.withdrawn()), "withdrawn": True}
    return render(request, "incidents/staff/publish_shown.html", context)


# --- One thing --------------------------------------------------------------------------------------


@require_safe
def publish_thing(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Everything needed to decide: what is missing, the checks, and the way on."""
    thing = thing_door(request, kind, pk)
    has_states = KINDS[type(thing)].has_states
    is_out = thing.published_at is not None and thing.withdrawn_at is None
    context = {
        **of_thing(thing),
        "missing": [] if is_out and thing.is_public else missing_before_publication(thing),
        "checks": checks_of(thing),
        "is_out": is_out,
        "has_states": has_states,
        "look": look_of(thing.state) if has_states else None,
        "may": may_with(request.actor, thing),
        "edit_url": edit_url(request.actor, thing),
        "own_page": own_page(thing),
        "corrections": thing.corrections.all() if hasattr(thing, "corrections") else [],
        "history": timeline(thing),
        "now": timezone.now(),
    }
    return render(request, "incidents/staff/publish_thing.html", context)


def of_thing(thing: Any) -> dict[str, Any]:
    desk = queue.BY_MODEL[type(thing)]
    return {"thing": thing, "kind": desk.label, "slug": desk.slug, "name": queue.title_of(thing)}


@require_safe
def publish_preview(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The residents' own page, as it would be with this thing published. Asked of them, so it cannot differ."""
    thing = thing_door(request, kind, pk)
    language = "en" if request.GET.get("sprak") == "en" else "sv"
    view = residents_view(request, thing)
    if view is None:
        return render(request, "incidents/staff/publish_no_page.html", of_thing(thing))
    request.preview = {
        "back": thing_url(thing),
        "name": queue.title_of(thing),
        "language": language,
        "is_public": thing.is_public,
    }
    with translation.override(language):
        answer = publication.as_published(thing, now=timezone.now(), read=view)
    # What a public page says of proxies and tags does not hold for this one.
    for header in ("ETag", "Cache-Control"):
        if header in answer.headers:
            del answer.headers[header]
    answer.headers["Cache-Control"] = "private, no-store"
    answer.content = with_inside_pictures(answer.content, thing)
    return answer


def residents_view(request: HttpRequest, thing: Any) -> Callable[[], HttpResponse] | None:
    """The public page this would stand on; None when there is none yet."""
    if isinstance(thing, PublicUpdate):
        return lambda: public.update(request, thing.slug)
    if isinstance(thing, ContactPoint):
        return (lambda: public.contact(request)) if thing.audience == Audience.PUBLIC else None
    response = queue.response_of(thing)
    if response is None:
        return None
    if isinstance(thing, ActionPackage):
        return lambda: public.package(request, response.slug, thing.version)
    return lambda: public.response(request, response.slug)


def with_inside_pictures(html: bytes, thing: Any) -> bytes:
    """The public address of a picture answers only once it is published; here the inside one is used."""
    picture = getattr(thing, "picture", None)
    for size in picture.sizes if picture else ():
        for name in (size["webp"], size["jpeg"]):
            inside = reverse("incidents:picture", args=[name])
            html = html.replace(f"{public.news.picture_url(name)}".encode(), inside.encode())
    return html


@require_safe
def picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture that may not be published, for those who prepare it."""
    desk_door(request)
    content_type = PICTURE_TYPES.get(name.rpartition(".")[2])
    known = content_type and any(
        name in (size["webp"], size["jpeg"])
        for sizes in Picture.objects.filter(sizes__icontains=name).values_list("sizes", flat=True)
        for size in sizes
    )
    if not known or not default_storage.exists(name):
        raise Http404
    return FileResponse(default_storage.open(name), content_type=content_type)


# --- Moves ------------------------------------------------------------------------------------------


def is_past(request: HttpRequest, thing: Any, step: str) -> bool:
    """True, with a friendly word, when the step is not open as the thing stands: most often it is done already."""
    if may_with(request.actor, thing)[step]:
        return False
    messages.info(request, _("Det går inte att göra nu. Kanske är det redan gjort. Så här står det."))
    return True


def confirm_page(request: HttpRequest, thing: Any, form: Any, **context: Any) -> HttpResponse:
    context = {**of_thing(thing), "cancel_url": thing_url(thing), **context}
    return page(request, "incidents/staff/publish_confirm.html", form, **context)


@require_http_methods(GET_POST)
@answering
def publish_now(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Publish, after every check has been ticked."""
    thing = thing_door(request, kind, pk)
    if not policies.can_publish(request.actor):
        raise NotAllowed
    if is_past(request, thing, "publish"):
        return see_other(thing_url(thing))
    checks = checks_of(thing)
    form = PublishForm(
        request.POST if request.method == "POST" else None, checks=checks, initial={"seen": thing.revision}
    )
    if request.method == "POST" and form.is_valid():
        with trying(form):
            publication.publish(thing, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Publicerat. Invånarna kan läsa det nu."))
            return see_other(thing_url(thing))
    return confirm_page(
        request,
        thing,
        form,
        question=_("Publicera nu?"),
        missing=missing_before_publication(thing) if request.method != "POST" else [],
        fine_checks=[check for check in checks if check.is_fine],
        submit_label=_("Publicera"),
        preview=True,
    )


@require_http_methods(GET_POST)
@answering
def publish_approve(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The owner of the content says that the words are right. Never by itself."""
    thing = thing_with_states(request, kind, pk)
    if not policies.can_approve_content(request.actor):
        raise NotAllowed
    if is_past(request, thing, "approve"):
        return see_other(thing_url(thing))
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": thing.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            publication.approve(thing, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Godkänt. Kommunikatören kan publicera."))
            return see_other(thing_url(thing))
    return confirm_page(
        request,
        thing,
        form,
        question=_("Godkänna texten?"),
        text=approval_words(thing),
        submit_label=_("Godkänn"),
        preview=True,
        fine_checks=checks_of(thing),
    )


def approval_words(thing: Any) -> str:
    if thing.publish_at is not None:
        return _(
            "Den publiceras av sig själv när tiden är inne och inget saknas. Ändras texten måste den godkännas igen."
        )
    return _("Kommunikatören publicerar. Ändras texten efter det måste den godkännas igen.")


def thing_with_states(request: HttpRequest, kind: str, pk: int) -> Any:
    """News and packages: the only things with drafts, approval and a time."""
    thing = thing_door(request, kind, pk)
    if not KINDS[type(thing)].has_states:
        raise Http404
    return thing


@require_http_methods(GET_POST)
@answering
def publish_take_back(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Approved or withdrawn: a draft again."""
    thing = thing_with_states(request, kind, pk)
    if is_past(request, thing, "take_back"):
        return see_other(thing_url(thing))
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": thing.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            publication.take_back_approval(thing, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Den är ett utkast igen."))
            return see_other(thing_url(thing))
    return confirm_page(
        request,
        thing,
        form,
        question=_("Göra den till ett utkast igen?"),
        text=_("Den måste godkännas på nytt innan den kan publiceras."),
        submit_label=_("Gör till utkast"),
    )


@require_http_methods(GET_POST)
@answering
def publish_time(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """When it publishes itself, and when it was promised."""
    thing = thing_with_states(request, kind, pk)
    if is_past(request, thing, "time"):
        return see_other(thing_url(thing))
    form = TimingForm(
        request.POST if request.method == "POST" else None,
        may_publish=policies.can_publish(request.actor),
        initial={"publish_at": thing.publish_at, "announced_for": thing.announced_for, "seen": thing.revision},
    )
    form.cancel_url = thing_url(thing)
    if request.method == "POST" and form.is_valid():
        with trying(form):
            times = {"publish_at": thing.publish_at} | form.values()
            publication.set_publication_time(
                thing, **times, by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Tiderna är sparade."))
            return see_other(thing_url(thing))
    context = {**of_thing(thing), "title": _("Tid för publicering"), "checks": checks_of(thing)}
    return page(request, "incidents/staff/publish_time.html", form, **context)


@require_http_methods(GET_POST)
@answering
def publish_withdraw(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    thing = thing_door(request, kind, pk)
    if not policies.can_publish(request.actor):
        raise NotAllowed
    if is_past(request, thing, "withdraw"):
        return see_other(thing_url(thing))
    form = WithdrawForm(request.POST if request.method == "POST" else None, initial={"seen": thing.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            publication.withdraw(
                thing,
                reason=form.cleaned_data["reason"],
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Avpublicerat. Invånarna ser det inte längre."))
            return see_other(thing_url(thing))
    return confirm_page(
        request,
        thing,
        form,
        question=_("Avpublicera?"),
        text=_("Invånarna kan inte läsa det efter några sekunder. Det finns kvar här inne."),
        submit_label=_("Avpublicera"),
        tone="danger",
    )
