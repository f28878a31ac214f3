"""What residents read before texts were changed: listed for the communicator, who can hide it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents import policies
from incidents.operations import former_texts as operations
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.history.guards import NotAllowed
from lysekil_trygghet.history.models import FormerText

from .publishing import GET_POST, desk_door, page_of


@require_safe
def former_texts(request: HttpRequest) -> HttpResponse:
    """The newest first, those that are hidden too."""
    desk_door(request)
    rows = page_of(request, FormerText.objects.order_by("-until", "-pk").select_related("subject_type"))
    context = {
        "page": rows,
        "rows": [(former, kind_of(former)) for former in rows.object_list],
        "may_hide": policies.can_publish(request.actor),
    }
    return render(request, "incidents/staff/former_texts.html", context)


@require_http_methods(GET_POST)
@answering
def former_text_hide(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the words once more, and asks."""
    desk_door(request)
    former = get_object_or_404(FormerText, pk=pk)
    if not policies.can_publish(request.actor):
        raise NotAllowed
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with trying(form):
            operations.hide(former, by=request.actor, now=timezone.now())
            messages.success(request, _("Den gamla texten är dold och borttagen."))
            return see_other("incidents:former_texts")
    context = {"former": former, "kind": kind_of(former), "texts": labelled(former)}
    return page(request, "incidents/staff/former_text_hide.html", form, **context)


def kind_of(former: FormerText) -> str:
    model = former.subject_type.model_class()
    return capfirst(str(model._meta.verbose_name)) if model else ""


def labelled(former: FormerText) -> list[tuple[Any, str]]:
    """Its texts that are not empty, with the names of their fields."""
    model = former.subject_type.model_class()
    return [
        (capfirst(str(model._meta.get_field(name).verbose_name)), former.texts[name])
        for name in model.public_texts
        if former.texts.get(name)
    ]
