"""Questions over several models, answered with the same number of queries for 1 row and for 300."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import OrganisationKind
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.history.queries import timeline_of

from .checks import Hint as Hint
from .checks import hints as hints
from .checks import missing_to_agree as missing_to_agree
from .checks import missing_to_close as missing_to_close
from .checks import missing_to_publish as missing_to_publish
from .checks import missing_to_sign as missing_to_sign
from .checks import signs_of_persons as signs_of_persons
from .doses import Dose as Dose
from .doses import dose_of as dose_of
from .doses import doses_of as doses_of
from .lifecycle import FINAL, SETS_RUNNING, Delivery, FeedbackState, FollowUpState, PartyRole, ProposalState, SetState
from .models import (
    Amendment,
    Commitment,
    CommitmentParty,
    Feedback,
    FollowUp,
    PledgeSet,
    PriorityArea,
    StatusProposal,
)
from .thread import RedThread as RedThread
from .thread import red_thread as red_thread

# --- What was promised, as it reads today -----------------------------------------------------------------


@dataclass(frozen=True)
class Wording:
    """The words that hold, in both languages, and the amendment they come from, if any."""

    text: str
    text_en: str
    amendment: Amendment | None = None

    def __str__(self) -> str:
        return self.text


def current_wording(commitment: Commitment) -> Wording:
    """The newest amendment's words, else those promised. Uses `amendments` if they were prefetched."""
    amendments = list(commitment.amendments.all())
    if not amendments:
        return Wording(commitment.text_as_promised, commitment.text_as_promised_en)
    newest = amendments[-1]
    return Wording(newest.new_text, newest.new_text_en, newest)


# --- How a set stands ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SetProgress:
    """How many promises of a set stand where."""

    total: int = 0
    final: int = 0
    answered: int = 0
    # Each delivery state that occurs, in the order of the lifecycle.
    by_delivery: dict[Delivery, int] = field(default_factory=dict)

    @property
    def open(self) -> int:
        return self.total - self.final

    @property
    def done(self) -> int:
        return self.by_delivery.get(Delivery.DONE, 0)


def progress_of_sets(pledge_sets: Iterable[PledgeSet]) -> dict[int, SetProgress]:
    """By the set's id, in one query however many sets."""
    ids = [pledge_set.pk for pledge_set in pledge_sets]
    answered = Count("pk", filter=~Q(public_note=""))
    rows = (
        Commitment.objects.filter(pledge_set__in=ids)
        .order_by()
        .values("pledge_set", "delivery_state")
        .annotate(total=Count("pk"), answered=answered)
    )
    counts: dict[int, Counter[str]] = {pk: Counter() for pk in ids}
    notes: Counter[int] = Counter()
    for row in rows:
        counts[row["pledge_set"]][row["delivery_state"]] = row["total"]
        notes[row["pledge_set"]] += row["answered"]
    return {
        pk: SetProgress(
            total=count.total(),
            final=sum(count[state] for state in FINAL),
            answered=notes[pk],
            by_delivery={state: count[state] for state in Delivery if count[state]},
        )
        for pk, count in counts.items()
    }


def progress_of(pledge_set: PledgeSet) -> SetProgress:
    return progress_of_sets([pledge_set])[pledge_set.pk]


def sets_in_list(actor: Actor) -> QuerySet[PledgeSet]:
    """What the actor may see, the newest period first."""
    return PledgeSet.objects.visible_to(actor).select_related("previous", "picture")


def current_set(*, today: dt.date) -> PledgeSet | None:
    """The set residents meet first: the one that runs, else the last that was published."""
    shown = PledgeSet.objects.published()
    running = shown.filter(state__in=SETS_RUNNING, period_start__lte=today).order_by("-period_start", "-pk")
    return running.first() or shown.exclude(state=SetState.WITHDRAWN).order_by("-period_start", "-pk").first()


def past_end_with_open(actor: Actor, *, today: dt.date) -> QuerySet[PledgeSet]:
    """Sets whose promised time has run out while something is not finally answered for, with `open_count`."""
    late = PledgeSet.objects.visible_to(actor).filter(state__in=SETS_RUNNING, period_end__lt=today)
    unfinished = Count("commitments", filter=~Q(commitments__delivery_state__in=FINAL))
    return late.annotate(open_count=unfinished).filter(open_count__gt=0).order_by("period_end", "pk")


def ending_soon(actor: Actor, *, today: dt.date, days: int = 90) -> QuerySet[PledgeSet]:
    """Sets that run and whose last day comes within `days`."""
    rows = PledgeSet.objects.visible_to(actor).filter(
        state=SetState.PUBLISHED, period_end__gte=today, period_end__lte=today + dt.timedelta(days=days)
    )
    return rows.order_by("period_end", "pk")


# --- The promises of a set --------------------------------------------------------------------------------------


def with_parts(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """All that a card of a promise shows, in a fixed number of queries."""
    return rows.select_related("pledge_set", "area", "rule").prefetch_related(
        Prefetch("parties", CommitmentParty.objects.select_related("organisation")), "units", "amendments"
    )


def commitments_of(pledge_set: PledgeSet) -> list[Commitment]:
    """In the order residents read them, with all that their cards show."""
    rows = Commitment.objects.filter(pledge_set=pledge_set).order_by("area__order", "order", "number")
    return list(with_parts(rows))


def areas_of(pledge_set: PledgeSet) -> list[PriorityArea]:
    """The areas with their problems and, as `shown_commitments`, their promises."""
    rows = with_parts(Commitment.objects.order_by("order", "number"))
    areas = pledge_set.areas.prefetch_related("problems", Prefetch("commitments", rows, to_attr="shown_commitments"))
    return list(areas.order_by("order", "pk"))


def led_by(actor: Actor) -> QuerySet[Commitment]:
    """Promises that run and that the actor's organisations lead; for the Police those of the Police."""
    rows = Commitment.objects.visible_to(actor).filter(pledge_set__state__in=SETS_RUNNING)
    mine = CommitmentParty.objects.filter(commitment=OuterRef("pk"), role=PartyRole.LEAD)
    if actor.is_police:
        mine = mine.filter(organisation__kind=OrganisationKind.POLICE)
    else:
        mine = mine.filter(organisation__in=actor.organisation_ids)
    return rows.filter(Exists(mine)).select_related("pledge_set", "area").order_by("pledge_set", "number")


def history_of(commitment: Commitment) -> QuerySet[Event]:
    """All acts on a promise and what belongs to it, oldest first."""
    return timeline_of(
        commitment,
        commitment.parties.all(),
        commitment.occurrences.all(),
        commitment.follow_ups.all(),
        commitment.proposals.all(),
        commitment.figures.all(),
    )


# --- What waits for the Police ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class WaitingForPolice:
    """What lies with the Police, oldest set first."""

    sets: Sequence[PledgeSet] = ()
    areas: Sequence[PriorityArea] = ()
    commitments: Sequence[Commitment] = ()
    answers: Sequence[Commitment] = ()
    proposals: Sequence[StatusProposal] = ()
    follow_ups: Sequence[FollowUp] = ()
    feedback: Sequence[Feedback] = ()

    @property
    def count(self) -> int:
        return sum(len(getattr(self, one.name)) for one in fields(self))


def waiting_for_police() -> WaitingForPolice:
    """Wordings of opened drafts, answers nobody of the Police stands behind, proposals. What was sent back and is
    not rewritten yet waits for the municipality, not here."""
    drafts = PledgeSet.objects.filter(state=SetState.DRAFT, opened_to_police_at__isnull=False)
    police = Exists(
        CommitmentParty.objects.filter(commitment=OuterRef("pk"), organisation__kind=OrganisationKind.POLICE)
    )
    police_led = Exists(
        CommitmentParty.objects.filter(
            commitment=OuterRef("pk"), organisation__kind=OrganisationKind.POLICE, role=PartyRole.LEAD
        )
    )
    words = {"pledge_set__in": drafts, "police_confirmed_at": None, "sent_back_at": None}
    commitments = Commitment.objects.select_related("pledge_set", "area")
    proposals = StatusProposal.objects.filter(state=ProposalState.OPEN, commitment__pledge_set__state__in=SETS_RUNNING)
    answers = commitments.filter(police_led, pledge_set__state__in=SETS_RUNNING, answer_confirmed_at=None)
    return WaitingForPolice(
        sets=list(drafts.filter(police_confirmed_at=None).order_by("period_start", "pk")),
        areas=list(PriorityArea.objects.filter(**words).select_related("pledge_set").order_by("pledge_set", "order")),
        commitments=list(commitments.filter(police, **words).order_by("pledge_set", "number")),
        answers=list(answers.exclude(public_note="").order_by("pledge_set", "number")),
        proposals=list(proposals.select_related("commitment__pledge_set").order_by("proposed_at", "pk")),
        follow_ups=_follow_ups_waiting(),
        feedback=_feedback_waiting(),
    )


def _follow_ups_waiting() -> list[FollowUp]:
    """Done, of a promise the Police lead, and nobody of the Police stands behind them."""
    done = FollowUp.objects.filter(
        state=FollowUpState.DONE,
        police_confirmed_at=None,
        commitment__pledge_set__state__in=SETS_RUNNING,
        commitment__in=Commitment.objects.led_by_police(),
    )
    return list(done.select_related("commitment__pledge_set").order_by("pk"))


def _feedback_waiting() -> list[Feedback]:
    """What is said about the Police and is not out."""
    about = Q(about_police=True) | Q(commitment__in=Commitment.objects.led_by_police())
    waiting = Feedback.objects.filter(about, police_confirmed_at=None).exclude(state=FeedbackState.PUBLISHED)
    return list(waiting.order_by("pk"))
