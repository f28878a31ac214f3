"""The registrar's list: what is a public document and has no diary number yet (OSL 5 kap. 1–2 §§)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import CharField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from incidents import policies
from incidents.forms.assignments import DiaryNumberForm
from incidents.lifecycle import DECISIONS_TAKEN, MinutesState, ReportState, RoundState
from incidents.models import FollowUpRound, Meeting, ReportBack, SteeringDecision
from incidents.operations import reports
from lysekil_trygghet.accounts.models import OrganisationKind
from lysekil_trygghet.desk.answers import answering, see_other, status_of, trying
from lysekil_trygghet.desk.tables import csv_answer
from pledges.lifecycle import SETS_WRITTEN, PlanState
from pledges.models import ActionPlan, CooperationAgreement, PledgeSet
from pledges.operations import agreements, drafts, plans
from situation.lifecycle import PICTURES_ADOPTED, PictureKind
from situation.models import SituationPicture
from situation.operations import pictures

from .assignments import allow

PER_PAGE = 50
KIND_WORDS = {
    "beslut": gettext_lazy("Inriktningsbeslut"),
    "rapport": gettext_lazy("Återrapport"),
    "mote": gettext_lazy("Minnesanteckningar"),
    "avstamning": gettext_lazy("Avstämning"),
    "lagesbild": gettext_lazy("Lägesbild"),
    "overenskommelse": gettext_lazy("Samverkansöverenskommelse"),
    "plan": gettext_lazy("Åtgärdsplan"),
    "loften": gettext_lazy("Medborgarlöften"),
}


def documents(kind: str) -> QuerySet[Any]:
    """Everything of one kind that is a public document."""
    if kind == "beslut":
        return SteeringDecision.objects.filter(state__in=DECISIONS_TAKEN).select_related("response")
    if kind == "rapport":
        rows = ReportBack.objects.exclude(state=ReportState.DRAFT)
        return rows.select_related("assignment__decision", "assignment__organisation")
    if kind == "mote":
        return Meeting.objects.filter(minutes_state=MinutesState.APPROVED)
    if kind == "lagesbild":
        # The Police's own picture is kept by the Police.
        rows = SituationPicture.objects.filter(state__in=PICTURES_ADOPTED).select_related("organisation")
        return rows.exclude(kind=PictureKind.OWN, organisation__kind=OrganisationKind.POLICE)
    if kind == "overenskommelse":
        return CooperationAgreement.objects.filter(signed_on__isnull=False)
    if kind == "plan":
        return ActionPlan.objects.exclude(state=PlanState.DRAFT)
    if kind == "loften":
        return PledgeSet.objects.exclude(state__in=SETS_WRITTEN)
    return FollowUpRound.objects.filter(state=RoundState.CLOSED).select_related("decision")


DATES = {
    "beslut": "decided_at",
    "rapport": "submitted_at",
    "mote": "held_at",
    "avstamning": "closed_at",
    "lagesbild": "adopted_on",
    "overenskommelse": "signed_on",
    "plan": "decided_on",
    "loften": "agreed_at",
}
FUNCTIONS = {"beslut": "decided_by_function", "rapport": "submitted_by_function", "lagesbild": "adopted_by_function"}
# Whose operation writes the number.
SETTERS: dict[str, Callable[..., Any]] = {
    "lagesbild": pictures.set_diary_number,
    "overenskommelse": agreements.set_diary_number,
    "plan": plans.set_diary_number,
    "loften": drafts.set_diary_number,
}


@dataclass
class Row:
    """One document in the list, with the form for its number."""

    kind: str
    thing: Any
    form: DiaryNumberForm

    @property
    def kind_words(self) -> Any:
        return KIND_WORDS[self.kind]

    @property
    def at(self) -> Any:
        return getattr(self.thing, DATES[self.kind])

    @property
    def by(self) -> str:
        """The function that took it; never a person."""
        return getattr(self.thing, FUNCTIONS[self.kind]) if self.kind in FUNCTIONS else ""

    @property
    def title(self) -> str:
        if self.kind == "rapport":
            return f"{self.thing}, {self.thing.assignment.organisation.name}"
        return str(self.thing)

    @property
    def url(self) -> str:
        thing = self.thing.assignment if self.kind == "rapport" else self.thing
        return thing.get_absolute_url()


def keys(*, numbered: bool) -> QuerySet[Any, Any]:
    """(kind, pk, at) of all kinds in one query, so that they can be paged together."""
    parts = []
    for kind, at in DATES.items():
        rows = documents(kind).select_related(None).order_by()
        rows = rows.exclude(diary_number="") if numbered else rows.filter(diary_number="")
        marked = rows.annotate(kind_=Value(kind, output_field=CharField()), at_=Cast(F(at), DateTimeField()))
        parts.append(marked.values_list("kind_", "pk", "at_"))
    union = parts[0].union(*parts[1:], all=True)
    return union.order_by("-at_", "kind_", "-pk") if numbered else union.order_by("at_", "kind_", "pk")


def rows_for(found: list[tuple[str, int, Any]], bound: dict[tuple[str, int], DiaryNumberForm]) -> list[Row]:
    things: dict[tuple[str, int], Any] = {}
    for kind in DATES:
        wanted = [pk for which, pk, _at in found if which == kind]
        things |= {(kind, thing.pk): thing for thing in documents(kind).filter(pk__in=wanted)}
    rows = []
    for kind, pk, _at in found:
        thing = things.get((kind, pk))
        if thing is None:
            continue
        prefix = f"{kind}-{pk}"
        form = bound.get((kind, pk)) or DiaryNumberForm(initial={"diary_number": thing.diary_number}, prefix=prefix)
        rows.append(Row(kind, thing, form))
    return rows


def list_page(request: HttpRequest, bound: dict[tuple[str, int], DiaryNumberForm] | None = None) -> HttpResponse:
    numbered = request.GET.get("visa") == "klara"
    found = Paginator(keys(numbered=numbered), PER_PAGE).get_page(request.GET.get("page"))
    forms = bound or {}
    shown = list(found.object_list)
    missing = [(kind, pk, None) for kind, pk in forms if (kind, pk) not in {(k, p) for k, p, _at in shown}]
    context = {
        "rows": rows_for([*missing, *shown], forms),
        "page": found,
        "numbered": numbered,
        "form": next(iter(forms.values()), None),
        "now": timezone.now(),
    }
    return render(request, "incidents/staff/diary.html", context, status=status_of(*forms.values()))


@require_safe
def diary(request: HttpRequest) -> HttpResponse:
    allow(policies.can_set_diary_numbers(request.actor))
    return list_page(request)


@require_POST
@answering
def set_number(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    allow(policies.can_set_diary_numbers(request.actor))
    thing = documents(kind).filter(pk=pk).first() if kind in DATES else None
    if thing is None:
        raise Http404
    form = DiaryNumberForm(request.POST, prefix=f"{kind}-{pk}")
    if form.is_valid():
        with trying(form):
            keep = SETTERS.get(kind, reports.set_diary_number)
            keep(thing, diary_number=form.cleaned_data["diary_number"], by=request.actor, now=timezone.now())
            messages.success(request, _("Diarienumret är sparat."))
            was = "?visa=klara" if thing.diary_number else ""
            return see_other(reverse("incidents:diary") + was)
    return list_page(request, {(kind, pk): form})


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The whole list for the registry: semicolons and a byte order mark, as spreadsheets here expect."""
    allow(policies.can_set_diary_numbers(request.actor))
    lines = []
    for row in rows_for([*keys(numbered=False), *keys(numbered=True)], {}):
        at = timezone.localtime(row.at).date() if isinstance(row.at, dt.datetime) else row.at
        day = at.isoformat() if at else ""
        lines.append([row.kind_words, row.title, day, row.by, row.thing.diary_number])
    return csv_answer("diarium", [_("Slag"), _("Handling"), _("Datum"), _("Funktion"), _("Diarienummer")], lines)
