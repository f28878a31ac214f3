"""Each step on a set's way, as a page that asks first: shown, agreed, signed, published, prolonged, closed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lysekil_trygghet.desk.answers import answering, see_other
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.desk.views import GET_POST, allow, is_past, posted
from lysekil_trygghet.privacy.kinds import Kind
from lysekil_trygghet.publishing.languages import Reader
from pledges import policies, queries
from pledges.forms.sets import (
    ClosingTextForm,
    DiaryForm,
    DocumentForm,
    ProlongForm,
    PublishForm,
    ReasonForm,
    ShareForm,
    SignatureForm,
    WithdrawForm,
)
from pledges.models import PledgeSet, Signature
from pledges.operations import pledge_sets, wordings
from pledges.residents import sets as read_sets

from .doors import set_door, step


def asked(request: HttpRequest, thing: Any, label: str) -> AskForm:
    form = AskForm(posted(request), initial={"seen": thing.revision})
    form.submit_label = label
    return form


def seen_form(kind: Any, request: HttpRequest, thing: Any, **extra: Any) -> Any:
    return kind(posted(request), initial={"seen": thing.revision}, **extra)


# --- While it is a draft ----------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def set_share(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, pledge_set.is_written):
        return see_other(pledge_set)
    return step(
        request,
        ShareForm(posted(request), pledge_set=pledge_set),
        lambda form: pledge_sets.share_with(
            pledge_set, form.cleaned_data["organisation"], by=request.actor, now=timezone.now()
        ),
        done=_("Utkastet är delat."),
        back=pledge_set,
        title=_("Dela utkastet med en förvaltning"),
        thing=pledge_set,
        warning=_("Nämnderna är egna myndigheter. Ett utkast som visas för en annan blir oftast allmän handling."),
    )


@require_http_methods(GET_POST)
@answering
def set_open(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, policies.can_open_to_police(request.actor, pledge_set)):
        return see_other(pledge_set)
    return step(
        request,
        asked(request, pledge_set, _("Visa för Polisen")),
        lambda form: pledge_sets.open_to_police(pledge_set, by=request.actor, now=timezone.now()),
        done=_("Polisen kan läsa löftena nu."),
        back=pledge_set,
        title=_("Visa utkastet för Polisen?"),
        thing=pledge_set,
        lead=_("Polisen kan då läsa, bekräfta, kommentera och skicka tillbaka texter. Det går inte att dölja igen."),
        warning=_("Polisen är en egen myndighet. Ett utkast som visas för den blir oftast allmän handling."),
    )


@require_http_methods(GET_POST)
@answering
def set_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """The municipality's yes; the Police's own stands on their page and here for a police role."""
    pledge_set = set_door(request, pk)
    actor = request.actor
    for_police = actor.is_police
    allow(actor.is_police or actor.is_coordinator)
    may = policies.can_agree_for_police if for_police else policies.can_agree_for_municipality
    if is_past(request, may(actor, pledge_set)):
        return see_other(pledge_set)

    def run(form: Any) -> None:
        now = timezone.now()
        if for_police:
            wordings.confirm_all(pledge_set, by=actor, now=now, seen=form.seen_revision)
        else:
            pledge_sets.agree(pledge_set, by=actor, now=now, seen=form.seen_revision)

    if for_police:
        title, text = _("Bekräfta löftena för Polisen?"), _("Du bekräftar löftena och alla texter som väntar på er.")
    else:
        title, text = _("Bekräfta löftena för kommunen?"), _("När Polisen också har bekräftat är de överenskomna.")
    return step(
        request,
        asked(request, pledge_set, _("Bekräfta")),
        run,
        done=_("Bekräftat."),
        back=pledge_set,
        title=title,
        thing=pledge_set,
        lead=text,
        items=[str(one) for one in queries.commitments_of(pledge_set)],
    )


@require_http_methods(GET_POST)
@answering
def set_police_document(request: HttpRequest, pk: int) -> HttpResponse:
    """The Police's written yes to all of it, recorded by the coordinator."""
    pledge_set = set_door(request, pk)
    allow(policies.writes_for_police(request.actor))
    if is_past(request, pledge_set.is_written and not pledge_set.is_police_confirmed):
        return see_other(pledge_set)
    return step(
        request,
        seen_form(DocumentForm, request, pledge_set),
        lambda form: wordings.confirm_all(
            pledge_set,
            document=form.cleaned_data["document"],
            document_on=form.cleaned_data["document_on"],
            by=request.actor,
            now=timezone.now(),
            seen=form.seen_revision,
        ),
        done=_("Polisens ja är antecknat."),
        back=pledge_set,
        title=_("Anteckna Polisens skriftliga ja"),
        thing=pledge_set,
        lead=_("Gäller löftena och alla texter som väntar på Polisen, så som de står nu."),
    )


@require_http_methods(GET_POST)
@answering
def set_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, policies.can_reopen_set(request.actor, pledge_set)):
        return see_other(pledge_set)
    form = seen_form(ReasonForm, request, pledge_set)
    form.submit_label = _("Öppna som utkast")
    return step(
        request,
        form,
        lambda form: pledge_sets.reopen(
            pledge_set, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Löftena är ett utkast igen."),
        back=pledge_set,
        title=_("Öppna löftena som utkast igen?"),
        thing=pledge_set,
        lead=_("Båda parter måste bekräfta på nytt."),
    )


# --- Signed and published -----------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def signature_new(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, policies.can_record_signatures(request.actor, pledge_set)):
        return see_other(pledge_set)
    return step(
        request,
        SignatureForm(posted(request)),
        lambda form: pledge_sets.add_signature(pledge_set, **form.values(), by=request.actor, now=timezone.now()),
        done=_("Underskriften är sparad."),
        back=pledge_set,
        title=_("Lägg till en underskrift"),
        thing=pledge_set,
    )


@require_http_methods(GET_POST)
@answering
def signature_remove(request: HttpRequest, pk: int, signature_pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    signature = get_object_or_404(Signature, pledge_set=pledge_set, pk=signature_pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, policies.can_record_signatures(request.actor, pledge_set)):
        return see_other(pledge_set)
    return step(
        request,
        asked(request, pledge_set, _("Ta bort underskriften")),
        lambda form: pledge_sets.remove_signature(signature, by=request.actor, now=timezone.now()),
        done=_("Underskriften är borttagen."),
        back=pledge_set,
        title=_("Ta bort underskriften?"),
        thing=pledge_set,
        items=[str(signature)],
    )


@require_http_methods(GET_POST)
@answering
def set_sign(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, policies.can_sign_set(request.actor, pledge_set)):
        return see_other(pledge_set)
    return step(
        request,
        asked(request, pledge_set, _("Löftena är undertecknade")),
        lambda form: pledge_sets.sign(pledge_set, by=request.actor, now=timezone.now(), seen=form.seen_revision),
        done=_("Löftena är undertecknade. Kommunikatören kan publicera dem."),
        back=pledge_set,
        title=_("Är löftena undertecknade av båda?"),
        thing=pledge_set,
        items=[str(one) for one in pledge_set.signatures.all()],
        missing=queries.missing_to_sign(pledge_set),
    )


@require_http_methods(GET_POST)
@answering
def set_publish(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_publish(request.actor))
    if is_past(request, policies.can_publish_set(request.actor, pledge_set)):
        return see_other(pledge_set)
    signs = [kind for kind in queries.signs_of_persons(pledge_set) if kind != Kind.IDENTITY_NUMBER]
    lead = _("Löftena står sedan fast: texterna kan inte ändras, bara få en ny lydelse som invånarna ser.")
    if signs:
        found = get_text_list([str(kind.words) for kind in signs], _("och"))
        lead += " " + _("Texterna innehåller %(signs)s. Läs igenom dem en gång till.") % {"signs": found}
    return step(
        request,
        seen_form(PublishForm, request, pledge_set, signs=bool(signs)),
        lambda form: pledge_sets.publish(
            pledge_set,
            plain_language=form.cleaned_data["plain_language"],
            accessibility=form.cleaned_data["accessibility"],
            confirm_privacy=form.cleaned_data.get("confirm_privacy_signs", False),
            by=request.actor,
            now=timezone.now(),
            seen=form.seen_revision,
        ),
        done=_("Löftena är publicerade."),
        back=pledge_set,
        title=_("Publicera löftena?"),
        thing=pledge_set,
        lead=lead,
        missing=queries.missing_to_publish(pledge_set),
        preview=True,
    )


@require_safe
def set_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The set as residents will see it, in Swedish or (`?lang=en`) in English."""
    pledge_set = set_door(request, pk)
    allow(policies.can_preview_set(request.actor, pledge_set))
    language = "en" if request.GET.get("lang") == "en" else "sv"
    request.preview = True
    with translation.override(language):
        read = Reader()
        shown = read_sets.set_preview(pledge_set, read=read, today=timezone.localdate())
        return render(request, "pledges/public/set.html", {"set": shown, "read": read, "back": pledge_set})


@require_http_methods(GET_POST)
@answering
def set_prolong(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, policies.can_prolong_set(request.actor, pledge_set)):
        return see_other(pledge_set)
    return step(
        request,
        seen_form(ProlongForm, request, pledge_set),
        lambda form: pledge_sets.prolong(
            pledge_set, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Löftena är förlängda."),
        back=pledge_set,
        title=_("Förläng löftena"),
        thing=pledge_set,
    )


@require_http_methods(GET_POST)
@answering
def set_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.is_directing(request.actor))
    if is_past(request, policies.can_withdraw_set(request.actor, pledge_set)):
        return see_other(pledge_set)
    return step(
        request,
        seen_form(WithdrawForm, request, pledge_set),
        lambda form: pledge_sets.withdraw(
            pledge_set, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Löftena är tillbakatagna."),
        back=pledge_set,
        title=_("Ta tillbaka löftena?"),
        thing=pledge_set,
        lead=_("Sidan finns kvar för invånarna, med skälet överst. Det går inte att ångra."),
    )


# --- The end ------------------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def closing_text(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, policies.can_write_closing_text(request.actor, pledge_set)):
        return see_other(pledge_set)
    first = {name: getattr(pledge_set, name) for name in ("closing_text", "closing_text_en")}
    form = ClosingTextForm(posted(request), initial={**first, "seen": pledge_set.revision})
    return step(
        request,
        form,
        lambda form: pledge_sets.write_closing_text(
            pledge_set, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Texten är sparad. Invånarna ser den när löftena är avslutade."),
        back=pledge_set,
        title=_("Så gick det, i stort"),
        thing=pledge_set,
    )


@require_http_methods(GET_POST)
@answering
def closing_propose(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, policies.can_propose_closing(request.actor, pledge_set)):
        return see_other(pledge_set)
    return step(
        request,
        asked(request, pledge_set, _("Föreslå avslut")),
        lambda form: pledge_sets.propose_closing(
            pledge_set, by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Avslutet är föreslaget. En annan person ska godkänna det."),
        back=pledge_set,
        title=_("Föreslå att löftena avslutas?"),
        thing=pledge_set,
        lead=_("Varje löfte har då en slutlig status, ett svar till invånarna och en uppföljning."),
        missing=queries.missing_to_close(pledge_set),
    )


@require_http_methods(GET_POST)
@answering
def closing_approve(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.may_approve_closing(request.actor))
    if is_past(request, policies.can_approve_closing(request.actor, pledge_set)):
        return see_other(pledge_set)
    return step(
        request,
        asked(request, pledge_set, _("Avsluta löftena")),
        lambda form: pledge_sets.approve_closing(
            pledge_set, by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Löftena är avslutade. Invånarna kan läsa hur det gick."),
        back=pledge_set,
        title=_("Godkänn att löftena avslutas?"),
        thing=pledge_set,
        items=[f"{one} – {one.get_delivery_state_display()}" for one in queries.commitments_of(pledge_set)],
    )


@require_http_methods(GET_POST)
@answering
def closing_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set = set_door(request, pk)
    allow(policies.can_write_sets(request.actor) or policies.may_approve_closing(request.actor))
    if is_past(request, policies.can_take_back_closing(request.actor, pledge_set)):
        return see_other(pledge_set)
    return step(
        request,
        asked(request, pledge_set, _("Inte än")),
        lambda form: pledge_sets.take_back_closing(
            pledge_set, by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Förslaget är tillbakataget."),
        back=pledge_set,
        title=_("Ta tillbaka förslaget om avslut?"),
        thing=pledge_set,
    )


@require_http_methods(GET_POST)
@answering
def set_diary(request: HttpRequest, pk: int) -> HttpResponse:
    pledge_set: PledgeSet = set_door(request, pk)
    allow(policies.can_set_diary_number(request.actor, pledge_set))
    form = DiaryForm(posted(request), initial={"diary_number": pledge_set.diary_number, "seen": pledge_set.revision})
    return step(
        request,
        form,
        lambda form: pledge_sets.set_diary_number(
            pledge_set, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Diarienumret är sparat."),
        back=pledge_set,
        title=_("Diarienummer"),
        thing=pledge_set,
    )
