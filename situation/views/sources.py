"""Sources and areas: what pictures rest on and where things happen."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lysekil_trygghet.desk.answers import answering, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.desk.views import GET_POST, allow, initial_of, page_of, posted
from situation import policies, words
from situation.forms.sources import AreaForm, NewAreaForm, NewSourceForm, SourceForm
from situation.models import Area, SituationPicture, Source
from situation.operations import areas, pictures, sources

from .doors import back_to, confirm_page, form_page, inside_door, own_organisation, own_organisations

# --- Sources ------------------------------------------------------------------------------------------


def source_door(request: HttpRequest, pk: int) -> Source:
    rows = Source.objects.visible_to(request.actor).select_related("organisation")
    return get_object_or_404(rows, pk=pk)


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    page = page_of(request, Source.objects.visible_to(request.actor).select_related("organisation"))
    context = {
        "page": page,
        "rows": [{"source": source, "badge": words.strength_badge(source)} for source in page],
        "may_write": policies.can_write_pictures(request.actor),
    }
    return render(request, "situation/staff/source_list.html", context)


@require_safe
def source(request: HttpRequest, pk: int) -> HttpResponse:
    source = source_door(request, pk)
    may_edit = policies.can_edit_source(request.actor, source)
    used_by = SituationPicture.objects.visible_to(request.actor).filter(sources=source)
    fixed = sources.is_fixed(source)
    context = {
        "source": source,
        "badge": words.strength_badge(source),
        "answers": words.answers_in_words(source),
        "carries": words.CARRIES[source.method],
        "used_by": used_by,
        "questions": source.questions.all(),
        "dialogues": source.dialogues.prefetch_related("themes").select_related("area"),
        "indicators": source.indicators.all()[:100],
        "imports": source.imports.defer("report", "mapping")[:10],
        "may_write": may_edit,
        "has_themes": source.dialogues.filter(themes__isnull=False).exists(),
        "may": {
            "edit": may_edit and not fixed,
            "discard": may_edit and not source.pictures.exists(),
        },
        "is_fixed": may_edit and fixed,
    }
    return render(request, "situation/staff/source.html", context)


@require_http_methods(GET_POST)
@answering
def source_new(request: HttpRequest) -> HttpResponse:
    """With `?lagesbild=7` the source is put into that picture at once."""
    inside_door(request)
    actor = request.actor
    allow(policies.can_write_pictures(actor))
    picture = _picture_asked_for(request)
    form = NewSourceForm(
        posted(request),
        organisations=own_organisations(actor),
        initial={"organisation": own_organisation(actor)},
    )
    form.cancel_url = picture.get_absolute_url() if picture else reverse("situation:sources")
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            now = timezone.now()
            written = sources.write(values=form.values(), by=actor, now=now)
            messages.success(request, _("Underlaget är sparat."))
            if picture is None:
                return see_other("situation:source", written.pk)
            pictures.put_sources(picture, [*picture.sources.all(), written], by=actor, now=now)
            return back_to(picture, "underlag")
    return form_page(request, form, title=_("Nytt underlag"), picture=picture)


def _picture_asked_for(request: HttpRequest) -> SituationPicture | None:
    wanted = request.GET.get("lagesbild", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        return None
    rows = SituationPicture.objects.visible_to(request.actor).select_related("organisation")
    picture = rows.filter(pk=int(wanted)).first()
    return picture if picture and policies.can_edit_picture(request.actor, picture) else None


@require_http_methods(GET_POST)
@answering
def source_edit(request: HttpRequest, pk: int) -> HttpResponse:
    source = source_door(request, pk)
    allow(policies.can_edit_source(request.actor, source))
    here = reverse("situation:source", args=[source.pk])
    if sources.is_fixed(source):
        messages.info(request, _("En antagen lägesbild vilar på underlaget. Lägg till ett nytt i stället."))
        return see_other(here)
    form = SourceForm(
        posted(request),
        organisations=own_organisations(request.actor),
        initial=initial_of(source, SourceForm),
    )
    form.cancel_url = here
    if request.method == "POST" and form.is_valid():
        with trying(form):
            sources.edit(source, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Underlaget är sparat."))
            return see_other(here)
    return form_page(request, form, title=_("Ändra underlaget"), source=source)


@require_http_methods(GET_POST)
@answering
def source_discard(request: HttpRequest, pk: int) -> HttpResponse:
    source = source_door(request, pk)
    allow(policies.can_edit_source(request.actor, source))
    form = AskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            sources.discard(source, by=request.actor, now=timezone.now())
            messages.success(request, _("Underlaget är borttaget."))
            return see_other("situation:sources")
    return confirm_page(
        request,
        form,
        question=_("Ta bort underlaget?"),
        text=source.title,
        submit_label=_("Ta bort"),
        tone="danger",
        source=source,
        cancel_url=reverse("situation:source", args=[source.pk]),
    )


# --- Areas --------------------------------------------------------------------------------------------


@require_safe
def area_list(request: HttpRequest) -> HttpResponse:
    if not policies.can_see_areas(request.actor):
        raise Http404
    context = {
        "page": page_of(request, Area.objects.select_related("parent")),
        "may_keep": policies.can_keep_areas(request.actor),
    }
    return render(request, "situation/staff/area_list.html", context)


@require_http_methods(GET_POST)
@answering
def area_new(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    allow(policies.can_keep_areas(request.actor))
    form = NewAreaForm(posted(request), parents=Area.objects.all())
    form.cancel_url = reverse("situation:areas")
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            areas.write(values=form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Området är sparat."))
            return see_other("situation:areas")
    return form_page(request, form, title=_("Nytt område"), areas=True)


@require_http_methods(GET_POST)
@answering
def area_edit(request: HttpRequest, pk: int) -> HttpResponse:
    inside_door(request)
    area = get_object_or_404(Area, pk=pk)
    allow(policies.can_keep_areas(request.actor))
    form = AreaForm(posted(request), parents=Area.objects.exclude(pk=area.pk), initial=initial_of(area, AreaForm))
    form.cancel_url = reverse("situation:areas")
    if request.method == "POST" and form.is_valid():
        with trying(form):
            areas.edit(area, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Området är sparat."))
            return see_other("situation:areas")
    return form_page(request, form, title=_("Ändra området"), areas=True)
