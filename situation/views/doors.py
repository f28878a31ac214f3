"""One guarded door per thing: what somebody may not see looks like what is not there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.models import Organisation, OrganisationKind
from lysekil_trygghet.desk.answers import page, see_other
from lysekil_trygghet.desk.views import allow
from situation import policies
from situation.models import SituationPicture


def inside_door(request: HttpRequest) -> None:
    if not policies.is_inside(request.actor):
        raise Http404


def picture_door(request: HttpRequest, pk: int) -> SituationPicture:
    rows = SituationPicture.objects.visible_to(request.actor).select_related("organisation", "previous")
    return get_object_or_404(rows, pk=pk)


def writers_door(request: HttpRequest, pk: int) -> SituationPicture:
    """For those who write it; whether it can still be changed is another question (`is_past`)."""
    picture = picture_door(request, pk)
    allow(policies.is_own_side(request.actor, picture))
    return picture


def is_fixed(request: HttpRequest, picture: SituationPicture) -> bool:
    if not picture.is_written:
        messages.info(request, _("Lägesbilden är antagen och ändras inte mer. Börja en ny som ersätter den."))
    return not picture.is_written


def own_organisations(actor: Any) -> QuerySet[Organisation]:
    """Those the actor may speak for as a writer: the Police's, or any of the municipality's own."""
    rows = Organisation.objects.filter(is_active=True)
    if actor.is_police:
        return rows.filter(kind=OrganisationKind.POLICE)
    return rows.exclude(kind=OrganisationKind.POLICE)


def own_organisation(actor: Any) -> Organisation:
    """The one a picture begun by the actor belongs to."""
    mine = own_organisations(actor).filter(pk__in=actor.organisation_ids).first()
    return mine or own_organisations(actor).order_by("-kind", "name").first()


def form_page(request: HttpRequest, form: Any, *, title: str, picture: Any = None, **context: Any) -> HttpResponse:
    """A page with one form."""
    return page(request, "situation/staff/form.html", form, title=title, picture=picture, **context)


def confirm_page(request: HttpRequest, form: Any, *, question: str, submit_label: str, **context: Any) -> HttpResponse:
    """A page that asks before it acts."""
    picture = context.get("picture")
    context.setdefault("cancel_url", picture.get_absolute_url() if picture else "")
    return page(request, "situation/staff/confirm.html", form, question=question, submit_label=submit_label, **context)


def back_to(picture: SituationPicture, place: str = "") -> HttpResponse:
    return see_other(picture.get_absolute_url() + (f"#{place}" if place else ""))


def moved(request: HttpRequest) -> tuple[str, int]:
    """Which way and what, from a button `move=up:12`."""
    direction, _colon, target = request.POST.get("move", "").partition(":")
    number = int(target) if target.isascii() and target.isdigit() and len(target) < 10 else 0
    return ("up" if direction == "up" else "down"), number
