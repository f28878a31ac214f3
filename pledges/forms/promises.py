"""Forms for a promise: its words and parties while it is written, its two axes and its answer while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import DayField
from pledges.lifecycle import PartyRole, Per, Reading
from pledges.models import (
    Amendment,
    Comment,
    Commitment,
    EffectFigure,
    Measure,
    PledgeSet,
    RecurrenceRule,
    RelatedLink,
    StatusProposal,
    Unit,
)
from pledges.operations.commitments import LinkRow, PartyRow, UnitRow
from situation.models import Source

FEWEST_SLOTS = 2


def organisations() -> Any:
    return Organisation.objects.filter(is_active=True).order_by("name")


class OrganisationsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organisation.objects.none(), required=False, **kwargs)


class PromiseFields(TaskForm):
    """A promise with who leads, what is counted, its rhythm and where to read more, on one page."""

    text_as_promised = field_of(Commitment, "text_as_promised", rows=3)
    text_as_promised_en = field_of(Commitment, "text_as_promised_en", rows=3)
    purpose = field_of(Commitment, "purpose", rows=2)
    purpose_en = field_of(Commitment, "purpose_en", rows=2)
    kind = field_of(Commitment, "kind", widget=forms.RadioSelect)
    leads = OrganisationsField(label=_("Leder"), help_text=_("Den som ser till att löftet hålls. Minst en."))
    helpers = OrganisationsField(label=_("Medverkar"))
    how_we_know = field_of(Commitment, "how_we_know", rows=2)
    how_we_know_en = field_of(Commitment, "how_we_know_en", rows=2)
    easy_text = field_of(Commitment, "easy_text", rows=3)
    period_start = DayField(label=_("Egen första dag"), required=False)
    period_end = DayField(label=_("Egen sista dag"), required=False)
    measure = forms.ModelChoiceField(
        Measure.objects.none(), label=_("Åtgärd i planen"), required=False, empty_label=_("Ingen åtgärd")
    )
    internal_note = field_of(Commitment, "internal_note", rows=3, help_text=_("Visas aldrig för invånarna."))
    reading = forms.ChoiceField(
        label=_("Rytm"), choices=[("", _("Ingen bestämd rytm")), *Reading.choices], required=False
    )
    limit = forms.IntegerField(
        label=_("Dagar eller veckor"),
        required=False,
        min_value=1,
        max_value=400,
        help_text=_("Minst varannan vecka är 14 dagar."),
    )
    min_count = forms.IntegerField(label=_("Minst så många gånger"), required=False, min_value=1, max_value=400)
    per = forms.ChoiceField(label=_("Per"), choices=[("", "–"), *Per.choices], required=False)
    active_from = DayField(
        label=_("Rytmen räknas från"), required=False, help_text=_("Tomt: från löftets första dag.")
    )
    active_to = DayField(label=_("Rytmen räknas till"), required=False)

    rhythm = ("reading", "limit", "min_count", "per", "active_from", "active_to")
    not_values = ("leads", "helpers", *rhythm)

    def __init__(self, *args: Any, pledge_set: PledgeSet, commitment: Commitment | None = None, **kwargs: Any) -> None:
        self.pledge_set, self.commitment = pledge_set, commitment
        super().__init__(*args, **kwargs)
        for name in ("leads", "helpers"):
            self.fields[name].queryset = organisations()
        self.fields["measure"].queryset = Measure.objects.select_related("plan")
        units = list(commitment.units.all()) if commitment else []
        links = list(commitment.links.all()) if commitment else []
        self.unit_slots = self._slots("unit", Unit, ("name", "name_en", "target_min"), units)
        self.link_slots = self._slots("link", RelatedLink, ("title", "title_en", "url"), links)

    def _slots(self, word: str, model: Any, names: tuple[str, ...], rows: list[Any]) -> list[list[str]]:
        """Empty lines to fill in: always one more than there are."""
        slots = []
        for at in range(max(len(rows) + 1, FEWEST_SLOTS)):
            slot = []
            for name in names:
                field = field_of(model, name, required=False)
                key = f"{word}_{at}_{name}"
                self.fields[key] = field
                if at < len(rows):
                    self.initial.setdefault(key, getattr(rows[at], name))
                slot.append(key)
            slots.append(slot)
        return slots

    # --- For the page ---

    def _shown(self, names: list[list[str]]) -> list[list[BoundField]]:
        return [[self[name] for name in slot] for slot in names]

    @property
    def unit_fields(self) -> list[list[BoundField]]:
        return self._shown(self.unit_slots)

    @property
    def link_fields(self) -> list[list[BoundField]]:
        return self._shown(self.link_slots)

    @property
    def rhythm_fields(self) -> list[BoundField]:
        return [self[name] for name in self.rhythm]

    @property
    def plain_fields(self) -> Iterator[BoundField]:
        """The fields the class declares, without the folded ones."""
        folded = {*self.rhythm, "seen", "once"}
        return (self[name] for name in self.base_fields if name in self.fields and name not in folded)

    @property
    def own_fields(self) -> list[BoundField]:
        """What the scanner adds when it warns."""
        slots = {name for slot in (*self.unit_slots, *self.link_slots) for name in slot}
        known = {*self.base_fields, *slots}
        return [field for field in self.visible_fields() if field.name not in known]

    # --- What was answered ---

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        both = set(data.get("leads") or []) & set(data.get("helpers") or [])
        if both:
            self.add_error("helpers", _("En part kan inte både leda och medverka. Välj en av dem."))
        for slot in self.unit_slots:
            name, english, target = (data.get(key) for key in slot)
            if (english or target is not None) and not name:
                self.add_error(slot[0], _("Skriv vad som räknas."))
        for slot in self.link_slots:
            title, english, url = (data.get(key) for key in slot)
            if (title or english) and not url:
                self.add_error(slot[2], _("Skriv länkens adress."))
            if url and not title:
                self.add_error(slot[0], _("Skriv en länktext."))
        self._clean_rhythm(data)
        return data

    def _clean_rhythm(self, data: dict[str, Any]) -> None:
        reading = data.get("reading")
        if not reading:
            return
        if reading == Reading.COUNT:
            if not data.get("min_count"):
                self.add_error("min_count", _("Skriv hur många gånger."))
            if not data.get("per"):
                self.add_error("per", _("Välj per vecka, månad, kvartal eller år."))
        elif not data.get("limit"):
            self.add_error("limit", _("Skriv hur många dagar eller veckor."))

    def parties(self) -> list[PartyRow]:
        """Leads first. What a party does is kept from before."""
        parts = {p.organisation_id: p.part for p in self.commitment.parties.all()} if self.commitment else {}
        return [
            (organisation, role, parts.get(organisation.pk, ""))
            for role, name in ((PartyRole.LEAD, "leads"), (PartyRole.CONTRIBUTING, "helpers"))
            for organisation in self.cleaned_data[name]
        ]

    def units(self) -> list[UnitRow]:
        rows = [[self.cleaned_data[key] for key in slot] for slot in self.unit_slots]
        return [UnitRow(name, english, target) for name, english, target in rows if name]

    def links(self) -> list[LinkRow]:
        rows = [[self.cleaned_data[key] for key in slot] for slot in self.link_slots]
        return [LinkRow(title=title, title_en=english, url=url) for title, english, url in rows if url]

    def rule(self) -> dict[str, Any] | None:
        """The rhythm as set_rule takes it; None when there is none."""
        data = self.cleaned_data
        if not data["reading"]:
            return None
        counted = data["reading"] == Reading.COUNT
        first = data["period_start"] or self.pledge_set.period_start
        return {
            "reading": data["reading"],
            "limit": None if counted else data["limit"],
            "min_count": data["min_count"] if counted else None,
            "per": data["per"] if counted else "",
            "active_from": data["active_from"] or first,
            "active_to": data["active_to"],
        }


def rule_initial(rule: RecurrenceRule | None) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in PromiseFields.rhythm} if rule else {}


class NewPromiseForm(OnceForm, PromiseFields):
    submit_label = _("Spara löftet")


class PromiseForm(SeenForm, PromiseFields):
    submit_label = _("Spara löftet")


class KeepForm(SeenForm):
    """What is no promise: still open when the promise stands."""

    submit_label = _("Spara")

    internal_note = field_of(Commitment, "internal_note", rows=4, help_text=_("Visas aldrig för invånarna."))
    measure = forms.ModelChoiceField(
        Measure.objects.none(), label=_("Åtgärd i planen"), required=False, empty_label=_("Ingen åtgärd")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].queryset = Measure.objects.select_related("plan")


# --- While it runs ----------------------------------------------------------------------------------------


class InWriting(TaskForm):
    """Two more fields when the coordinator writes for the Police: which document, of which day."""

    def __init__(self, *args: Any, in_writing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if in_writing:
            self.fields["document"] = forms.CharField(
                label=_("Polisens handling"),
                max_length=200,
                help_text=_("Polisen säger själva hur det går. Skriv i vilken handling de har gjort det."),
            )
            self.fields["document_on"] = DayField(label=_("Handlingens dag"))

    def document(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("document", "document_on") if name in self.cleaned_data}


class DeliveryForm(InWriting, SeenForm):
    submit_label = _("Spara")

    to = forms.ChoiceField(
        label=_("Genomförande"), choices=StatusProposal._meta.get_field("delivery").choices, widget=forms.RadioSelect
    )
    reason = field_of(
        Commitment,
        "delivery_reason",
        rows=3,
        required=False,
        label=_("Varför"),
        help_text=_("Behövs när löftet inte är genomfört som det lovades. Invånarna läser texten."),
    )
    reason_en = field_of(Commitment, "delivery_reason_en", rows=3, required=False, label=_("Varför, på engelska"))


class GoalForm(InWriting, SeenForm):
    submit_label = _("Spara")

    to = forms.ChoiceField(label=_("Mål"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [choice for choice in StatusProposal._meta.get_field("goal").choices if choice[0]]
        self.fields["to"].choices = [*choices, ("", _("Inte bedömt"))]


class AnswerForm(InWriting, SeenForm):
    submit_label = _("Spara svaret")

    public_note = field_of(
        Commitment,
        "public_note",
        rows=6,
        required=True,
        help_text=_("Vad blev gjort, hur många gånger, och hur gick det? Invånarna läser svaret."),
    )
    public_note_en = field_of(Commitment, "public_note_en", rows=6)


class ProposalForm(OnceForm):
    submit_label = _("Skicka förslaget till Polisen")

    delivery = field_of(StatusProposal, "delivery", widget=forms.RadioSelect)
    goal = field_of(StatusProposal, "goal")
    reason = field_of(StatusProposal, "reason", rows=3)
    public_note = field_of(StatusProposal, "public_note", rows=5)
    public_note_en = field_of(StatusProposal, "public_note_en", rows=5)


class DeclineForm(SeenForm):
    submit_label = _("Avböj förslaget")

    reason = forms.CharField(label=_("Vad stämmer inte"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))


class AmendForm(InWriting, OnceForm):
    submit_label = _("Ändra löftet")

    new_text = field_of(Amendment, "new_text", rows=4)
    new_text_en = field_of(Amendment, "new_text_en", rows=4)
    reason = field_of(Amendment, "reason", rows=3, help_text=_("Invånarna läser båda lydelserna och varför."))
    reason_en = field_of(Amendment, "reason_en", rows=3)
    decided_on = DayField(label=_("Beslutad"))


class FigureFields(TaskForm):
    label = field_of(EffectFigure, "label")
    label_en = field_of(EffectFigure, "label_en")
    unit = field_of(EffectFigure, "unit")
    unit_en = field_of(EffectFigure, "unit_en")
    baseline_value = field_of(EffectFigure, "baseline_value", localize=True)
    baseline_period = field_of(EffectFigure, "baseline_period", help_text=_("Till exempel 2017 eller våren 2018."))
    value = field_of(EffectFigure, "value", localize=True)
    value_period = field_of(EffectFigure, "value_period")
    source = forms.ModelChoiceField(Source.objects.none(), label=_("Underlag"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Source.objects.all()


class NewFigureForm(OnceForm, FigureFields):
    submit_label = _("Spara siffran")


class FigureForm(SeenForm, FigureFields):
    submit_label = _("Spara siffran")


class CommentForm(OnceForm):
    submit_label = _("Skicka")

    text = field_of(Comment, "text", rows=3, help_text=_("Bara för dem som arbetar med löftet."))


class SendBackForm(SeenForm):
    submit_label = _("Skicka tillbaka")

    text = field_of(Comment, "text", rows=4, label=_("Vad ska ändras"))
