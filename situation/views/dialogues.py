"""Dialogues of a source: added, changed, taken away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lysekil_trygghet.desk.answers import answering, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.desk.views import GET_POST, allow, initial_of, posted
from situation import policies
from situation.forms.dialogues import DialogueForm, NewDialogueForm
from situation.models import Dialogue
from situation.operations import dialogues

from .doors import confirm_page, form_page
from .figures import visible_source


@require_http_methods(GET_POST)
@answering
def dialogue_new(request: HttpRequest, pk: int) -> HttpResponse:
    source = visible_source(request, pk)
    allow(policies.can_edit_source(request.actor, source))
    form = NewDialogueForm(posted(request))
    form.cancel_url = reverse("situation:source", args=[pk])
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            dialogues.write(source, values=form.values(), themes=form.themes(), by=request.actor, now=timezone.now())
            messages.success(request, _("Dialogen är sparad."))
            return see_other("situation:source", pk)
    return form_page(request, form, title=_("Ny dialog"), source=source)


def _dialogue(request: HttpRequest, pk: int, dialogue_pk: int) -> Dialogue:
    source = visible_source(request, pk)
    allow(policies.can_edit_source(request.actor, source))
    return get_object_or_404(source.dialogues.select_related("source__organisation"), pk=dialogue_pk)


@require_http_methods(GET_POST)
@answering
def dialogue_edit(request: HttpRequest, pk: int, dialogue_pk: int) -> HttpResponse:
    dialogue = _dialogue(request, pk, dialogue_pk)
    themes = list(dialogue.themes.values_list("theme", "count"))
    form = DialogueForm(posted(request), themes=themes, initial=initial_of(dialogue, DialogueForm))
    form.cancel_url = reverse("situation:source", args=[pk])
    if request.method == "POST" and form.is_valid():
        with trying(form):
            dialogues.edit(
                dialogue,
                values=form.values(),
                themes=form.themes(),
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Dialogen är sparad."))
            return see_other("situation:source", pk)
    return form_page(request, form, title=_("Ändra dialogen"), source=dialogue.source)


@require_http_methods(GET_POST)
@answering
def dialogue_remove(request: HttpRequest, pk: int, dialogue_pk: int) -> HttpResponse:
    dialogue = _dialogue(request, pk, dialogue_pk)
    form = AskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            dialogues.remove(dialogue, by=request.actor, now=timezone.now())
            messages.success(request, _("Dialogen är borttagen."))
            return see_other("situation:source", pk)
    return confirm_page(
        request,
        form,
        question=_("Ta bort dialogen?"),
        text=str(dialogue),
        submit_label=_("Ta bort"),
        cancel_url=reverse("situation:source", args=[pk]),
        source=dialogue.source,
    )
