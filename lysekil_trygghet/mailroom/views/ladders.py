"""The ladders of reminders at /arbete/utskick/stegar/: read by all who see the log, changed with a preview."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.history.guards import NotAllowed
from lysekil_trygghet.notifications import ladders
from lysekil_trygghet.notifications.ladders import DEFAULTS, Example, LadderKind, Rules, Step

from .. import operations, policies
from ..forms import LadderForm, StepForm, StepFormSet
from ..words import step_in_words


@dataclass(frozen=True)
class LadderShown:
    kind: str
    label: Any
    steps: list[str]
    rules: Rules
    is_own: bool


def _door(request: HttpRequest) -> None:
    if not policies.can_see_messages(request.actor):
        raise PermissionDenied


@require_safe
def ladders_page(request: HttpRequest) -> HttpResponse:
    """All ladders in words."""
    _door(request)
    rules = ladders.rules()
    shown = [
        LadderShown(
            kind.value,
            kind.label,
            [step_in_words(step) for step in rules[kind].steps],
            rules[kind],
            is_own=rules[kind] != Rules(kind, DEFAULTS[kind]),
        )
        for kind in LadderKind
    ]
    may_change = policies.can_change_ladders(request.actor)
    return render(request, "mailroom/ladders.html", {"ladders": shown, "may_change": may_change})


def _examples(kind: str) -> list[Example]:
    return [one for name in settings.LADDER_EXAMPLES for one in import_string(name)(kind)]


def _kind(request: HttpRequest, kind: str) -> LadderKind:
    _door(request)
    if not policies.can_change_ladders(request.actor):
        raise NotAllowed
    try:
        return LadderKind(kind.upper())
    except ValueError:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def ladder(request: HttpRequest, kind: str) -> HttpResponse:
    """Change the steps; "Förhandsvisa" tries them on something that has a ladder now, and saves nothing."""
    chosen = _kind(request, kind)
    rules, examples = ladders.rules()[chosen], _examples(chosen)
    sent = request.POST if request.method == "POST" else None
    form = LadderForm(sent, examples=examples, initial=_initial(rules))
    rows = [StepForm.typed(step, heading=step.heading or rules.heading(step.name)) for step in rules.steps]
    steps = StepFormSet(sent, initial=rows, prefix="steg")
    preview = None
    if sent is not None and form.is_valid() and steps.is_valid():
        wanted = form.rules(chosen, tuple(_steps(steps, rules)))
        if "preview" in sent:
            preview = _preview(wanted, form, examples)
        else:
            with trying(form):
                operations.change_ladder(wanted, by=request.actor, now=timezone.now(), seen=form.seen_revision)
                messages.success(request, _("Stegen är sparade. De gäller från och med nu."))
                return see_other("mailroom:ladders")
    context = {"ladder": chosen, "steps": steps, "preview": preview, "has_examples": bool(examples)}
    answer = page(request, "mailroom/ladder.html", form, **context)
    if not steps.is_valid() and sent is not None:
        answer.status_code = 422
    return answer


def _initial(rules: Rules) -> dict[str, Any]:
    return {
        "seen": operations.revision_of(rules.kind),
        "quiet_from": rules.quiet_from,
        "quiet_to": rules.quiet_to,
        "working_days_only": rules.working_days_only,
    }


def _steps(forms: Any, rules: Rules) -> Iterator[Step]:
    """Those that were typed and not removed. A new one gets a name that no step ever had, so that it is told also
    where another was; the portal's own headings stay the portal's."""
    known = {step.name for step in rules.steps}
    for form in forms:
        if not form.cleaned_data or form.cleaned_data.get("remove"):
            continue
        step = form.step()
        name = step.name if step.name in known else f"own_{secrets.token_hex(4)}"
        known.discard(name)
        yield replace(step, name=name, heading="" if step.heading == rules.heading(name) else step.heading)


def _preview(rules: Rules, form: LadderForm, examples: list[Example]) -> dict[str, Any] | None:
    if not examples:
        return None
    example = examples[int(form.cleaned_data.get("example") or 0)]
    rungs = rules.rungs(example.first, start=example.start, due=example.due)
    rows = [{"at": rung.moment, "to": ladders.Audience(rung.to).label, "heading": rung.heading} for rung in rungs]
    return {"example": example, "rows": rows}


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def ladder_restore(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask, and take back the steps the portal came with."""
    chosen = _kind(request, kind)
    seen = {"seen": operations.revision_of(chosen)}
    form = AskForm(request.POST if request.method == "POST" else None, initial=seen)
    if request.method == "POST" and form.is_valid():
        with trying(form):
            operations.restore_ladder(chosen, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Stegen är som de var från början."))
            return see_other("mailroom:ladders")
    context = {
        "question": _("Ta tillbaka de första stegen?"),
        "text": _("Era egna steg tas bort. Det som redan har skickats skickas inte igen."),
        "submit_label": _("Ta tillbaka"),
        "list": [step_in_words(step) for step in DEFAULTS[chosen]],
        "back": reverse("mailroom:ladders"),
        "to": chosen.label,
    }
    return page(request, "mailroom/ask_ladder.html", form, **context)
