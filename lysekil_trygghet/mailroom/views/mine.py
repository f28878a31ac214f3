"""One's own mail and calendar at /arbete/mejl/: when the mail comes, who gets it while one is away, one's days."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lysekil_trygghet.accounts import queries
from lysekil_trygghet.accounts.models import Absence
from lysekil_trygghet.accounts.operations import BadAbsence, begin_absence, end_absence
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import OnceForm
from lysekil_trygghet.notifications.models import Channel
from lysekil_trygghet.notifications.operations import change_calendar_key, choose_rhythm

from ..forms import AbsenceForm, RhythmForm


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: HttpRequest, *, rhythm: RhythmForm | None = None, absence: AbsenceForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    channel = Channel.objects.filter(user=request.user).first()
    daily_at = channel.daily_at if channel else None
    chosen = {"rhythm": "daily" if daily_at else "at_once", "daily_at": daily_at}
    colleagues = queries.colleagues_of(request.user, on=today)
    context = {
        "rhythm": rhythm or RhythmForm(initial=chosen),
        "absence": absence or AbsenceForm(colleagues=colleagues),
        "absences": request.user.absences.filter(last_day__gte=today).select_related("stand_in"),
        "calendar_url": settings.SITE_URL + reverse("my_calendar", args=[channel.calendar_key]) if channel else "",
    }
    sent = rhythm or absence
    return render(request, "mailroom/mine.html", context, status=422 if sent is not None else 200)


@require_POST
def rhythm(request: HttpRequest) -> HttpResponse:
    form = RhythmForm(request.POST)
    if not form.is_valid():
        return _page(request, rhythm=form)
    daily = form.cleaned_data["rhythm"] == "daily"
    choose_rhythm(request.user, daily_at=form.cleaned_data["daily_at"] if daily else None)
    messages.success(request, _("Sparat. Dina mejl kommer så från och med nu."))
    return see_other("mailroom:mine")


@require_POST
def absence_new(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = AbsenceForm(request.POST, colleagues=queries.colleagues_of(request.user, on=timezone.localdate(now)))
    if form.is_valid():
        try:
            begin_absence(request.user, **form.cleaned_data, by=request.actor, now=now)
        except BadAbsence as bad:
            form.add_error(None, str(bad))
        else:
            messages.success(request, _("Sparat. Dina påminnelser går till någon annan de dagarna."))
            return see_other("mailroom:mine")
    return _page(request, absence=form)


@require_POST
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Only one's own."""
    found = get_object_or_404(Absence, pk=pk, user=request.user)
    end_absence(found, by=request.actor, now=timezone.now())
    messages.success(request, _("Borttaget. Påminnelserna går till dig igen."))
    return see_other("mailroom:mine")


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def new_address(request: HttpRequest) -> HttpResponse:
    """Ask, and give the calendar its first or another address; the old one answers no more."""
    form = OnceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            change_calendar_key(request.user)
            messages.success(request, _("Kalendern har fått en ny adress. Lägg in den i din kalender."))
            return see_other("mailroom:mine")
    context = {
        "question": _("Ge din kalender en ny adress?"),
        "text": _("Har du en adress sedan tidigare slutar den att fungera. Byt om någon annan har fått se den."),
        "submit_label": _("Ny adress"),
        "back": reverse("mailroom:mine"),
    }
    return page(request, "mailroom/ask_mine.html", form, **context)
