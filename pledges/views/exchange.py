"""A set from a file, in two steps: look what it gives, then store it. And back to a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lysekil_trygghet.desk.answers import answering, see_other, trying
from lysekil_trygghet.desk.views import GET_POST, allow
from pledges import policies
from pledges.exchange import EXAMPLE, FileRefused, LineError, SetRow, xlsx_file, yaml_file
from pledges.forms.exchange import ImportForm, StoreForm
from pledges.operations import exchange

from .doors import inside_door, set_door

TYPES = {
    "yaml": (yaml_file, "application/yaml"),
    "xlsx": (xlsx_file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@require_http_methods(GET_POST)
@answering
def import_set(request: HttpRequest) -> HttpResponse:
    """First a file, then what it gives with a button that stores it."""
    inside_door(request)
    allow(policies.can_write_sets(request.actor))
    if request.method == "POST" and "content" in request.POST:
        return _store(request)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    form.cancel_url = "/arbete/loften/"
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"]
        file = xlsx_file if upload.name.lower().endswith(".xlsx") else yaml_file
        try:
            row = file.read(upload.read())
        except FileRefused as refused:
            return _shown(request, form, errors=refused.errors)
        found = exchange.look_through(row, by=request.actor)
        if found.errors:
            return _shown(request, form, errors=found.errors, row=row)
        store = StoreForm(initial={"content": yaml_file.write(row).decode()})
        store.cancel_url = request.path
        return _shown(request, store, row=row)
    return _shown(request, form)


def _store(request: HttpRequest) -> HttpResponse:
    form = StoreForm(request.POST)
    form.cancel_url = request.path
    if not form.is_valid():
        return _shown(request, form, row=_read_again(form.data.get("content", "")))
    try:
        row = yaml_file.read(form.cleaned_data["content"].encode())
        with trying(form, request):
            made = exchange.import_set(row, by=request.actor, now=timezone.now())
            messages.success(request, _("Löftena är inlästa som utkast."))
            return see_other(made)
    except FileRefused as refused:
        return _shown(request, ImportForm(), errors=refused.errors)
    return _shown(request, form, row=row)


def _read_again(content: str) -> SetRow | None:
    try:
        return yaml_file.read(content.encode())
    except (FileRefused, UnicodeEncodeError):
        return None


def _shown(
    request: HttpRequest, form: Any, *, errors: list[LineError] | tuple[LineError, ...] = (), row: SetRow | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "errors": errors,
        "row": row if not errors else None,
        "promises": sum(len(area.commitments) for area in row.areas) if row else 0,
    }
    bad = bool(errors) or (form.is_bound and not form.is_valid())
    return render(request, "pledges/staff/import.html", context, status=422 if bad else 200)


@require_safe
def example(request: HttpRequest, kind: str) -> HttpResponse:
    """The case of 2018 as a file to begin from."""
    inside_door(request)
    allow(policies.can_write_sets(request.actor))
    if kind not in TYPES:
        raise Http404
    return _download(yaml_file.read(EXAMPLE.read_bytes()), EXAMPLE.stem, kind)


@require_safe
def export_set(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The set as it was promised, as a file that can be read in again."""
    pledge_set = set_door(request, pk)
    if kind not in TYPES:
        raise Http404
    return _download(exchange.export_set(pledge_set, by=request.actor), pledge_set.slug, kind)


def _download(row: SetRow, name: str, kind: str) -> HttpResponse:
    file, content_type = TYPES[kind]
    response = HttpResponse(file.write(row), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
