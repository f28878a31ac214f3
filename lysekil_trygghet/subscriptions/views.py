"""What residents meet: asking for mail, saying yes, seeing what one follows, leaving, answering the one question.

No cookie and no account: who opens the link in the mail is the one who reads that mailbox. Opening a link changes
nothing, since mail programs open links by themselves; only a button does.
"""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lysekil_trygghet.history.guards import Refused
from lysekil_trygghet.publishing.pages import public_page
from lysekil_trygghet.publishing.resident_forms import residents_form

from . import links, operations, topics
from .models import Difference, Subscriber

ASKED_AN_HOUR, CHANGED_AN_HOUR = 10, 60


class AddressForm(forms.Form):
    """Where the mail goes."""

    use_required_attribute = False
    address = forms.EmailField(
        label=gettext_lazy("Din e-postadress"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Skriv din e-postadress."),
            "invalid": gettext_lazy("Skriv hela adressen, till exempel namn@exempel.se."),
            "max_length": gettext_lazy("Adressen är för lång. Skriv högst 254 tecken."),
        },
    )


@residents_form("subscribe", an_hour=ASKED_AN_HOUR)
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for mail about what `?om=` names; without it, what there is to follow."""
    name = request.POST.get("om", "") or request.GET.get("om", "")
    topic = topics.find(name)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.ask(
                form.cleaned_data["address"], name, language=(get_language() or "sv")[:2], now=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return HttpResponseRedirect(reverse("subscriptions:thanks"), status=303)
    context = {"form": form, "topic": topic, "name": name, "has_ended": topic is not None and bool(topic.ended_at)}
    return render(request, "subscriptions/subscribe.html", context, status=422 if form.errors else 200)


@public_page(keep=False)
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens now: the same whether the address was known or not."""
    return render(request, "subscriptions/thanks.html")


View = Callable[[HttpRequest, Subscriber], HttpResponse]


def _private(answer: HttpResponse) -> HttpResponse:
    """The address of the page is the key to it: no search engine keeps it, no other site is told it."""
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _unknown_link(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "subscriptions/unknown_link.html", status=404))


@residents_form("subscriber", an_hour=CHANGED_AN_HOUR)
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """What one follows: say yes to it, take one thing away, or leave and be erased."""
    subscriber = links.subscriber_of(token)
    if subscriber is None:
        return _unknown_link(request)
    if request.method == "POST":
        now = timezone.now()
        if "yes" in request.POST:
            operations.confirm(subscriber, now=now)
        elif "all" in request.POST:
            operations.erase(subscriber, now=now)
            return HttpResponseRedirect(reverse("subscriptions:left"), status=303)
        elif name := request.POST.get("stop", ""):
            operations.leave(subscriber, name, now=now)
            if not Subscriber.objects.filter(pk=subscriber.pk).exists():
                return HttpResponseRedirect(reverse("subscriptions:left"), status=303)
        return HttpResponseRedirect(reverse("subscriptions:mine", args=[token]), status=303)
    rows = [(row, topics.find(row.topic)) for row in subscriber.subscriptions.all()]
    context = {
        "waiting": [topic for row, topic in rows if topic and not row.confirmed_at],
        "followed": [topic for row, topic in rows if topic and row.confirmed_at],
        "token": token,
    }
    return _private(render(request, "subscriptions/mine.html", context))


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def out(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: the mail program's own button posts here, without Origin and without asking. A person who opens the
    address is led to the page with the buttons."""
    subscriber = links.subscriber_of(token)
    if request.method != "POST":
        return _private(HttpResponseRedirect(reverse("subscriptions:mine", args=[token]), status=302))
    if subscriber is not None:
        operations.erase(subscriber, now=timezone.now())
    return _private(HttpResponse(_("Din adress är raderad."), content_type="text/plain; charset=utf-8"))


@public_page
def left(request: HttpRequest) -> HttpResponse:
    """The address is erased."""
    return render(request, "subscriptions/left.html")


@residents_form("difference", an_hour=CHANGED_AN_HOUR)
def difference(request: HttpRequest, token: str, about: str) -> HttpResponse:
    """One question: did you notice a difference?"""
    subscriber, topic = links.subscriber_of(token), topics.find(about)
    if subscriber is None or topic is None or not subscriber.questions.filter(topic=about).exists():
        return _unknown_link(request)
    error = ""
    if request.method == "POST":
        if operations.answer(subscriber, about, request.POST.get("said", ""), now=timezone.now()):
            return HttpResponseRedirect(reverse("subscriptions:answered"), status=303)
        error = _("Välj ett av svaren.")
    context = {"topic": topic, "answers": Difference.choices, "error": error}
    return _private(render(request, "subscriptions/difference.html", context, status=422 if error else 200))


@public_page
def answered(request: HttpRequest) -> HttpResponse:
    """Thanks for the answer."""
    return render(request, "subscriptions/answered.html")
