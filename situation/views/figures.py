"""Figures: looked at, put into a picture, put in order; their drawings and tables as files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lysekil_trygghet.desk.answers import answering, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.desk.tables import csv_answer, xlsx_answer
from lysekil_trygghet.desk.views import GET_POST, allow, initial_of, posted
from lysekil_trygghet.publishing.languages import Reader
from situation import figures, policies
from situation.figures import Drawn, Look, NothingToDraw
from situation.forms.figures import FigureForm, LookForm, NewFigureForm, QuestionLookForm
from situation.lifecycle import FigureKind, PictureState
from situation.models import Figure, Indicator, SituationPicture, Source, SurveyQuestion
from situation.operations import figures as writing

from .doors import back_to, confirm_page, form_page, is_fixed, moved, picture_door, writers_door

NARROW = "smal.svg"


def figure_file(drawn: Drawn, kind: str) -> HttpResponse:
    """The drawing as SVG (`svg`, `smal.svg` for telephones), or the table as CSV or XLSX."""
    name = slugify(drawn.caption)[:60] or "figur"
    rows = [*drawn.rows, (drawn.source_line,)]
    if kind == "csv":
        return csv_answer(name, drawn.head, rows)
    if kind == "xlsx":
        return xlsx_answer(name, drawn.head, rows, title=drawn.caption)
    drawings = {"svg": drawn.svg, NARROW: drawn.narrow}
    if not drawings.get(kind):
        raise Http404
    answer = HttpResponse(drawings[kind], content_type="image/svg+xml")
    # Opened by itself it runs nothing and loads nothing.
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def language() -> str:
    return "en" if (translation.get_language() or "sv")[:2] == "en" else "sv"


# --- Numbers looked at ----------------------------------------------------------------------------------------


def visible_indicator(request: HttpRequest, pk: int) -> Indicator:
    rows = Indicator.objects.filter(source__in=Source.objects.visible_to(request.actor))
    return get_object_or_404(rows.select_related("source__organisation"), pk=pk)


def visible_question(request: HttpRequest, pk: int) -> SurveyQuestion:
    rows = SurveyQuestion.objects.filter(source__in=Source.objects.visible_to(request.actor))
    return get_object_or_404(rows.select_related("source__organisation"), pk=pk)


def visible_source(request: HttpRequest, pk: int) -> Source:
    return get_object_or_404(Source.objects.visible_to(request.actor).select_related("organisation"), pk=pk)


@require_safe
def indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers drawn as chosen in the address: areas, way of drawing, periods. Seen at once."""
    shown = visible_indicator(request, pk)
    form = LookForm(request.GET or None, indicator=shown)
    look, kind = form.look(), form.kind()
    context = {
        "title": shown.title,
        "definition": shown.definition,
        "edit_url": reverse("situation:indicator_edit", args=[pk])
        if policies.can_edit_source(request.actor, shown.source)
        else "",
    }
    return _looked_at(
        request,
        form,
        lambda: figures.of_indicator(shown, look, kind=kind),
        source=shown.source,
        base=("situation:indicator_file", pk),
        add=("situation:indicator_add", pk),
        **context,
    )


@require_safe
def question(request: HttpRequest, pk: int) -> HttpResponse:
    shown = visible_question(request, pk)
    form = QuestionLookForm(request.GET or None, question=shown)
    look = form.look()
    return _looked_at(
        request,
        form,
        lambda: figures.of_question(shown, look),
        source=shown.source,
        base=("situation:question_file", pk),
        add=("situation:question_add", pk),
        title=shown.text,
        question=shown,
    )


def _looked_at(
    request: HttpRequest,
    form: Any,
    draw: Any,
    *,
    source: Source,
    base: tuple[str, int],
    add: tuple[str, int],
    **more: Any,
) -> HttpResponse:
    """The page of numbers as chosen; what cannot be drawn says what to choose instead."""
    figure, nothing = None, ""
    try:
        figure = draw()
    except NothingToDraw as empty:
        nothing = str(empty)
    except ValueError:
        nothing = _("Det du har valt går inte att rita. Välj färre områden eller en annan period.")
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    context = {
        "form": form,
        "figure": figure,
        "nothing": nothing,
        "source": source,
        "svg_url": reverse(base[0], args=[base[1], "svg"]) + query,
        "narrow_url": reverse(base[0], args=[base[1], NARROW]) + query,
        "csv_url": reverse(base[0], args=[base[1], "csv"]) + query,
        "add_url": reverse(add[0], args=[add[1]]) + query,
        "may_add": policies.can_write_pictures(request.actor),
    }
    return render(request, "situation/staff/indicator.html", context | more)


def _file_or_404(draw: Any, kind: str) -> HttpResponse:
    try:
        return figure_file(draw(), kind)
    except (NothingToDraw, ValueError) as nothing:
        raise Http404 from nothing


@require_safe
def indicator_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    shown = visible_indicator(request, pk)
    form = LookForm(request.GET or None, indicator=shown)
    look, way = form.look(), form.kind()
    return _file_or_404(lambda: figures.of_indicator(shown, look, kind=way), kind)


@require_safe
def question_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    shown = visible_question(request, pk)
    look = QuestionLookForm(request.GET or None, question=shown).look()
    return _file_or_404(lambda: figures.of_question(shown, look), kind)


@require_safe
def themes_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    shown = visible_source(request, pk)
    return _file_or_404(lambda: figures.of_themes(shown, Look()), kind)


# --- Put into a picture -------------------------------------------------------------------------------------


def _written_pictures(request: HttpRequest) -> Any:
    """Pictures this person writes now."""
    rows = SituationPicture.objects.visible_to(request.actor).filter(
        state__in=[PictureState.DRAFT, PictureState.REVIEW]
    )
    own = [one.pk for one in rows.select_related("organisation") if policies.can_edit_picture(request.actor, one)]
    return SituationPicture.objects.filter(pk__in=own).order_by("-period_end", "-pk")


@require_http_methods(GET_POST)
@answering
def indicator_add(request: HttpRequest, pk: int) -> HttpResponse:
    shown = visible_indicator(request, pk)
    form = LookForm(request.GET or None, indicator=shown)
    values = {"indicator": shown, "source": shown.source, "kind": form.kind(), "look": form.look().stored()}
    return _add(request, values, title=shown.title, title_en=shown.title_en, back=shown.get_absolute_url())


@require_http_methods(GET_POST)
@answering
def question_add(request: HttpRequest, pk: int) -> HttpResponse:
    shown = visible_question(request, pk)
    look = QuestionLookForm(request.GET or None, question=shown).look()
    values = {"question": shown, "source": shown.source, "kind": FigureKind.SHARES, "look": look.stored()}
    back = reverse("situation:question", args=[pk])
    return _add(request, values, title=shown.text[:140], title_en=shown.text_en[:140], back=back)


@require_http_methods(GET_POST)
@answering
def themes_add(request: HttpRequest, pk: int) -> HttpResponse:
    shown = visible_source(request, pk)
    values = {"source": shown, "kind": FigureKind.THEMES, "look": Look().stored()}
    back = reverse("situation:source", args=[pk])
    return _add(request, values, title=shown.title[:140], title_en=shown.title_en[:140], back=back)


def _add(request: HttpRequest, values: dict[str, Any], *, title: str, title_en: str, back: str) -> HttpResponse:
    allow(policies.can_write_pictures(request.actor))
    pictures = _written_pictures(request)
    initial = {"title": title, "title_en": title_en, "is_public": True, "picture": pictures.first()}
    form = NewFigureForm(posted(request), pictures=pictures, initial=initial)
    query: QueryDict = request.GET
    form.cancel_url = f"{back}?{query.urlencode()}" if query else back
    if not pictures:
        messages.info(request, _("Det finns ingen lägesbild som du skriver på. Börja en först."))
        return see_other("situation:pictures")
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            picture = form.cleaned_data["picture"]
            writing.write(picture, values=values | form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Figuren är med i lägesbilden."))
            return back_to(picture, "figurer")
    return form_page(request, form, title=_("Lägg i en lägesbild"), numbers=True)


def _figure(picture: SituationPicture, pk: int) -> Figure:
    rows = picture.figures.select_related("picture", "indicator__source", "question__source", "source")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(GET_POST)
@answering
def figure_edit(request: HttpRequest, pk: int, figure_pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    figure = _figure(picture, figure_pk)
    if is_fixed(request, picture):
        return see_other(picture)
    form = FigureForm(posted(request), initial=initial_of(figure, FigureForm))
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            writing.edit(figure, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Figuren är sparad."))
            return back_to(picture, "figurer")
    return form_page(request, form, title=_("Ändra figurens ord"), picture=picture)


@require_http_methods(GET_POST)
@answering
def figure_remove(request: HttpRequest, pk: int, figure_pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    figure = _figure(picture, figure_pk)
    if is_fixed(request, picture):
        return see_other(picture)
    form = AskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with trying(form):
            writing.remove(figure, by=request.actor, now=timezone.now())
            messages.success(request, _("Figuren är borttagen."))
            return back_to(picture, "figurer")
    return confirm_page(
        request,
        form,
        question=_("Ta bort figuren?"),
        submit_label=_("Ta bort"),
        text=figure.title,
        picture=picture,
    )


@require_POST
@answering
def figure_order(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    if is_fixed(request, picture):
        return see_other(picture)
    direction, target = moved(request)
    figure = picture.figures.filter(pk=target).select_related("picture").first()
    if figure is not None:
        writing.place(figure, direction=direction, by=request.actor, now=timezone.now())
    return back_to(picture, "figurer")


@require_safe
def picture_figure(request: HttpRequest, pk: int, figure_pk: int, kind: str) -> HttpResponse:
    """The drawing or table of a figure of a picture, for those who may read it."""
    figure = _figure(picture_door(request, pk), figure_pk)
    return _file_or_404(lambda: figures.drawn(figure, lang=language()), kind)


def figure_rows(picture: SituationPicture) -> list[dict[str, Any]]:
    """Each figure with its drawing; what cannot be drawn any more says why."""
    rows = []
    for figure in picture.figures.select_related("indicator__source", "question__source", "source"):
        shown, nothing = None, ""
        try:
            shown = figures.drawn(figure, lang="sv")
        except (figures.NothingToDraw, ValueError) as empty:
            nothing = str(empty)
        address = reverse("situation:picture_figure", args=[picture.pk, figure.pk, "x"])[:-2]
        rows.append(
            {
                "figure": figure,
                "id": figure.pk,
                "words": figure.title,
                "drawn": shown,
                "nothing": nothing,
                "place": f"figur-{figure.pk}",
                "svg_url": f"{address}.svg",
                "narrow_url": f"{address}.{NARROW}",
                "file_url": address,
                "comment": Reader("sv").in_language(figure, "comment"),
            }
        )
    return rows
