"""One guarded door per thing: what somebody may not see looks like what is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from lysekil_trygghet.desk.answers import page, see_other, trying
from lysekil_trygghet.history.operations import check_seen
from pledges import policies
from pledges.models import Commitment, CommitmentParty, PledgeSet, PriorityArea


def inside_door(request: HttpRequest) -> None:
    if not policies.is_inside(request.actor):
        raise Http404


def set_door(request: HttpRequest, pk: int) -> PledgeSet:
    rows = PledgeSet.objects.visible_to(request.actor).select_related("picture", "agreement", "previous")
    return get_object_or_404(rows, pk=pk)


def area_door(request: HttpRequest, pk: int) -> PriorityArea:
    rows = PriorityArea.objects.filter(pledge_set__in=PledgeSet.objects.visible_to(request.actor))
    return get_object_or_404(rows.select_related("pledge_set"), pk=pk)


def commitment_door(request: HttpRequest, pk: int) -> Commitment:
    parties = Prefetch("parties", CommitmentParty.objects.select_related("organisation"))
    rows = Commitment.objects.visible_to(request.actor).select_related("pledge_set", "area", "rule")
    return get_object_or_404(rows.prefetch_related(parties, "units", "amendments"), pk=pk)


def form_page(request: HttpRequest, form: Any, *, title: str, thing: Any = None, **context: Any) -> HttpResponse:
    """A page with one form. `thing` is the set, area or promise it is about."""
    template = context.pop("template", "pledges/staff/form.html")
    return page(request, template, form, title=title, thing=thing, trail=trail_of(thing), **context)


def trail_of(thing: Any) -> list[tuple[str, str]]:
    """The crumbs above a page: (words, address)."""
    if isinstance(thing, PledgeSet):
        return [(thing.title, thing.get_absolute_url())]
    pledge_set = getattr(thing, "pledge_set", None)
    if pledge_set is None:
        return []
    return [(pledge_set.title, pledge_set.get_absolute_url()), (str(thing)[:60], thing.get_absolute_url())]


def unchanged(thing: Any, form: Any) -> None:
    """What is taken away must be what the page showed. Raises StalePage when somebody changed it meanwhile."""
    check_seen(type(thing).objects.get(pk=thing.pk), form.seen_revision)


def step(
    request: HttpRequest,
    form: Any,
    run: Callable[[Any], Any],
    *,
    done: str,
    back: Any,
    title: str,
    thing: Any,
    onward: str = "",
    **context: Any,
) -> HttpResponse:
    """A page with one task: its form is checked and `run(form)` carried out; then back with the word `done`.

    With `onward`, a URL name, the way goes on to what `run` made.
    """
    form.cancel_url = back if isinstance(back, str) else back.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            made = run(form)
            messages.success(request, done)
            return see_other(onward, made.pk) if onward else see_other(back)
    return form_page(request, form, title=title, thing=thing, **context)
