"""Files of numbers: taken, looked through, stored. What a file would change is read before it is stored."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.views import GET_POST, allow, is_past, page_of, posted
from situation import policies, words
from situation.forms.imports import ColumnsForm, DropForm, NewImportForm, QuestionsForm, StoreForm
from situation.importers import surveys, table
from situation.importers.rows import FileRefused
from situation.lifecycle import ImportKind, ImportState
from situation.models import DatasetImport, Source
from situation.operations import imports, publishers

from .doors import confirm_page, form_page, inside_door


def import_door(request: HttpRequest, pk: int) -> DatasetImport:
    """Those who may read the source may read what was read into it."""
    rows = DatasetImport.objects.filter(source__in=Source.objects.visible_to(request.actor))
    return get_object_or_404(rows.select_related("source__organisation"), pk=pk)


def importers_door(request: HttpRequest, pk: int) -> DatasetImport:
    made = import_door(request, pk)
    allow(policies.can_import(request.actor, made.source))
    return made


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    rows = DatasetImport.objects.filter(source__in=Source.objects.visible_to(request.actor)).select_related("source")
    page = page_of(request, rows.defer("report", "mapping"))
    context = {
        "page": page,
        "rows": [{"made": made, "badge": words.import_badge(made)} for made in page],
        "may_import": policies.can_write_pictures(request.actor),
    }
    return render(request, "situation/staff/import_list.html", context)


@require_http_methods(GET_POST)
@answering
def import_new(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    actor = request.actor
    allow(policies.can_write_pictures(actor))
    own = [
        one.pk
        for one in Source.objects.visible_to(actor).select_related("organisation")
        if policies.can_import(actor, one)
    ]
    form = NewImportForm(posted(request), request.FILES or None, sources=Source.objects.filter(pk__in=own))
    form.cancel_url = reverse("situation:imports")
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            return _taken(request, form)
    return form_page(
        request,
        form,
        title=_("Läs in en fil med siffror"),
        lead=_("Du ser först vad filen ger: vad som är nytt, vad som ändras och vad som inte går att läsa."),
        numbers=True,
    )


def _taken(request: HttpRequest, form: NewImportForm) -> HttpResponse:
    """The file is taken; the worker looks through it, or the person first says what its columns are."""
    now, actor = timezone.now(), request.actor
    kind, upload = form.cleaned_data["kind"], form.cleaned_data["upload"]
    source = form.cleaned_data["source"] or publishers.source_for(kind, by=actor, now=now)
    with tempfile.NamedTemporaryFile(suffix=Path(upload.name).suffix[:8]) as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        try:
            made = imports.begin(
                Path(copy.name),
                source=source,
                kind=kind,
                name=upload.name,
                by=actor,
                now=now,
                source_url=form.cleaned_data["source_url"],
                retrieved_at=now,
            )
        except imports.AlreadyRead as already:
            messages.info(request, str(already))
            return see_other("situation:import", already.before.pk)
    return see_other("situation:import_columns" if made.state == ImportState.CHOOSING else "situation:import", made.pk)


@require_safe
def import_shown(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an import stands: it waits, what it would change, what it changed, or why it was refused."""
    made = import_door(request, pk)
    may = policies.can_import(request.actor, made.source)
    form = StoreForm(made=made, initial={"seen": made.revision}) if may and made.state == ImportState.CHECKED else None
    return _show(request, made, form)


def _show(request: HttpRequest, made: DatasetImport, form: Any) -> HttpResponse:
    report = made.report
    context = {
        "made": made,
        "badge": words.import_badge(made),
        "is_waiting": made.state in (ImportState.WAITING, ImportState.TO_APPLY),
        "share": min(100, made.lines_done * 100 // made.lines_total) if made.lines_total else None,
        "counts": words.import_counts(made),
        "errors": report.get("errors", []),
        "notes": report.get("notes", []),
        "examples": words.import_examples(made),
        "indicators": report.get("indicators", []),
        "may_import": policies.can_import(request.actor, made.source),
        "may_choose": made.kind in (ImportKind.TABLE, ImportKind.FORM)
        and made.state in (ImportState.CHOOSING, ImportState.CHECKED),
    }
    return (
        page(request, "situation/staff/import.html", form, **context)
        if form
        else render(request, "situation/staff/import.html", context)
    )


@require_http_methods(GET_POST)
@answering
def import_store(request: HttpRequest, pk: int) -> HttpResponse:
    made = importers_door(request, pk)
    if is_past(request, made.state == ImportState.CHECKED):
        return see_other("situation:import", made.pk)
    form = StoreForm(posted(request), made=made, initial={"seen": made.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            good = form.cleaned_data.get("takes_the_good", False)
            imports.order(made, takes_the_good=good, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            return see_other("situation:import", made.pk)
    return _show(request, made, form)


@require_http_methods(GET_POST)
@answering
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    made = importers_door(request, pk)
    here = reverse("situation:import", args=[made.pk])
    if is_past(request, made.state in (ImportState.CHOOSING, ImportState.WAITING, ImportState.CHECKED)):
        return see_other(here)
    form = DropForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            imports.drop(made, by=request.actor, now=timezone.now())
            messages.success(request, _("Filen är slängd. Inget är sparat."))
            return see_other("situation:imports")
    return confirm_page(
        request,
        form,
        question=_("Släng ”%(file)s”?") % {"file": made.file_name},
        submit_label=_("Släng filen"),
        cancel_url=here,
        numbers=True,
    )


@require_http_methods(GET_POST)
@answering
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column is what, for a table; which are questions, for a survey's export."""
    made = importers_door(request, pk)
    open_now = made.kind in (ImportKind.TABLE, ImportKind.FORM) and made.state in (
        ImportState.CHOOSING,
        ImportState.CHECKED,
    )
    if is_past(request, open_now):
        return see_other("situation:import", made.pk)
    try:
        form = _choosing(request, made)
    except FileRefused as refused:
        imports.refuse(made, refused, by=request.actor, now=timezone.now())
        return see_other("situation:import", made.pk)
    form.cancel_url = reverse("situation:import", args=[made.pk])
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            if isinstance(form, ColumnsForm):
                mapping = imports.as_mapping(form.mapping())
            else:
                mapping = {"form": form.choice() | {"method": made.source.method, "survey": made.source.title}}
            imports.choose(made, mapping=mapping, by=request.actor, now=timezone.now())
            return see_other("situation:import", made.pk)
    title = _("Vad är kolumnerna?") if made.kind == ImportKind.TABLE else _("Vilka kolumner är frågor?")
    return form_page(request, form, title=title, lead=made.file_name, numbers=True)


def _choosing(request: HttpRequest, made: DatasetImport) -> ColumnsForm | QuestionsForm:
    with imports.local(made) as path:
        if made.kind == ImportKind.TABLE:
            return ColumnsForm(posted(request), shapes=table.look(path, name=made.file_name), name=made.file_name)
        return QuestionsForm(posted(request), form=surveys.look(path))
