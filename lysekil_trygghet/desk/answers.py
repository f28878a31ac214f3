"""How a page answers when an operation says no: refused, done already, stale, sent twice. Nothing typed is lost.

A view is marked `@answering`, checks its form and runs its operation inside `with trying(form):`, returning from
there. A refusal or a stale page lands as an error of the form, and the view goes on to render it:

    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            event = events.report_event(values=form.values(), by=request.actor, now=timezone.now())
            return see_other(event)
    return page(request, "….html", form=form)
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.db import Error as DatabaseTrouble
from django.db import OperationalError, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from lysekil_trygghet.history.guards import Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage

ONCE_SECONDS = 3600

logger = logging.getLogger(__name__)


class SentTwice(Exception):
    """The same form came again, from a double tap or a reload. `url` is where the first one led."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


def see_other(to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """303 to a thing with an address of its own, a URL name or a path."""
    return HttpResponseRedirect(resolve_url(to, *args, **kwargs), status=303)


def answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Friendly answers to what is done already and what was sent twice."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
        except SentTwice as twice:
            return see_other(twice.url)
        except MoveNotAllowed as late:
            messages.info(request, _("Det är redan gjort, av dig eller någon annan. Här ser du hur det står nu."))
            return see_other(address_of(late.subject))
        key = getattr(request, "once_key", "")
        if key and answer.status_code == 303:
            _remember(key, answer["Location"])
        return answer

    return guarded


def address_of(thing: Any) -> str:
    """Where a thing is shown; what has no page of its own is shown with what it belongs to."""
    for name in ("", "assignment", "round", "meeting", "response"):
        owner = getattr(thing, name, None) if name else thing
        if hasattr(owner, "get_absolute_url"):
            return owner.get_absolute_url()
    return "/arbete/"


def _remember(key: str, url: str) -> None:
    """Where a repeat is led. What was sent is saved by now, so it may fail: a repeat then lands on the list."""
    try:
        cache.set(key, url, ONCE_SECONDS)
    except DatabaseTrouble as error:
        logger.warning("could not note where a repeated form should lead: %s", type(error).__name__)


@contextmanager
def trying(form: BaseForm, request: HttpRequest | None = None) -> Iterator[None]:
    """Run an operation: `Refused` and `StalePage` become errors of the form; with `request` a form that has a
    one-time token is carried out once."""
    try:
        with _once(form, request):
            yield
    except Refused as no:
        form.add_error(None, str(no))
    except StalePage as stale:
        _show_both(form, stale.current)


@contextmanager
def _once(form: BaseForm, request: HttpRequest | None) -> Iterator[None]:
    """The token is used up in the transaction that saves: a form whose saving failed in the middle, by whatever fault,
    can be sent again, and one that was saved cannot."""
    token = form.cleaned_data.get("once") if request is not None and hasattr(form, "cleaned_data") else ""
    if request is None or not token:
        yield
        return
    with transaction.atomic():
        _claim(token, form, request)
        yield
    # Only now is it true.
    request.once_key = _key(token, request)


def _key(token: str, request: HttpRequest) -> str:
    """Whatever was sent as the token, the key is one that every cache takes."""
    return f"once:{request.user.pk}:{sha256(token.encode()).hexdigest()}"


def _claim(token: str, form: BaseForm, request: HttpRequest) -> None:
    key = _key(token, request)
    if cache.add(key, "", ONCE_SECONDS):
        return
    led = cache.get(key)
    if led is None:
        # The cache keeps silent about a database that could not store the token: full, or locked for too long.
        raise OperationalError("the token of a form could not be stored")
    raise SentTwice(led or getattr(form, "cancel_url", None) or "/arbete/")


def _show_both(form: Any, current: Any) -> None:
    """Keep what was typed, show what is stored, and let the next save be made in the knowledge of both."""
    form.add_error(
        None,
        _(
            "Någon annan har ändrat här medan du skrev. Jämför texterna nedan. "
            "Sparar du igen gäller det du har skrivit."
        ),
    )
    form.stale = [
        (form.fields[name].label, getattr(current, name))
        for name in form.fields
        if name in form.cleaned_data
        and isinstance(getattr(current, name, None), str)
        and getattr(current, name) != form.cleaned_data[name]
    ]
    form.is_stale = True
    name = form.add_prefix("seen")
    if name in form.data:
        form.data = form.data.copy()
        form.data[name] = str(current.revision)


def status_of(*forms: Any) -> int:
    """200 for a fresh page, 422 for one sent with errors, 409 when somebody else changed the thing."""
    if any(getattr(form, "is_stale", False) for form in forms):
        return 409
    return 422 if any(form is not None and form.is_bound and not form.is_valid() for form in forms) else 200


def page(request: HttpRequest, template: str, form: Any = None, **context: Any) -> HttpResponse:
    """Render a page with its form and the status the form calls for."""
    return render(request, template, {"form": form, **context}, status=status_of(form))
