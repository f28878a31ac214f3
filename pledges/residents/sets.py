"""A set of promises as residents read it: what is promised, who leads, how it goes, how it went."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lysekil_trygghet.publishing.languages import Reader, Text
from lysekil_trygghet.ui.badges import Badge
from pledges import words
from pledges.doses import doses_of
from pledges.lifecycle import SETS_RUNNING, Delivery, Goal, PartyRole, SetState
from pledges.models import Commitment, PledgeSet, PriorityArea
from pledges.topics import area_topic

from .doses import DoseShown, dose_shown
from .reading import is_police_led, published_sets, shown_feedback, with_promises

NEWS_SHOWN = 8

# --- In lists -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SetCard:
    title: Text
    badge: Badge
    slug: str
    url: str
    period_start: dt.date
    period_end: dt.date
    # Åtta löften. Tre är genomförda.
    counts: str
    is_current: bool


def set_cards(*, read: Reader, today: dt.date) -> list[SetCard]:
    """The sets that run first, the newest first, then what has been closed."""
    sets = list(published_sets())
    states = _states(sets)
    cards = [_card(one, states=states.get(one.pk, Counter()), read=read, today=today) for one in sets]
    return sorted(cards, key=lambda card: not card.is_current)


def current_set_card(*, read: Reader, today: dt.date) -> SetCard | None:
    """The newest set that runs."""
    pledge_set = published_sets().filter(state__in=SETS_RUNNING).first()
    if pledge_set is None:
        return None
    states = _states([pledge_set])
    return _card(pledge_set, states=states.get(pledge_set.pk, Counter()), read=read, today=today)


def _states(sets: Iterable[PledgeSet]) -> dict[int, Counter[str]]:
    """How many promises of each set stand where: counted by the database, however many there are."""
    rows = Commitment.objects.filter(pledge_set__in=list(sets)).order_by()
    found: dict[int, Counter[str]] = {}
    for row in rows.values("pledge_set", "delivery_state").annotate(number=Count("pk")):
        found.setdefault(row["pledge_set"], Counter())[row["delivery_state"]] = row["number"]
    return found


def _card(pledge_set: Any, *, states: Counter[str], read: Reader, today: dt.date) -> SetCard:
    return SetCard(
        title=read.in_language(pledge_set, "title"),
        badge=words.set_badge(pledge_set, today=today),
        slug=pledge_set.slug,
        url=pledge_set.public_url,
        period_start=pledge_set.period_start,
        period_end=pledge_set.period_end,
        counts=promised_and_done(states),
        is_current=pledge_set.is_running,
    )


def promised_and_done(states: Counter[str]) -> str:
    """8 löften. 3 är genomförda. 2 blev inte av."""
    total = sum(states.values())
    if not total:
        return ""
    sentences = [ngettext("%(number)s löfte.", "%(number)s löften.", total) % {"number": total}]
    told = (
        (Delivery.DONE, lambda n: ngettext("%(n)s är genomfört.", "%(n)s är genomförda.", n)),
        (Delivery.PARTLY_DONE, lambda n: ngettext("%(n)s är delvis genomfört.", "%(n)s är delvis genomförda.", n)),
        (Delivery.NOT_DONE, lambda n: _("%(n)s blev inte av.")),
        (Delivery.ONGOING, lambda n: _("%(n)s pågår.")),
        (Delivery.PLANNED, lambda n: ngettext("%(n)s är planerat.", "%(n)s är planerade.", n)),
        (Delivery.PAUSED, lambda n: ngettext("%(n)s är pausat.", "%(n)s är pausade.", n)),
        (Delivery.WITHDRAWN, lambda n: _("%(n)s utgår.")),
        (Delivery.CARRIED_OVER, lambda n: _("%(n)s förs vidare.")),
    )
    sentences += [sentence(states[state]) % {"n": states[state]} for state, sentence in told if states[state]]
    return " ".join(sentences)


# --- One set --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartyShown:
    name: Text
    # What this party does, where one promise has several doers.
    part: Text
    # Where its own part stands; None when it leads alone, for then the promise says it.
    badge: Badge | None


@dataclass(frozen=True)
class PromiseShown:
    number: int
    place: str
    text: Text
    is_amended: bool
    url: str
    delivery: Badge
    goal: Badge | None
    leads: list[PartyShown]
    helpers: list[Text]
    dose: DoseShown
    # Why it was not delivered as promised; empty where it was.
    reason: Text
    answer: Text


@dataclass(frozen=True)
class ProblemLink:
    title: Text
    url: str


@dataclass(frozen=True)
class PromiseLink:
    """A promise on another page, such as the problem it was built on."""

    text: Text
    delivery: Badge
    set_title: Text
    url: str


@dataclass(frozen=True)
class AreaShown:
    letter: str
    place: str
    # The name under which it is followed by mail; empty when nothing more comes.
    topic: str
    title: Text
    why: Text
    problems: list[ProblemLink]
    promises: list[PromiseShown]


@dataclass(frozen=True)
class SignatureShown:
    function: Text
    organisation: Text
    on: dt.date


@dataclass(frozen=True)
class ProlongationShown:
    old_end: dt.date
    new_end: dt.date
    reason: Text


@dataclass(frozen=True)
class FeedbackShown:
    said: Text
    did: Text
    when: Text
    source: Text
    url: str


@dataclass(frozen=True)
class NewsLink:
    title: Text
    url: str
    at: dt.datetime


@dataclass(frozen=True)
class SetShown:
    card: SetCard
    intro: Text
    areas: list[AreaShown]
    signatures: list[SignatureShown]
    prolongations: list[ProlongationShown]
    picture_title: Text
    picture_url: str
    previous_title: Text
    previous_url: str
    next_title: Text
    next_url: str
    closing_text: Text
    closed_on: dt.date | None
    withdrawn_reason: Text
    feedback: list[FeedbackShown]
    news: list[NewsLink]
    updated_at: dt.datetime | None

    @property
    def promises(self) -> list[PromiseShown]:
        return [promise for area in self.areas for promise in area.promises]


def set_shown(slug: str, *, read: Reader, today: dt.date) -> SetShown | None:
    """The set at this address with all of its promises; None when residents may not read one there."""
    found = with_promises(published_sets().filter(slug=slug)).first()
    return _set(found, read=read, today=today) if found is not None else None


def set_preview(pledge_set: PledgeSet, *, read: Reader, today: dt.date) -> SetShown:
    """A set as residents would read it, whatever its state."""
    return _set(with_promises(PledgeSet.objects.filter(pk=pledge_set.pk)).get(), read=read, today=today)


def _set(pledge_set: Any, *, read: Reader, today: dt.date) -> SetShown:
    doses = doses_of([promise for area in pledge_set.shown_areas for promise in area.shown_promises], as_of=today)
    picture = pledge_set.picture if pledge_set.picture and pledge_set.picture.is_public else None
    previous = pledge_set.previous if pledge_set.previous and pledge_set.previous.is_public else None
    heir = published_sets().filter(previous=pledge_set).first()
    nothing = read.name("")
    closed = pledge_set.state == SetState.CLOSED
    return SetShown(
        card=_card(
            pledge_set,
            states=Counter(
                promise.delivery_state for area in pledge_set.shown_areas for promise in area.shown_promises
            ),
            read=read,
            today=today,
        ),
        intro=read.in_language(pledge_set, "intro"),
        areas=[
            _area(area, doses=doses, pledge_set=pledge_set, read=read, today=today) for area in pledge_set.shown_areas
        ],
        signatures=[
            SignatureShown(read.in_language(one, "function_label"), read.name(one.organisation.name), one.signed_on)
            for one in pledge_set.signatures.all()
        ],
        prolongations=[
            ProlongationShown(one.old_end, one.new_end, read.in_language(one, "reason"))
            for one in pledge_set.prolongations.all()
        ],
        picture_title=read.in_language(picture, "title") if picture else nothing,
        picture_url=picture.public_url if picture else "",
        previous_title=read.in_language(previous, "title") if previous else nothing,
        previous_url=previous.public_url if previous else "",
        next_title=read.in_language(heir, "title") if heir else nothing,
        next_url=heir.public_url if heir else "",
        closing_text=read.in_language(pledge_set, "closing_text") if closed else nothing,
        closed_on=pledge_set.closed_at.date() if closed and pledge_set.closed_at else None,
        withdrawn_reason=read.in_language(pledge_set, "withdrawn_reason")
        if pledge_set.state == SetState.WITHDRAWN
        else nothing,
        feedback=[feedback_row(row, read=read) for row in shown_feedback().filter(pledge_set=pledge_set)],
        # The news' own room hangs them on the set.
        news=[
            NewsLink(read.in_language(row, "title"), row.public_url, row.published_at)
            for row in pledge_set.updates.published().order_by("-published_at", "-pk")[:NEWS_SHOWN]
        ],
        updated_at=max((moment for moment in _moments(pledge_set) if moment is not None), default=None),
    )


def _moments(pledge_set: Any) -> list[dt.datetime | None]:
    """When something that the set's page shows came about."""
    promises = [promise for area in pledge_set.shown_areas for promise in area.shown_promises]
    return [
        pledge_set.published_at,
        pledge_set.closed_at,
        *(row.decided_at for row in pledge_set.prolongations.all()),
        *(row.made_at for promise in promises for row in promise.amendments.all()),
    ]


def _area(area: Any, *, doses: Mapping[int, Any], pledge_set: PledgeSet, read: Reader, today: dt.date) -> AreaShown:
    return AreaShown(
        letter=area.letter,
        place=f"omrade-{area.pk}",
        topic=area_topic(area.pk) if pledge_set.is_running else "",
        title=read.in_language(area, "title"),
        why=read.in_language(area, "why"),
        problems=[problem_link(problem, read=read) for problem in area.shown_problems],
        promises=[
            promise_shown(promise, pledge_set=pledge_set, dose=doses[promise.pk], read=read, today=today)
            for promise in area.shown_promises
        ],
    )


def problem_link(problem: Any, *, read: Reader) -> ProblemLink:
    return ProblemLink(read.in_language(problem, "title"), f"{problem.picture.public_url}#problem-{problem.pk}")


def promise_links(problems: Iterable[int], *, read: Reader) -> dict[int, list[PromiseLink]]:
    """The published promises on each of these problems (keys), the newest set first; two queries."""
    built_on = PriorityArea.problems.through.objects.filter(problem__in=list(problems))
    links: dict[int, list[PromiseLink]] = {}
    promises = (
        Commitment.objects.published()
        .filter(area__in=built_on.values("priorityarea"))
        .select_related("pledge_set")
        .prefetch_related("amendments")
        .order_by("-pledge_set__period_start", "pledge_set", "order", "number")
    )
    by_area: dict[int, list[Commitment]] = {}
    for promise in promises:
        by_area.setdefault(promise.area_id, []).append(promise)
    for area, problem in built_on.order_by("pk").values_list("priorityarea", "problem") if by_area else ():
        links.setdefault(problem, []).extend(_promise_link(promise, read=read) for promise in by_area.get(area, ()))
    return links


def _promise_link(promise: Commitment, *, read: Reader) -> PromiseLink:
    return PromiseLink(
        text=promise_text(promise, read=read),
        delivery=words.delivery_badge(promise.delivery_state),
        set_title=read.in_language(promise.pledge_set, "title"),
        url=promise.public_url,
    )


def promise_text(promise: Any, *, read: Reader) -> Text:
    """The words that hold: as promised, or as last amended. Uses the prefetched amendments."""
    amendments = list(promise.amendments.all())
    if amendments:
        return read.in_language(amendments[-1], "new_text")
    return read.in_language(promise, "text_as_promised")


def promise_shown(promise: Any, *, pledge_set: PledgeSet, dose: Any, read: Reader, today: dt.date) -> PromiseShown:
    parties = list(promise.parties.all())
    leads = [party for party in parties if party.role == PartyRole.LEAD]
    answered = not is_police_led(promise) or promise.answer_confirmed_at is not None
    nothing = read.name("")
    return PromiseShown(
        number=promise.number,
        place=f"lofte-{promise.number}",
        text=promise_text(promise, read=read),
        is_amended=bool(promise.amendments.all()),
        url=reverse("pledges_public:commitment", args=[pledge_set.slug, promise.number]),
        delivery=words.delivery_badge(promise.delivery_state),
        goal=words.goal_badge(promise.goal_state),
        leads=[
            PartyShown(
                read.name(party.organisation.name),
                read.name(party.part),
                words.delivery_badge(party.delivery_state) if len(leads) > 1 else None,
            )
            for party in leads
        ],
        helpers=[read.name(party.organisation.name) for party in parties if party.role != PartyRole.LEAD],
        dose=dose_shown(dose, read=read, today=today),
        reason=read.in_language(promise, "delivery_reason"),
        answer=read.in_language(promise, "public_note") if answered else nothing,
    )


def feedback_row(row: Any, *, read: Reader) -> FeedbackShown:
    promise = row.commitment
    shown = promise is not None and promise.pledge_set.is_public
    source = row.source if row.source and row.source.is_public else None
    return FeedbackShown(
        said=read.in_language(row, "said"),
        did=read.in_language(row, "did"),
        when=read.in_language(row, "when"),
        source=read.in_language(source, "title") if source else read.name(""),
        url=promise.public_url if shown else "",
    )


def all_feedback(*, read: Reader) -> list[FeedbackShown]:
    """What residents said and what was done, the newest first."""
    return [feedback_row(row, read=read) for row in shown_feedback()]


def goal_counts(promises: Iterable[PromiseShown]) -> list[tuple[Badge, int]]:
    """How many promises of each goal word, for the closing report; in the order of the words."""
    seen = Counter(str(promise.goal.label) for promise in promises if promise.goal)
    badges = [words.goal_badge(goal) for goal in Goal.values]
    return [(badge, seen[str(badge.label)]) for badge in badges if badge and seen[str(badge.label)]]


def delivery_counts(promises: Iterable[PromiseShown]) -> list[tuple[Badge, int]]:
    seen = Counter(str(promise.delivery.label) for promise in promises)
    badges = [words.delivery_badge(state) for state in Delivery.values]
    return [(badge, seen[str(badge.label)]) for badge in badges if seen[str(badge.label)]]
