"""A set's pages: the list, the hub where it is written, and what belongs to its text."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lysekil_trygghet.desk.answers import answering, see_other, trying
from lysekil_trygghet.desk.views import GET_POST, allow, initial_of, is_past, page_of, posted
from lysekil_trygghet.history.queries import timeline_of
from pledges import policies, queries, words
from pledges.forms.sets import AreaForm, CarryForm, NewAreaForm, NewSetForm, SetForm
from pledges.lifecycle import SetState
from pledges.models import PledgeSet
from pledges.operations import pledge_sets, priorities
from situation.models import SituationPicture

from .doors import area_door, form_page, inside_door, set_door, step, unchanged
from .shown import area_rows, history_of
from .steps import asked

# --- The list -------------------------------------------------------------------------------------------


@require_safe
def set_list(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    today = timezone.localdate()
    rows = page_of(request, PledgeSet.objects.visible_to(request.actor).order_by("-period_start", "-pk"))
    progress = queries.progress_of_sets(rows.object_list)
    context = {
        "page": rows,
        "rows": [
            {"set": row, "badge": words.set_badge(row, today=today), "progress": progress[row.pk]} for row in rows
        ],
        "may_write": policies.can_write_sets(request.actor),
    }
    return render(request, "pledges/staff/set_list.html", context)


def pictures_for(actor: Any) -> Any:
    return SituationPicture.objects.visible_to(actor).filter(kind="JOINT").order_by("-period_end", "-pk")


@require_http_methods(GET_POST)
@answering
def set_new(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    allow(policies.can_write_sets(request.actor))
    form = NewSetForm(posted(request), pictures=pictures_for(request.actor), initial={"progress_interval_months": 3})
    form.cancel_url = "/arbete/loften/"
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            made = pledge_sets.create_set(values=form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Utkastet är sparat. Lägg nu till områden och löften."))
            return see_other(made)
    return form_page(request, form, title=_("Nya medborgarlöften"))


@require_http_methods(GET_POST)
@answering
def set_carry(request: HttpRequest, pk: int) -> HttpResponse:
    """A new set from this one, with the promises that stand as carried over."""
    before = set_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, before.is_public):
        return see_other(before)
    form = CarryForm(posted(request))
    form.cancel_url = before.get_absolute_url()
    carried = before.commitments.filter(delivery_state="CARRIED_OVER").order_by("number")
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            made = pledge_sets.set_from_previous(before, **form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Utkastet är sparat med de löften som förs vidare."))
            return see_other(made)
    text = _("Löften som står som ”Förlängd” och har ett svar till invånarna följer med. De får nya nummer.")
    return form_page(
        request,
        form,
        title=_("Nya löften från de här"),
        thing=before,
        lead=text,
        items=[str(one) for one in carried],
        missing=[_("Inget löfte står som ”Förlängd”. Börja från tomt i stället.")] if not carried else [],
    )


# --- The hub --------------------------------------------------------------------------------------------


@require_safe
def set_hub(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    actor, today = request.actor, timezone.localdate()
    writes = policies.can_edit_set(actor, pledge_set)
    context = {
        "set": pledge_set,
        "badge": words.set_badge(pledge_set, today=today),
        "progress": queries.progress_of(pledge_set),
        "areas": area_rows(pledge_set, actor=actor, today=today),
        "signatures": pledge_set.signatures.select_related("organisation"),
        "shares": pledge_set.shares.select_related("organisation"),
        "prolongations": pledge_set.prolongations.all(),
        "missing": missing_of(pledge_set),
        "hints": queries.hints(pledge_set) if pledge_set.is_written and policies.can_write_sets(actor) else [],
        "history": history_of(timeline_of(pledge_set)),
        "writes": writes,
        "may": may_of(actor, pledge_set),
        "today": today,
    }
    return render(request, "pledges/staff/set.html", context)


def missing_of(pledge_set: PledgeSet) -> list[str]:
    """What stands between the set and its next step."""
    if pledge_set.state == SetState.DRAFT:
        return queries.missing_to_agree(pledge_set)
    if pledge_set.state == SetState.AGREED:
        return queries.missing_to_sign(pledge_set)
    if pledge_set.state == SetState.SIGNED:
        return queries.missing_to_publish(pledge_set)
    if pledge_set.state == SetState.CLOSING:
        return queries.missing_to_close(pledge_set)
    return []


def may_of(actor: Any, pledge_set: PledgeSet) -> dict[str, bool]:
    """The buttons this person is shown."""
    questions = {
        "edit": policies.can_edit_set,
        "share": policies.can_share_set,
        "open_to_police": policies.can_open_to_police,
        "agree": policies.can_agree_for_municipality,
        "agree_for_police": policies.can_agree_for_police,
        "reopen": policies.can_reopen_set,
        "signatures": policies.can_record_signatures,
        "sign": policies.can_sign_set,
        "publish": policies.can_publish_set,
        "preview": policies.can_preview_set,
        "prolong": policies.can_prolong_set,
        "withdraw": policies.can_withdraw_set,
        "closing_text": policies.can_write_closing_text,
        "propose_closing": policies.can_propose_closing,
        "approve_closing": policies.can_approve_closing,
        "take_back_closing": policies.can_take_back_closing,
        "diary": policies.can_set_diary_number,
    }
    may = {name: question(actor, pledge_set) for name, question in questions.items()}
    written = pledge_set.is_written and not pledge_set.is_police_confirmed
    may["police_document"] = policies.writes_for_police(actor) and written
    may["carry"] = policies.can_write_sets(actor) and pledge_set.is_public
    may["discard"] = may["edit"] and pledge_set.opened_to_police_at is None
    return may


# --- Its text and priorities ----------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def set_edit(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, pledge_set.is_written):
        return see_other(pledge_set)
    form = SetForm(posted(request), pictures=pictures_for(request.actor), initial=initial_of(pledge_set, SetForm))
    return step(
        request,
        form,
        lambda form: pledge_sets.edit_set(
            pledge_set, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Sparat."),
        back=pledge_set,
        title=_("Ändra texten"),
        thing=pledge_set,
    )


@require_http_methods(GET_POST)
@answering
def set_discard(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, pledge_set.is_written):
        return see_other(pledge_set)
    form = asked(request, pledge_set, _("Kasta utkastet"))
    form.cancel_url = pledge_set.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            unchanged(pledge_set, form)
            pledge_sets.discard_set(pledge_set, by=request.actor, now=timezone.now())
            messages.success(request, _("Utkastet är borta."))
            return see_other("pledges:sets")
    text = _("Utkastet försvinner med sina områden och löften. Det går inte att ångra.")
    return form_page(request, form, title=_("Kasta utkastet?"), thing=pledge_set, lead=text)


@require_http_methods(GET_POST)
@answering
def area_new(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, pledge_set.is_written):
        return see_other(pledge_set)
    return step(
        request,
        NewAreaForm(posted(request), pledge_set=pledge_set),
        lambda form: priorities.add_area(
            pledge_set,
            values=form.values(),
            problems=form.cleaned_data["problems"],
            by=request.actor,
            now=timezone.now(),
        ),
        done=_("Området är sparat."),
        back=pledge_set,
        title=_("Nytt prioriterat område"),
        thing=pledge_set,
    )


@require_http_methods(GET_POST)
@answering
def area_edit(request: HttpRequest, pk: int) -> HttpResponse:
    area = area_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, area.pledge_set.is_written):
        return see_other(area)
    form = AreaForm(posted(request), pledge_set=area.pledge_set, initial=initial_of(area, AreaForm, "problems"))
    return step(
        request,
        form,
        lambda form: priorities.edit_area(
            area,
            values=form.values(),
            problems=form.cleaned_data["problems"],
            by=request.actor,
            now=timezone.now(),
            seen=form.seen_revision,
        ),
        done=_("Området är sparat."),
        back=area,
        title=_("Ändra området"),
        thing=area,
    )


@require_POST
@answering
def area_move(request: HttpRequest, pk: int) -> HttpResponse:
    area = area_door(request, pk)
    allow(policies.can_edit_set(request.actor, area.pledge_set))
    direction = "up" if request.POST.get("move", "").startswith("up") else "down"
    priorities.move_area(area, direction=direction, by=request.actor, now=timezone.now())
    return see_other(area)


@require_http_methods(GET_POST)
@answering
def area_remove(request: HttpRequest, pk: int) -> HttpResponse:
    area = area_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, area.pledge_set.is_written):
        return see_other(area)

    def run(form: Any) -> None:
        unchanged(area, form)
        priorities.remove_area(area, by=request.actor, now=timezone.now())

    return step(
        request,
        asked(request, area, _("Ta bort området")),
        run,
        done=_("Området är borttaget."),
        back=area.pledge_set,
        title=_("Ta bort området?"),
        thing=area,
    )
