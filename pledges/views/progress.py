"""A lead says how it goes: asked or not, in one tap and a line."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lysekil_trygghet.desk.answers import answering, see_other
from lysekil_trygghet.desk.views import GET_POST, allow, is_past, posted
from pledges import policies, queries
from pledges.forms.following import NoteForm
from pledges.operations import progress

from .doing import party_door
from .doors import commitment_door, step


@require_http_methods(GET_POST)
@answering
def note(request: HttpRequest, pk: int, organisation_pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    organisation = party_door(promise, organisation_pk)
    by_right = policies.can_note_progress(request.actor, promise, organisation)
    in_writing = not by_right and policies.can_note_progress_in_writing(request.actor, promise, organisation)
    allow(by_right or in_writing or (promise.pledge_set.is_public and not promise.pledge_set.is_running))
    if is_past(request, by_right or in_writing):
        return see_other(promise)
    return step(
        request,
        NoteForm(posted(request), in_writing=in_writing, initial={"outlook": "ON_TRACK"}),
        lambda form: progress.answer(
            promise,
            organisation=organisation,
            **form.values(),
            **form.document(),
            by=request.actor,
            now=timezone.now(),
        ),
        done=_("Tack. Svaret är sparat."),
        back=promise,
        title=_("Hur går det?"),
        thing=promise,
        lead=_("Bara för dem som arbetar med löftet. Invånarna ser det inte."),
        items=[queries.current_wording(promise).text],
    )
