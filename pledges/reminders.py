"""Who is due to be told what of the promises, given `now`. The ledger of notifications makes each answer once.

A lead who is asked how it goes is told so at once; the other steps are data (notifications/ladders.py, docs/rules.md).
A moved day begins a new ladder. Of steps that were missed while nothing ran, only the newest is sent. Mails name
promises by number and period, never by what somebody wrote.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as in_words
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lysekil_trygghet.accounts.models import OrganisationKind
from lysekil_trygghet.accounts.recipients import People, Recipient
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.notifications import ladders
from lysekil_trygghet.notifications.ladders import Audience, Example, LadderKind, Rules, Rung
from lysekil_trygghet.notifications.operations import Due

from . import deadlines
from .lifecycle import (
    FINAL,
    SETS_RUNNING,
    ObservationState,
    PartyRole,
    ProposalState,
    RequestState,
    SetState,
)
from .models import (
    Commitment,
    CommitmentParty,
    Feedback,
    FollowUp,
    PledgeSet,
    PriorityArea,
    ProgressRequest,
    StatusProposal,
    WalkObservation,
)
from .operations import follow_ups, progress, proposals, walks
from .queries import waiting_for_police

# What happened longer ago than this is told no more: its message was made when it happened.
LOOK_BACK = dt.timedelta(days=7)
# Acts after which the Police have other words before them than they had.
REWRITTEN = (
    *("created", "changed", "parties_set", "units_set", "rhythm_set", "rhythm_removed", "answer_written"),
    *("pause_added", "pause_removed", "police_confirmation_cleared"),
)


@dataclass(frozen=True)
class Step:
    """One thing to tell: the same for whoever is told."""

    step: str
    moment: dt.datetime
    subject: str
    heading: str
    title: str
    path: str
    # What makes it another telling than the one before: a day, a ladder.
    told: tuple[dt.date, ...] = ()
    due_at: dt.datetime | None = None
    # A step of a ladder is told once whenever it stands; other things are told once for each moment.
    ladder: str = ""

    def to(self, recipients: Iterable[Recipient]) -> Iterator[Due]:
        days = ":".join(day.isoformat() for day in (self.told if self.ladder else (*self.told, self.moment)))
        for recipient in dict.fromkeys(recipients):
            yield Due(
                key=f"{self.subject}:{self.step}:{days}:{recipient.key}",
                subject=self.subject,
                step=self.step,
                moment=self.moment,
                user_id=recipient.user_id,
                address=recipient.address,
                heading=self.heading,
                number="",
                title=self.title,
                due_at=self.due_at,
                path=self.path,
                ladder=self.ladder,
            )


def plan(*, now: dt.datetime, until: dt.datetime | None = None) -> Iterator[Due]:
    """Everything that somebody should have been told by `now`, and what the ladders say of the time until `until`."""
    people = People.on(timezone.localdate(now))
    yield from _requests(people, now=now, until=until or now)
    yield from _promised(people, now=now)
    yield from _ending(people, now=now)
    yield from _past_their_end(people, now=now)
    yield from _closings(people, now=now)
    yield from _waiting_for_police(people, now=now)
    yield from _proposals(people, now=now)
    yield from _observations(people, now=now)


# --- What a mail may call them ----------------------------------------------------------------------------


def period_words(pledge_set: PledgeSet) -> str:
    """december 2017–december 2018."""
    first, last = (in_words(day, "F Y") for day in (pledge_set.period_start, pledge_set.period_end))
    return first if first == last else f"{first}–{last}"


def set_title(pledge_set: PledgeSet) -> str:
    return _("Medborgarlöften %(period)s") % {"period": period_words(pledge_set)}


def promise_title(commitment: Commitment) -> str:
    return _("Löfte %(number)s i medborgarlöften %(period)s") % {
        "number": commitment.number,
        "period": period_words(commitment.pledge_set),
    }


def area_title(area: PriorityArea) -> str:
    return _("Område %(letter)s i medborgarlöften %(period)s") % {
        "letter": area.letter,
        "period": period_words(area.pledge_set),
    }


# --- How does it go ---------------------------------------------------------------------------------------


def ladder_of(request: ProgressRequest, rules: Mapping[str, Rules] | None = None) -> list[Rung]:
    """All steps of the ladder that runs now, in time; `rules` as `ladders.rules()`, which is asked without them."""
    mine = (rules or ladders.rules())[LadderKind.PLEDGE]
    return mine.rungs(first_step(request), start=request.ladder_from, due=request.due_at)


def first_step(request: ProgressRequest) -> str:
    return "asked" if request.ladder_from == request.asked_at else "new_day"


def examples(kind: str) -> list[Example]:
    """Questions whose ladder runs now, for the preview of a ladder; none for ladders of other things."""
    if kind != LadderKind.PLEDGE:
        return []
    asked = ProgressRequest.objects.filter(state=RequestState.ASKED).select_related("commitment__pledge_set")
    return [
        Example(promise_title(one.commitment), first_step(one), start=one.ladder_from, due=one.due_at)
        for one in asked.order_by("-due_at", "-pk")[:20]
    ]


def _requests(people: People, *, now: dt.datetime, until: dt.datetime) -> Iterator[Due]:
    waiting = (
        ProgressRequest.objects.filter(state=RequestState.ASKED, commitment__pledge_set__state__in=SETS_RUNNING)
        .exclude(commitment__delivery_state__in=progress.QUIET)
        .select_related("commitment__pledge_set")
        .order_by("pk")
    )
    rules = ladders.rules()
    for request in waiting.iterator(chunk_size=500):
        for rung in ladders.to_tell(ladder_of(request, rules), now=now, until=until):
            yield from _request_step(request, rung).to(_told_at(rung, people, request))


def _told_at(rung: Rung, people: People, request: ProgressRequest) -> list[Recipient]:
    if rung.to == Audience.WITH_CHIEF:
        return people.asked_and_chiefs(request.organisation_id)
    if rung.to == Audience.RESPONSIBLE:
        return people.asked(request.organisation_id)
    return people.leaders() if rung.to == Audience.LEADERS else people.coordinators()


def _request_step(request: ProgressRequest, rung: Rung) -> Step:
    # A day moved there and back is a new ladder: what was called off the first time must be told again.
    told = (request.due_at, request.ladder_from)
    group = "answer" if rung.to in ladders.ANSWERING else "above"
    return Step(
        step=rung.step,
        moment=rung.moment,
        subject=request.subject_key,
        heading=rung.heading,
        title=promise_title(request.commitment),
        path=reverse("pledges:note", args=[request.commitment_id, request.organisation_id]),
        told=told,
        due_at=request.due_at,
        ladder=":".join([request.subject_key, *(day.isoformat() for day in told), group]),
    )


# --- A set from its first day to its end --------------------------------------------------------------------


def _promised(people: People, *, now: dt.datetime) -> Iterator[Due]:
    """A set was published: whoever leads a promise of it is told which."""
    leads = CommitmentParty.objects.filter(
        role=PartyRole.LEAD,
        commitment__pledge_set__state=SetState.PUBLISHED,
        commitment__pledge_set__published_at__gt=now - LOOK_BACK,
        commitment__pledge_set__published_at__lte=now,
    )
    for lead in leads.select_related("commitment__pledge_set").order_by("pk"):
        commitment = lead.commitment
        published_at = commitment.pledge_set.published_at
        assert published_at is not None
        step = Step(
            step="promised",
            moment=published_at,
            subject=commitment.subject_key,
            heading=_("Löften ni leder"),
            title=promise_title(commitment),
            path=commitment.get_absolute_url(),
        )
        yield from step.to(people.asked(lead.organisation_id))


def _ending(people: People, *, now: dt.datetime) -> Iterator[Due]:
    """90, 30 and 7 days before the last day."""
    today = timezone.localdate(now)
    horizon = today + dt.timedelta(days=max(deadlines.EXPIRY_DAYS))
    rows = PledgeSet.objects.filter(state=SetState.PUBLISHED, period_end__gte=today, period_end__lte=horizon)
    for pledge_set in rows.order_by("pk"):
        shown = pledge_set.published_at
        warnings = deadlines.expiry_warnings(pledge_set.period_end)
        reached = [(days, at) for days, at in warnings if at <= now and (shown is None or at > shown)]
        if not reached:
            continue
        days, moment = reached[-1]
        step = Step(
            step=f"ending_{days}",
            moment=moment,
            subject=pledge_set.subject_key,
            heading=_("Löften som snart tar slut"),
            title=_("%(set)s gäller till och med %(day)s")
            % {"set": set_title(pledge_set), "day": in_words(pledge_set.period_end, "j F Y")},
            path=pledge_set.get_absolute_url(),
            told=(pledge_set.period_end,),
        )
        yield from step.to([*people.leaders(), *people.liaison()])


def _past_their_end(people: People, *, now: dt.datetime) -> Iterator[Due]:
    """Each week after the last day until everything is answered and the set is closed."""
    unfinished = Count(
        "commitments", filter=~Q(commitments__delivery_state__in=FINAL) | Q(commitments__public_note="")
    )
    late = PledgeSet.objects.filter(state__in=SETS_RUNNING, period_end__lt=timezone.localdate(now))
    for pledge_set in late.annotate(open_count=unfinished).order_by("pk"):
        moment = deadlines.latest_week_past(pledge_set.period_end, now=now)
        if moment is None:
            continue
        count: int = pledge_set.open_count
        step = Step(
            step="past_its_end",
            moment=moment,
            subject=pledge_set.subject_key,
            heading=_("Löften vars tid är ute"),
            title=_("%(set)s: %(open)s")
            % {
                "set": set_title(pledge_set),
                "open": ngettext("%(count)d löfte saknar svar", "%(count)d löften saknar svar", count)
                % {"count": count}
                if count
                else _("alla löften har svar, avsluta dem"),
            },
            path=pledge_set.get_absolute_url(),
            told=(pledge_set.period_end,),
        )
        yield from step.to(people.leaders())


def _closings(people: People, *, now: dt.datetime) -> Iterator[Due]:
    """Somebody has proposed to close a set; another person approves."""
    proposed = PledgeSet.objects.filter(state=SetState.CLOSING, closing_proposed_at__lte=now)
    for pledge_set in proposed.order_by("pk"):
        assert pledge_set.closing_proposed_at is not None
        step = Step(
            step="closing_proposed",
            moment=pledge_set.closing_proposed_at,
            subject=pledge_set.subject_key,
            heading=_("Avslut som väntar på godkännande"),
            title=set_title(pledge_set),
            path=pledge_set.get_absolute_url(),
        )
        told = [*people.directors(), *people.liaison()]
        others = [one for one in told if one.user_id is None or one.user_id != pledge_set.closing_proposed_by_id]
        yield from step.to(others)


# --- What lies with the Police ----------------------------------------------------------------------------


def _waiting_for_police(people: People, *, now: dt.datetime) -> Iterator[Due]:
    """Words the Police have had for more than five working days: they are reminded, and the coordinator is told."""
    waiting = waiting_for_police()
    things: list[tuple[models.Model, dt.datetime | None, str, str, str]] = [
        *((one, one.opened_to_police_at, one.subject_key, set_title(one), _page(one)) for one in waiting.sets),
        *(
            (one, one.pledge_set.opened_to_police_at, one.subject_key, area_title(one), _page(one))
            for one in waiting.areas
        ),
        *(
            (one, one.pledge_set.opened_to_police_at, one.subject_key, promise_title(one), _page(one))
            for one in waiting.commitments
        ),
        *((one, None, one.subject_key, promise_title(one), _page(one)) for one in waiting.answers),
        *(
            (one, one.done_at, follow_ups.subject_key(one), promise_title(one.commitment), _follow_up_page(one))
            for one in waiting.follow_ups
            if one.commitment is not None
        ),
        *((one, None, f"pledges.feedback:{one.pk}", _("Ni sa – vi gjorde"), _page(one)) for one in waiting.feedback),
    ]
    rewritten = _rewritten([thing for thing, *_rest in things])
    for thing, opened, subject, title, path in things:
        moments = [at for at in (opened, rewritten.get((type(thing), thing.pk))) if at is not None]
        if not moments:
            continue
        since = max(moments)
        moment = deadlines.police_reminded_at(since)
        if moment > now:
            continue
        step = Step(
            step="police_waiting",
            moment=moment,
            subject=subject,
            heading=_("Texter som väntar på Polisens bekräftelse"),
            title=title,
            path=path,
            told=(since,),
        )
        yield from step.to([*people.liaison(), *people.coordinators()])


def _page(thing: PledgeSet | PriorityArea | Commitment | Feedback) -> str:
    return thing.get_absolute_url()


def _follow_up_page(follow_up: FollowUp) -> str:
    return reverse("pledges:follow_up", args=[follow_up.pk])


def _rewritten(things: Iterable[models.Model]) -> dict[tuple[type[models.Model], int], dt.datetime]:
    """When the words of each were last changed; one query for each kind of thing."""
    ids: dict[type[models.Model], list[int]] = {}
    for thing in things:
        ids.setdefault(type(thing), []).append(thing.pk)
    found: dict[tuple[type[models.Model], int], dt.datetime] = {}
    for model, pks in ids.items():
        subject_type = ContentType.objects.get_for_model(model)
        rows = Event.objects.filter(subject_type=subject_type, subject_id__in=pks, verb__in=REWRITTEN)
        latest = rows.order_by().values_list("subject_id").annotate(latest=Max("at"))
        found |= {(model, pk): at for pk, at in latest}
    return found


def _proposals(people: People, *, now: dt.datetime) -> Iterator[Due]:
    """Where the coordinator thinks a promise of the Police stands: at once, and again when it has lain."""
    waiting = StatusProposal.objects.filter(
        state=ProposalState.OPEN, commitment__pledge_set__state__in=SETS_RUNNING
    ).select_related("commitment__pledge_set")
    police: dict[int, list[int]] = {}
    led = CommitmentParty.objects.filter(role=PartyRole.LEAD, organisation__kind=OrganisationKind.POLICE)
    for commitment, organisation in led.filter(commitment__proposals__in=waiting).values_list(
        "commitment", "organisation"
    ):
        police.setdefault(commitment, []).append(organisation)
    for proposal in waiting.order_by("pk"):
        steps = [
            ("proposed", proposal.proposed_at),
            ("police_waiting", deadlines.police_reminded_at(proposal.proposed_at)),
        ]
        reached = [(step, moment) for step, moment in steps if moment <= now]
        if not reached:
            continue
        name, moment = reached[-1]
        step = Step(
            step=name,
            moment=moment,
            subject=proposals.subject_key(proposal),
            heading=_("Förslag som väntar på Polisens svar"),
            title=promise_title(proposal.commitment),
            path=proposal.commitment.get_absolute_url(),
        )
        places = dict.fromkeys(police.get(proposal.commitment_id, []))
        yield from step.to(one for place in places for one in people.liaison(place))


# --- What was seen on a walk --------------------------------------------------------------------------------


def _observations(people: People, *, now: dt.datetime) -> Iterator[Due]:
    """Whose answer is due: the working day before, the day, and when it is late; then the coordinator too."""
    open_ones = WalkObservation.objects.filter(
        state=ObservationState.OPEN, owner__isnull=False, answer_due__isnull=False
    ).select_related("walk")
    for observation in open_ones.order_by("pk"):
        assert observation.answer_due is not None
        assert observation.owner_id is not None
        due = deadlines.end_of(observation.answer_due)
        steps = [
            ("before_1", deadlines.one_working_day_before(due), _("Svar efter vandringar nästa arbetsdag")),
            ("due_morning", deadlines.due_morning(due), _("Svar efter vandringar i dag")),
            ("overdue", deadlines.next_working_morning(due), _("Försenade svar efter vandringar")),
        ]
        reached = [one for one in steps if one[1] <= now]
        if not reached:
            continue
        name, moment, heading = reached[-1]
        step = Step(
            step=name,
            moment=moment,
            subject=walks.subject_key(observation),
            heading=heading,
            title=_("Iakttagelse vid trygghetsvandringen %(day)s")
            % {"day": in_words(observation.walk.held_on, "j F Y")},
            path=observation.walk.get_absolute_url(),
            told=(observation.answer_due,),
        )
        told = people.asked(observation.owner_id)
        yield from step.to([*told, *people.coordinators()] if name == "overdue" else told)
