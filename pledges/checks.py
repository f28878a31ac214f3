"""What a set still lacks: before it is agreed, signed, published, closed. And hints on what is vague, never a wall.

Plain sentences that say what to do; empty when nothing is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import Prefetch, Sum
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.models import OrganisationKind
from lysekil_trygghet.privacy import scan
from lysekil_trygghet.privacy.kinds import Kind

from . import policies
from .lifecycle import (
    NEEDS_REASON,
    CommitmentKind,
    FollowUpKind,
    FollowUpState,
    OccurrenceState,
    ProposalState,
    SetState,
)
from .models import (
    Commitment,
    CommitmentParty,
    FollowUp,
    OccurrenceCount,
    PausePeriod,
    PledgeSet,
    PriorityArea,
    Signature,
    StatusProposal,
    Unit,
)

# Whose signature is the municipality's.
MUNICIPAL = (OrganisationKind.LEADERSHIP, OrganisationKind.DEPARTMENT)


def in_order(pledge_set: PledgeSet) -> list[Commitment]:
    """The promises of a set with their parties, in the order residents read them."""
    parties = Prefetch("parties", CommitmentParty.objects.select_related("organisation"))
    rows = pledge_set.commitments.select_related("area").prefetch_related(parties)
    return list(rows.order_by("area__order", "order", "number"))


# --- Before it is agreed, signed, published ----------------------------------------------------------------


def missing_in_words(pledge_set: PledgeSet) -> list[str]:
    """What must stand in a draft before either party can say yes to it."""
    missing = []
    areas = list(pledge_set.areas.prefetch_related("problems", "commitments"))
    if not areas:
        missing.append(_("Det finns inget prioriterat område. Skriv minst ett."))
    for area in areas:
        if not area.problems.all():
            missing.append(_("Område %(letter)s bygger inte på något problem. Välj minst ett.") % _letter(area))
        if not area.commitments.all():
            missing.append(_("Område %(letter)s har inget löfte. Skriv ett eller ta bort området.") % _letter(area))
    for commitment in in_order(pledge_set):
        if not policies.leads_of(commitment):
            missing.append(_("Ingen leder löfte %(number)s. Välj minst en.") % _number(commitment))
        start, end = commitment.period_start, commitment.period_end
        early = start is not None and start < pledge_set.period_start
        late = end is not None and end > pledge_set.period_end
        if early or late:
            missing.append(_("Löfte %(number)s har en tid utanför perioden. Ändra tiden.") % _number(commitment))
    return missing


def missing_to_agree(pledge_set: PledgeSet) -> list[str]:
    """What keeps a draft from being agreed, the parties' own yes included."""
    missing = missing_in_words(pledge_set)
    for area in pledge_set.areas.all():
        if not area.is_police_confirmed:
            missing.append(_("Polisen har inte bekräftat område %(letter)s.") % _letter(area))
    for commitment in in_order(pledge_set):
        if policies.names_the_police(commitment) and not commitment.is_police_confirmed:
            missing.append(_("Polisen har inte bekräftat löfte %(number)s.") % _number(commitment))
    if not pledge_set.is_municipality_confirmed:
        missing.append(_("Kommunen har inte bekräftat löftena."))
    if not pledge_set.is_police_confirmed:
        missing.append(_("Polisen har inte bekräftat löftena."))
    return missing


def missing_to_sign(pledge_set: PledgeSet) -> list[str]:
    signed_by = {signature.organisation.kind for signature in _signatures(pledge_set)}
    missing = []
    if not signed_by.intersection(MUNICIPAL):
        missing.append(_("Kommunens underskrift saknas. Lägg till funktion och dag."))
    if OrganisationKind.POLICE not in signed_by:
        missing.append(_("Polisens underskrift saknas. Lägg till funktion och dag."))
    return missing


def _signatures(pledge_set: PledgeSet) -> Iterable[Signature]:
    return pledge_set.signatures.select_related("organisation")


def missing_to_publish(pledge_set: PledgeSet) -> list[str]:
    """What the communicator's own ticks cannot mend."""
    missing = missing_in_words(pledge_set) + missing_to_sign(pledge_set)
    if Kind.IDENTITY_NUMBER in signs_of_persons(pledge_set):
        missing.append(_("Texten innehåller ett personnummer. Ta bort det."))
    return missing


def all_texts(pledge_set: PledgeSet) -> Iterator[str]:
    """Every text residents would read of the set."""
    commitments = list(pledge_set.commitments.all())
    yield from _texts_of([pledge_set], "title", "title_en", "intro", "intro_en")
    yield from _texts_of(pledge_set.areas.all(), "title", "title_en", "why", "why_en")
    yield from _texts_of(pledge_set.signatures.all(), "function_label", "function_label_en")
    yield from _texts_of(
        commitments,
        *("text_as_promised", "text_as_promised_en", "purpose", "purpose_en", "how_we_know", "how_we_know_en"),
        "easy_text",
    )
    yield from _texts_of(CommitmentParty.objects.filter(commitment__pledge_set=pledge_set), "part")
    yield from _texts_of(Unit.objects.filter(commitment__pledge_set=pledge_set), "name", "name_en")
    for commitment in pledge_set.commitments.prefetch_related("links", "figures"):
        yield from _texts_of(commitment.links.all(), "title", "title_en", "url")
        yield from _texts_of(commitment.figures.all(), "label", "label_en", "unit", "unit_en")
    pauses = PausePeriod.objects.filter(rule__commitment__pledge_set=pledge_set)
    yield from _texts_of(pauses, "reason", "reason_en")


def _texts_of(things: Iterable[models.Model], *names: str) -> Iterator[str]:
    for thing in things:
        yield from (text for name in names if (text := getattr(thing, name)))


def signs_of_persons(pledge_set: PledgeSet) -> list[Kind]:
    """The kinds of signs found anywhere in it that a person may be pointed out, the most serious first."""
    found = {finding.kind for text in all_texts(pledge_set) for finding in scan(text)}
    return [kind for kind in Kind if kind in found]


# --- Before a promise is done, and a set closed ---------------------------------------------------------------


def delivered_by_unit(commitments: Iterable[Commitment]) -> dict[int, int]:
    """How many of each unit (by its id) were held; what was cancelled or undone does not count."""
    held = OccurrenceCount.objects.filter(
        occurrence__commitment__in=[c.pk for c in commitments], occurrence__state=OccurrenceState.HELD
    )
    rows = held.order_by().values_list("unit").annotate(total=Sum("count"))
    return dict(rows)


def targets_missed(commitment: Commitment) -> list[tuple[Unit, int]]:
    """Units whose floor is not reached, with how many there were."""
    delivered = delivered_by_unit([commitment])
    return [
        (unit, delivered.get(unit.pk, 0))
        for unit in commitment.units.all()
        if unit.target_min is not None and delivered.get(unit.pk, 0) < unit.target_min
    ]


def missing_to_close(pledge_set: PledgeSet) -> list[str]:
    """What keeps the set from being closed: no promise without a final state, an answer and a follow-up."""
    if pledge_set.state != SetState.CLOSING:
        return [_("Perioden är inte slut, eller så är löftena redan avslutade.")]
    parties = Prefetch("parties", CommitmentParty.objects.select_related("organisation"))
    output = FollowUp.objects.filter(kind=FollowUpKind.OUTPUT, state=FollowUpState.DONE)
    rows = pledge_set.commitments.prefetch_related(
        parties,
        Prefetch("follow_ups", output, to_attr="finished_output"),
        Prefetch("proposals", StatusProposal.objects.filter(state=ProposalState.OPEN), to_attr="waiting"),
    )
    return [line for commitment in rows.order_by("number") for line in _missing_of_answer(commitment)]


def _missing_of_answer(commitment: Commitment) -> Iterator[str]:
    """Expects `finished_output` and `waiting` to be fetched."""
    number = _number(commitment)
    police_led = policies.is_police_led(commitment)
    if not commitment.is_final:
        yield _("Löfte %(number)s har ingen slutlig status.") % number
    elif commitment.delivery_state in NEEDS_REASON and not commitment.delivery_reason.strip():
        yield _("Löfte %(number)s säger inte varför det blev som det blev.") % number
    if not commitment.public_note.strip():
        yield _("Löfte %(number)s har inget svar till invånarna.") % number
    elif police_led and commitment.answer_confirmed_at is None:
        yield _("Polisen har inte bekräftat svaret på löfte %(number)s.") % number
    outputs: list[FollowUp] = commitment.finished_output  # type: ignore[attr-defined]
    if not outputs:
        yield _("Löfte %(number)s har ingen klar uppföljning av vad som gjordes.") % number
    elif police_led and not any(one.is_police_confirmed for one in outputs):
        yield _("Polisen har inte bekräftat uppföljningen av löfte %(number)s.") % number
    if commitment.waiting:  # type: ignore[attr-defined]
        yield _("Ett förslag om löfte %(number)s väntar på Polisens svar.") % number


# --- Hints ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hint:
    """What could be said more sharply; `code` is for tests and icons."""

    code: str
    text: str
    area: PriorityArea | None = None
    commitment: Commitment | None = None


def hints(pledge_set: PledgeSet) -> list[Hint]:
    """What is vague in a set, in its order. Nothing here stops anybody."""
    found: list[Hint] = []
    for area in pledge_set.areas.prefetch_related("problems__findings"):
        if not any(problem.findings.all() for problem in area.problems.all()):
            words = _("Område %(letter)s bygger inte på någon iakttagelse.") % _letter(area)
            found.append(Hint("no_finding", words, area=area))
    parties = Prefetch("parties", CommitmentParty.objects.select_related("organisation"))
    rows = pledge_set.commitments.select_related("rule").prefetch_related(parties, "units")
    for commitment in rows.order_by("area__order", "order", "number"):
        found += _hints_of(commitment)
    return found


def _hints_of(commitment: Commitment) -> Iterator[Hint]:
    number = _number(commitment)
    if not policies.leads_of(commitment):
        yield Hint("no_lead", _("Löfte %(number)s har ingen som leder.") % number, commitment=commitment)
    if not is_measurable(commitment):
        yield Hint("no_target", _("Löfte %(number)s saknar mätbart mål.") % number, commitment=commitment)
    if not commitment.how_we_know.strip():
        words = _("Löfte %(number)s säger inte hur man vet hur det går.") % number
        yield Hint("no_measure", words, commitment=commitment)


def is_measurable(commitment: Commitment) -> bool:
    """Something is counted against a floor, or has a rhythm. What is done once is done or not."""
    if commitment.kind == CommitmentKind.ONE_OFF or hasattr(commitment, "rule"):
        return True
    return any(unit.target_min is not None for unit in commitment.units.all())


def _letter(area: PriorityArea) -> dict[str, str]:
    return {"letter": area.letter}


def _number(commitment: Commitment) -> dict[str, int]:
    return {"number": commitment.number}
