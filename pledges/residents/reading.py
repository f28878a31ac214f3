"""What is fetched for residents' pages of promises: published sets with what may be shown, in a fixed number of
queries however many promises there are.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from lysekil_trygghet.accounts.models import OrganisationKind
from pledges.lifecycle import FollowUpState, OccurrenceState, PartyRole
from pledges.models import (
    Amendment,
    Commitment,
    CommitmentParty,
    EffectFigure,
    Feedback,
    FollowUp,
    Occurrence,
    PledgeSet,
    PriorityArea,
    Prolongation,
    Signature,
)
from situation.models import Finding, Problem, SituationPicture, Source

# What is told of the same promise in another set.
KIN = ("carried_from", "pledge_set__slug", "pledge_set__title", "pledge_set__title_en")


def published_sets() -> QuerySet[PledgeSet]:
    """The current set first, then the earlier ones."""
    return PledgeSet.objects.published().order_by("-period_start", "-pk")


def shown_feedback() -> QuerySet[Feedback]:
    """What residents said and what was done; about the Police, or a promise they lead, what they have confirmed."""
    police_led = CommitmentParty.objects.filter(
        commitment=OuterRef("commitment"), role=PartyRole.LEAD, organisation__kind=OrganisationKind.POLICE
    )
    return (
        Feedback.objects.published()
        .exclude(Q(about_police=True) | Exists(police_led), police_confirmed_at=None)
        .select_related("source", "commitment__pledge_set", "pledge_set")
    )


def shown_problems() -> QuerySet[Problem]:
    return Problem.objects.filter(is_public=True, picture__in=SituationPicture.objects.published())


def with_promises(sets: QuerySet[PledgeSet]) -> QuerySet[PledgeSet]:
    """Sets with their areas, problems, promises, parties, units and amendments."""
    promises = Commitment.objects.order_by("order", "number").prefetch_related(
        Prefetch("parties", CommitmentParty.objects.select_related("organisation")),
        "units",
        "amendments",
    )
    areas = PriorityArea.objects.order_by("order", "pk").prefetch_related(
        Prefetch("problems", shown_problems().select_related("picture"), to_attr="shown_problems"),
        Prefetch("commitments", promises, to_attr="shown_promises"),
    )
    return sets.select_related("picture", "previous").prefetch_related(
        Prefetch("areas", areas, to_attr="shown_areas"),
        Prefetch("signatures", Signature.objects.select_related("organisation")),
        Prefetch("prolongations", Prolongation.objects.order_by("decided_at", "pk")),
    )


def shown_follow_ups() -> QuerySet[FollowUp]:
    """What is done of them. What the Police have not confirmed is not shown where they lead (`may_show`)."""
    return FollowUp.objects.filter(state=FollowUpState.DONE, is_public=True).order_by("period_end", "pk")


def with_answers(promises: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Promises with their follow-ups and amendments, for the report on a whole set."""
    return promises.prefetch_related(
        Prefetch("parties", CommitmentParty.objects.select_related("organisation")),
        Prefetch("amendments", Amendment.objects.order_by("made_at", "pk")),
        Prefetch("follow_ups", shown_follow_ups(), to_attr="shown_follow_ups"),
    )


def with_everything(promises: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Promises with all of the red thread: sources, findings, problems; what was done, how it went."""
    sources = Source.objects.filter(is_public=True).select_related("organisation")
    findings = Finding.objects.filter(is_public=True).prefetch_related(
        Prefetch("sources", sources, to_attr="shown_sources")
    )
    problems = (
        shown_problems()
        .select_related("picture")
        .prefetch_related(Prefetch("findings", findings, to_attr="shown_findings"))
    )
    done = (
        Occurrence.objects.exclude(state=OccurrenceState.UNDONE)
        .select_related("area", "organisation")
        .prefetch_related("counts__unit")
        .order_by("-date", "-pk")
    )
    heirs = Commitment.objects.published().order_by("pk").select_related("pledge_set")
    return promises.select_related("pledge_set", "rule", "area").prefetch_related(
        "rule__pauses",
        "carried_from__pledge_set",
        Prefetch("area__problems", problems, to_attr="shown_problems"),
        Prefetch("parties", CommitmentParty.objects.select_related("organisation")),
        "units",
        "links",
        Prefetch("amendments", Amendment.objects.order_by("made_at", "pk")),
        Prefetch("figures", EffectFigure.objects.select_related("source")),
        Prefetch("follow_ups", shown_follow_ups(), to_attr="shown_follow_ups"),
        Prefetch("occurrences", done, to_attr="shown_occurrences"),
        # Each knows its promise, and so its set.
        Prefetch("feedback", shown_feedback().select_related(None).select_related("source"), to_attr="shown_feedback"),
        Prefetch("carried_to", heirs.only("number", *KIN), to_attr="shown_heirs"),
    )


def is_police_led(promise: Any) -> bool:
    """Uses the prefetched parties."""
    return any(party.role == "LEAD" and party.organisation.is_police for party in promise.parties.all())


def may_show(thing: FollowUp, *, police_led: bool) -> bool:
    return not police_led or thing.is_police_confirmed
