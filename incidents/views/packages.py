"""The action package: begun, its measures put in order, approved and published as a version; how each measure goes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import policies
from incidents.forms.packages import ItemForm, NewItemForm, NewPackageForm, PackageForm
from incidents.lifecycle import ITEM_MOVES, Horizon, ItemState, PublicationState, ResponseState, look_of
from incidents.models import ActionPackage, PackageItem, Response
from incidents.operations import news
from incidents.operations.publication import missing_before_publication
from incidents.words import timeline
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.history.guards import NotAllowed

from .publishing import GET_POST, may_with, thing_url

PREPARED = (PublicationState.DRAFT, PublicationState.APPROVED)
# Versions everybody inside may read: they were published once.
BEEN_OUT = (PublicationState.PUBLISHED, PublicationState.SUPERSEDED, PublicationState.WITHDRAWN)


def package_door(request: HttpRequest, pk: int) -> ActionPackage:
    """Under preparation: those who write public texts. Once published: everybody who has a role."""
    if not policies.can_see_responses(request.actor):
        raise Http404
    package = get_object_or_404(ActionPackage.objects.select_related("response"), pk=pk)
    if package.state not in BEEN_OUT and not policies.can_write_public_texts(request.actor):
        raise Http404
    return package


def preparing_door(request: HttpRequest, pk: int) -> ActionPackage:
    package = package_door(request, pk)
    if not policies.can_lead(request.actor):
        raise NotAllowed
    return package


def item_door(request: HttpRequest, package: ActionPackage, item_pk: int) -> PackageItem:
    return get_object_or_404(package.items.select_related("package", "organisation", "assignment"), pk=item_pk)


@require_safe
def package(request: HttpRequest, pk: int) -> HttpResponse:
    package = package_door(request, pk)
    actor = request.actor
    may_lead = policies.can_lead(actor)
    prepared = package.state in PREPARED
    context = {
        "package": package,
        "response": package.response,
        "look": look_of(package.state),
        "horizons": horizons(package, actor),
        "missing": missing_before_publication(package) if prepared else [],
        "versions": versions_of(package.response, actor).exclude(pk=package.pk),
        "history": timeline(package),
        "writes": policies.can_write_public_texts(actor),
        "desk_url": thing_url(package),
        "preview_url": thing_url(package, "publish_preview"),
        "may": {
            **may_with(actor, package),
            "edit": may_lead and prepared,
            "renew": may_lead and not prepared and may_begin(package.response),
        },
        "now": timezone.now(),
    }
    return render(request, "incidents/staff/package.html", context)


def versions_of(response: Response, actor: Any) -> Any:
    rows = response.packages.order_by("-version")
    return rows if policies.can_write_public_texts(actor) else rows.filter(state__in=BEEN_OUT)


def may_begin(response: Response) -> bool:
    ongoing = response.state == ResponseState.ACTIVE
    return ongoing and not response.packages.filter(state__in=PREPARED).exists()


def horizons(package: ActionPackage, actor: Any) -> list[dict[str, Any]]:
    """The measures as residents meet them: short term first."""
    items = list(package.items.select_related("organisation", "assignment__decision"))
    replaced = package.state == PublicationState.SUPERSEDED
    shown = []
    for horizon in Horizon:
        rows = [
            {
                "item": item,
                "look": look_of(item.state),
                "moves": [] if replaced or not may_move(actor, item) else moves_of(item),
            }
            for item in items
            if item.horizon == horizon
        ]
        order = [{"id": row["item"].pk, "words": row["item"].what} for row in rows]
        shown.append({"label": horizon.label, "rows": rows, "order": order})
    return shown


def may_move(actor: Any, item: PackageItem) -> bool:
    return policies.can_move_undertaking(actor) if item.about_police else policies.can_lead(actor)


def moves_of(item: PackageItem) -> list[tuple[str, Any]]:
    return [(to, ItemState(to).label) for to in ITEM_MOVES.get(item.state, ())]


# --- The package ------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def package_new(request: HttpRequest, response_pk: int) -> HttpResponse:
    """The first version, or the next one: it begins with the measures of the one before."""
    if not policies.can_see_responses(request.actor):
        raise Http404
    response = get_object_or_404(Response, pk=response_pk)
    if not policies.can_lead(request.actor):
        raise NotAllowed
    before = response.packages.order_by("-version").first()
    names = ("title", "title_en", "lead", "lead_en")
    first = {name: getattr(before, name) for name in names} if before else {"title": _("Åtgärdspaket")}
    form = NewPackageForm(request.POST if request.method == "POST" else None, initial=first)
    form.cancel_url = response.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            begun = news.begin_package(response, values=form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Paketet är påbörjat. Lägg till åtgärderna."))
            return see_other(begun)
    title = _("Ny version av åtgärdspaketet") if before else _("Nytt åtgärdspaket")
    lead = _("Åtgärderna från förra versionen följer med.") if before else ""
    return form_page(request, form, title=title, lead=lead, response=response)


@require_http_methods(GET_POST)
@answering
def package_edit(request: HttpRequest, pk: int) -> HttpResponse:
    package = preparing_door(request, pk)
    form = PackageForm(request.POST if request.method == "POST" else None, initial=initial_of(package, PackageForm))
    form.cancel_url = package.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            edited = news.edit_package(
                package, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Paketet är sparat."))
            return see_other(edited)
    return form_page(request, form, title=_("Ändra paketet"), package=package, response=package.response)


def initial_of(thing: Any, form_class: Any) -> dict[str, Any]:
    first = {name: getattr(thing, name) for name in form_class.base_fields if hasattr(thing, name)}
    return first | {"seen": thing.revision}


def form_page(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    return page(request, "incidents/staff/package_form.html", form, **context)


# --- Its measures -----------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def package_item_new(request: HttpRequest, pk: int) -> HttpResponse:
    package = preparing_door(request, pk)
    form = NewItemForm(request.POST if request.method == "POST" else None, package=package)
    form.cancel_url = package.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            news.put_item(package, item=None, values=form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Åtgärden är tillagd."))
            return see_other(package)
    return form_page(request, form, title=_("Ny åtgärd"), package=package, response=package.response)


@require_http_methods(GET_POST)
@answering
def package_item_edit(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    package = preparing_door(request, pk)
    item = item_door(request, package, item_pk)
    first = initial_of(item, ItemForm)
    form = ItemForm(request.POST if request.method == "POST" else None, package=package, initial=first)
    form.cancel_url = package.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            news.put_item(
                package,
                item=item,
                values=form.values(),
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Åtgärden är sparad."))
            return see_other(package)
    context = {"package": package, "response": package.response, "confirmed": item.confirmed_by_police}
    return form_page(request, form, title=_("Ändra åtgärden"), **context)


@require_http_methods(GET_POST)
@answering
def package_item_remove(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    package = preparing_door(request, pk)
    item = item_door(request, package, item_pk)
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": item.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            news.remove_item(item, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Åtgärden är borttagen."))
            return see_other(package)
    return page(
        request,
        "incidents/staff/package_confirm.html",
        form,
        package=package,
        response=package.response,
        question=_("Ta bort åtgärden?"),
        text=item.what,
        submit_label=_("Ta bort åtgärden"),
        cancel_url=package.get_absolute_url(),
        tone="danger",
    )


@require_POST
@answering
def package_order(request: HttpRequest, pk: int) -> HttpResponse:
    """move=up:ID or move=down:ID, from a button or from the page's script."""
    package = preparing_door(request, pk)
    direction, _colon, item_pk = request.POST.get("move", "").partition(":")
    if direction not in ("up", "down") or not (item_pk.isascii() and item_pk.isdigit()) or len(item_pk) > 18:
        raise Http404
    form = AskForm({})
    item = item_door(request, package, int(item_pk))
    with trying(form):
        news.place_item(item, direction=direction, by=request.actor, now=timezone.now())
        return see_other(package)
    messages.error(request, " ".join(form.non_field_errors()))
    return see_other(package)


@require_POST
@answering
def package_item_move(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """How a measure goes: one tap. The Police's are moved by the Police, from their own page too."""
    package = package_door(request, pk)
    item = item_door(request, package, item_pk)
    back = "incidents:police" if request.POST.get("back") == "police" else package
    to = request.POST.get("to", "")
    if not may_move(request.actor, item) or to not in ItemState.values or package.state == PublicationState.SUPERSEDED:
        raise NotAllowed
    if to not in ITEM_MOVES.get(item.state, ()):
        messages.info(request, _("Det är redan gjort. Här ser du hur det står nu."))
        return see_other(back)
    moved = news.move_item(item, to=to, by=request.actor, now=timezone.now())
    messages.success(request, _("Åtgärden: %(state)s.") % {"state": str(moved.get_state_display()).lower()})
    return see_other(back)
