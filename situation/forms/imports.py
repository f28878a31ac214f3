"""Forms for files of numbers: which file, which column is what, whether to store it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lysekil_trygghet.desk.forms import AskForm, OnceForm, SeenForm, TaskForm, field_of
from situation.importers import surveys, table
from situation.lifecycle import ImportKind, Unit
from situation.models import DatasetImport, Indicator, Source

LARGEST = 200 << 20
# How the file's kind is told where a person chooses it.
HELP = {
    ImportKind.BRA: _("Databasfil, CSV eller Excel från Brås statistikdatabas."),
    ImportKind.KOLADA: _("JSON från Kolada, eller CSV eller Excel från webbplatsen."),
    ImportKind.SCB: _("PX, JSON, CSV eller Excel från SCB."),
    ImportKind.TABLE: _("En rad för varje kommun eller område. Du väljer kolumner i nästa steg."),
    ImportKind.SURVEY: _("En rad för varje svarsalternativ, med andel och antal svar."),
    ImportKind.FORM: _("Export från ett enkätverktyg. Du väljer frågor i nästa steg; enskilda svar sparas inte."),
    ImportKind.AREAS: _("GeoJSON, GeoPackage eller zippad shapefil med områden."),
    ImportKind.POLISEN: _("JSON från polisen.se. Bara länkarna sparas."),
}


class NewImportForm(OnceForm):
    submit_label = _("Läs igenom filen")
    field_order = ("upload", "kind", "source")

    upload = forms.FileField(
        label=_("Fil"), max_length=200, help_text=_("Inget sparas förrän du har sett vad filen ger. Högst 200 MB.")
    )
    kind = forms.ChoiceField(
        label=_("Vad är det för fil?"),
        choices=[(kind, f"{kind.label}. {HELP[kind]}") for kind in ImportKind],
        widget=forms.RadioSelect,
    )
    source = forms.ModelChoiceField(
        label=_("Underlag"),
        queryset=Source.objects.none(),
        required=False,
        empty_label=_("Utgivarens eget, läggs till om det inte finns"),
        help_text=_("Det underlag som siffrorna hör till. En enkät ska ha ett eget."),
    )
    source_url = forms.URLField(
        label=_("Hämtad från"),
        required=False,
        max_length=400,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"], message=_("Skriv en adress som börjar med https://."))],
    )

    def __init__(self, *args: Any, sources: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > LARGEST:
            raise forms.ValidationError(_("Filen är större än 200 MB. Dela upp den, till exempel ett år i varje fil."))
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") in (ImportKind.SURVEY, ImportKind.FORM) and not cleaned.get("source"):
            self.add_error(
                "source", _("Välj vilken enkät svaren hör till. Finns den inte: lägg till den som underlag.")
            )
        return cleaned


class StoreForm(AskForm):
    submit_label = _("Spara siffrorna")

    takes_the_good = forms.BooleanField(
        label=_("Läs in resten och hoppa över de rader som inte går att läsa"), required=False
    )

    def __init__(self, *args: Any, made: DatasetImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not made.rows_rejected:
            del self.fields["takes_the_good"]


class DropForm(AskForm):
    submit_label = _("Släng filen")


# --- Which column is what ---------------------------------------------------------------------------------

NONE = ""
PART_LIMIT = 40


class ColumnsForm(TaskForm):
    """The columns of a table, as it was found: area, period, numbers with their unit, what they are divided by."""

    submit_label = _("Läs igenom filen")
    # What is proposed comes from the file itself; it is looked through when it is read.
    privacy_warns = False

    def __init__(self, *args: Any, shapes: tuple[table.Shape, ...], name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shapes = shapes
        chosen = self.data.get("sheet") if self.is_bound else None
        self.shape = next((shape for shape in shapes if shape.sheet == chosen), shapes[0])
        proposed = table.propose(self.shape, name=name)
        columns = [
            (str(one.index), one.head or _("Kolumn %(n)d") % {"n": one.index + 1}) for one in self.shape.columns
        ]
        columns = [
            (index, f"{head} ({', '.join(one.samples[:3])})"[:120])
            for (index, head), one in zip(columns, self.shape.columns, strict=True)
        ]
        if len(shapes) > 1:
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Blad"), choices=[(shape.sheet, shape.sheet) for shape in shapes], initial=self.shape.sheet
            )
        self.fields["area_at"] = forms.ChoiceField(
            label=_("Kommun eller område"), choices=columns, initial=str(self.shape.area_at)
        )
        periods = [(NONE, _("Ingen kolumn, hela filen gäller ett år")), *columns]
        at = proposed.period_at if proposed else None
        self.fields["period_at"] = forms.ChoiceField(
            label=_("År eller period"), choices=periods, required=False, initial=NONE if at is None else str(at)
        )
        self.fields["period"] = forms.CharField(
            label=_("Året som hela filen gäller"),
            required=False,
            max_length=10,
            initial=proposed.period if proposed else "",
            help_text=_("Till exempel 2025. Lämna tomt om en kolumn säger det."),
        )
        values = {one.index: one for one in proposed.values} if proposed else {}
        breakdowns = dict(proposed.breakdowns) if proposed else {}
        for one in self.shape.columns[:PART_LIMIT]:
            if one.index == self.shape.area_at:
                continue
            self._column(one, values.get(one.index), one.index in breakdowns)

    def _column(self, column: table.Column, value: table.Values | None, divides: bool) -> None:
        head = column.head or str(_("Kolumn %(n)d") % {"n": column.index + 1})
        uses = [
            ("", _("Läses inte")),
            ("value", _("Siffror")),
            ("breakdown", pgettext_lazy("use of a column", "Uppdelning, till exempel kön")),
        ]
        initial = "value" if value else ("breakdown" if divides else "")
        self.fields[f"use_{column.index}"] = forms.ChoiceField(
            label=_("Kolumnen ”%(head)s”") % {"head": head[:80]}, choices=uses, required=False, initial=initial
        )
        self.fields[f"unit_{column.index}"] = forms.ChoiceField(
            label=_("Enhet för ”%(head)s”") % {"head": head[:80]},
            choices=Unit.choices,
            required=False,
            initial=value.unit if value else Unit.COUNT,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(f"use_{one.index}") == "value" for one in self.shape.columns):
            raise forms.ValidationError(_("Välj minst en kolumn med siffror."))
        proposed = table.propose(self.shape)
        if not cleaned.get("period_at") and not cleaned.get("period"):
            own = {one.index for one in proposed.values if one.period} if proposed else set()
            chosen = {one.index for one in self.shape.columns if cleaned.get(f"use_{one.index}") == "value"}
            if not chosen <= own:
                self.add_error("period", _("Skriv vilket år siffrorna gäller, eller välj en kolumn som säger det."))
        return cleaned

    def mapping(self) -> table.Mapping:
        """The choice, as the importer takes it."""
        cleaned = self.cleaned_data
        proposed = table.propose(self.shape)
        before = {one.index: one for one in proposed.values} if proposed else {}
        heads = {one.index: one.head for one in self.shape.columns}
        values, breakdowns = [], []
        period_at = int(cleaned["period_at"]) if cleaned.get("period_at") else None
        for index, head in heads.items():
            use = cleaned.get(f"use_{index}")
            if use == "value":
                known = before.get(index)
                own = known.period if known and period_at is None and not cleaned.get("period") else ""
                title = (known.title if known and own else head) or f"Kolumn {index + 1}"
                values.append(table.Values(index, title, cleaned.get(f"unit_{index}") or Unit.OTHER, own))
            elif use == "breakdown" and index != period_at:
                breakdowns.append((index, head))
        return table.Mapping(
            first_line=self.shape.first_line,
            area_at=int(cleaned["area_at"]),
            values=tuple(values),
            sheet=self.shape.sheet,
            period_at=period_at,
            part_at=proposed.part_at if proposed and period_at is not None else None,
            period=cleaned.get("period", "").strip() if period_at is None else "",
            breakdowns=tuple(breakdowns),
        )


def words_of(column: surveys.Column) -> str:
    """The question as it was asked; of a grid's row or an option taken alone, with its own words."""
    return f"{column.text}: {column.part}" if column.part else column.text


def code_of(columns: list[surveys.Column]) -> str:
    """The tool's own code; a column taken alone out of several that share one has its place in it too."""
    code, place = columns[0].code, columns[0].index + 1
    if not code:
        return f"q{place}"
    return f"{code}-{place}" if columns[0].part and len(columns) == 1 else code


class QuestionsForm(TaskForm):
    """The columns of a survey's export: which are questions, and by what the answers are divided."""

    submit_label = _("Räkna svaren")
    privacy_warns = False

    def __init__(self, *args: Any, form: surveys.Form, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = form
        self.questions: dict[str, list[surveys.Column]] = {}
        for column in form.columns:
            if not column.is_personal and column.distinct:
                key = f"{column.text}" if column.part else f"{column.text} #{column.index}"
                self.questions.setdefault(key, []).append(column)
        for key, columns in list(self.questions.items()):
            if surveys.is_grid(columns):
                # Every row of a grid is a question with its own scale.
                at = list(self.questions).index(key)
                apart = [(f"{key} #{one.index}", [one]) for one in columns]
                kept = [pair for pair in self.questions.items() if pair[0] != key]
                self.questions = dict([*kept[:at], *apart, *kept[at:]])
        self.fields["year"] = forms.CharField(label=_("År"), max_length=4, help_text=_("Till exempel 2026."))
        groups = [
            (str(columns[0].index), words_of(columns[0])[:100])
            for columns in self.questions.values()
            if len(columns) == 1 and 1 < columns[0].distinct <= 12
        ]
        self.fields["group_by"] = forms.ChoiceField(
            label=_("Dela upp svaren efter"),
            choices=[(NONE, _("Ingenting, bara alla tillsammans")), *groups],
            required=False,
            help_text=_("Grupper med färre än 20 svar visas inte."),
        )
        uses = [
            (NONE, _("Räknas inte")),
            ("single", _("En fråga med ett svar")),
            ("multiple", _("En fråga med flera svar")),
        ]
        for place, columns in enumerate(self.questions.values()):
            several = len(columns) > 1
            self.fields[f"use_{place}"] = forms.ChoiceField(
                label=(columns[0].text if several else words_of(columns[0]))[:200]
                or _("Kolumn %(n)d") % {"n": columns[0].index + 1},
                choices=[uses[0], uses[2]] if several else uses,
                required=False,
                help_text=", ".join(columns[0].values[:5])[:150] if not several else "",
            )

    def clean_year(self) -> str:
        year = self.cleaned_data["year"].strip()
        if not (year.isdigit() and 1990 <= int(year) <= 2100):
            raise forms.ValidationError(_("Skriv ett år med fyra siffror."))
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(f"use_{place}") for place in range(len(self.questions))):
            raise forms.ValidationError(_("Välj minst en fråga att räkna."))
        return cleaned

    def choice(self) -> dict[str, Any]:
        """What surveys.aggregate takes, as JSON."""
        cleaned = self.cleaned_data
        questions = []
        for place, columns in enumerate(self.questions.values()):
            kind = cleaned.get(f"use_{place}")
            if kind:
                one_cell = kind == "multiple" and len(columns) == 1
                splits = surveys.splits_of(self.shape, columns[0]) if one_cell else ""
                questions.append(
                    {
                        "columns": [one.index for one in columns],
                        "code": code_of(columns)[:60],
                        "text": (columns[0].text if len(columns) > 1 else words_of(columns[0]))[:300],
                        "kind": kind,
                        "splits": splits,
                    }
                )
        group = cleaned.get("group_by")
        return {"questions": questions, "group_by": int(group) if group else None, "year": cleaned["year"]}


class IndicatorForm(SeenForm):
    submit_label = _("Spara")

    title = field_of(Indicator, "title")
    title_en = field_of(Indicator, "title_en")
    unit = field_of(Indicator, "unit")
    direction = field_of(Indicator, "direction")
    definition = field_of(Indicator, "definition", rows=4)
    definition_en = field_of(Indicator, "definition_en", rows=4)
    is_public = field_of(Indicator, "is_public")
