"""To residents: approved by the content's owner, published by the communicator, withdrawn, or by the clock.

Every public kind of thing stands in `KINDS`: what must be true before residents may see it.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents import policies
from incidents.lifecycle import (
    DECISIONS_TAKEN,
    PUBLICATION_MOVES,
    MinutesState,
    PublicationState,
    ReportState,
    RoundState,
)
from incidents.models import (
    ActionPackage,
    ContactPoint,
    FollowUpRound,
    Meeting,
    PoliceUndertaking,
    PublicUpdate,
    Reinforcement,
    ReportBack,
    Response,
    SeriousEvent,
    SteeringDecision,
)
from incidents.models.police_text import PoliceText
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import Refused, refuse_unless, require
from lysekil_trygghet.history.operations import MoveNotAllowed, change, locked, move
from lysekil_trygghet.notifications.operations import cancel, nudge
from lysekil_trygghet.privacy import scan
from lysekil_trygghet.publishing.models import Publishable
from lysekil_trygghet.publishing.pages import forget_on_commit

log = logging.getLogger(__name__)

T = TypeVar("T", bound=Publishable)
R = TypeVar("R")


@dataclass(frozen=True)
class PublicKind:
    """One kind of thing residents may read: its words, its texts, and what is missing before it may be shown."""

    label: Any
    texts: tuple[str, ...]
    missing: Callable[[Any], list[str]]
    has_states: bool = False


def _text_missing(*names: str) -> Callable[[Any], list[str]]:
    def check(thing: Any) -> list[str]:
        empty = [thing._meta.get_field(name).verbose_name for name in names if not getattr(thing, name).strip()]
        return [_("Texten ”%(field)s” saknas.") % {"field": name} for name in empty]

    return check


def _police_missing(thing: Any) -> list[str]:
    return [_("Polisen har inte bekräftat texten.")] if thing.needs_police else []


def _event(thing: SeriousEvent) -> list[str]:
    return _text_missing("public_summary")(thing) + _police_missing(thing)


def _decision(thing: SteeringDecision) -> list[str]:
    return [] if thing.state in DECISIONS_TAKEN else [_("Beslutet är inte fattat.")]


def _report(thing: ReportBack) -> list[str]:
    missing = _text_missing("public_text")(thing)
    if thing.state != ReportState.ACCEPTED:
        missing.append(_("Återrapporten är inte godkänd."))
    if not thing.assignment.is_public:
        missing.append(_("Uppdraget visas inte för invånarna."))
    return missing


def _meeting(thing: Meeting) -> list[str]:
    missing = _text_missing("outcome_public")(thing) + _police_missing(thing)
    if thing.minutes_state != MinutesState.APPROVED:
        missing.append(_("Minnesanteckningarna är inte godkända."))
    return missing


def _round(thing: FollowUpRound) -> list[str]:
    missing = _text_missing("summary_public")(thing)
    if thing.state != RoundState.CLOSED:
        missing.append(_("Avstämningen är inte avslutad."))
    return missing


def _update(thing: PublicUpdate) -> list[str]:
    missing = _text_missing("title", "lead")(thing) + _police_missing(thing)
    if thing.state == PublicationState.DRAFT:
        missing.append(_("Nyheten är inte godkänd. Det gör kommundirektören, en ställföreträdare eller samordnaren."))
    return missing


def _package(thing: ActionPackage) -> list[str]:
    missing = _text_missing("title")(thing)
    if not thing.items.exists():
        missing.append(_("Paketet har inga åtgärder."))
    waiting = sum(item.needs_police for item in thing.items.all())
    if waiting:
        missing.append(_("Polisen har inte bekräftat sina åtgärder (%(count)s kvar).") % {"count": waiting})
    versions = thing.response.packages.all()
    if any(one.version > thing.version and one.state == PublicationState.PUBLISHED for one in versions):
        missing.append(_("En nyare version av paketet är publicerad."))
    if thing.state == PublicationState.DRAFT:
        missing.append(_("Paketet är inte godkänt. Det gör kommundirektören, en ställföreträdare eller samordnaren."))
    return missing


def _contact(thing: ContactPoint) -> list[str]:
    missing = _text_missing("name", "what_for")(thing)
    if not (thing.phone or thing.email or thing.place):
        missing.append(_("Skriv telefon, e-post eller plats."))
    if not (thing.always_open or thing.hours.exists()):
        missing.append(_("Öppettider saknas."))
    return missing


KINDS: dict[type[Publishable], PublicKind] = {
    SeriousEvent: PublicKind(
        gettext_lazy("Händelse"), ("title", "place", "public_summary", "public_summary_en"), _event
    ),
    Response: PublicKind(
        gettext_lazy("Insatsens sida"),
        ("title", "title_en", "background", "background_en", "easy_text", "limits_text", "limits_text_en"),
        _text_missing("background", "limits_text"),
    ),
    SteeringDecision: PublicKind(gettext_lazy("Inriktningsbeslut"), ("aim", "aim_en"), _decision),
    ReportBack: PublicKind(gettext_lazy("Svar på uppdrag"), ("public_text", "public_text_en"), _report),
    Meeting: PublicKind(gettext_lazy("Möte"), ("title", "outcome_public", "outcome_public_en"), _meeting),
    FollowUpRound: PublicKind(gettext_lazy("Avstämning"), ("summary_public", "summary_public_en"), _round),
    PoliceUndertaking: PublicKind(gettext_lazy("Polisens åtagande"), ("text", "text_en"), _police_missing),
    Reinforcement: PublicKind(gettext_lazy("Förstärkning"), ("public_note", "public_note_en"), _police_missing),
    PublicUpdate: PublicKind(
        gettext_lazy("Nyhet"), ("title", "title_en", "lead", "lead_en", "body", "body_en"), _update, has_states=True
    ),
    ActionPackage: PublicKind(
        gettext_lazy("Åtgärdspaket"), ("title", "title_en", "lead", "lead_en"), _package, has_states=True
    ),
    ContactPoint: PublicKind(
        gettext_lazy("Kontaktpunkt"),
        ("name", "name_en", "place", "what_for", "what_for_en", "not_for", "not_for_en"),
        _contact,
    ),
}


def all_texts(thing: Publishable) -> list[str]:
    """Every text residents would read of this thing, its parts included."""
    texts = [str(getattr(thing, name)) for name in KINDS[type(thing)].texts]
    if isinstance(thing, SteeringDecision):
        # .all() and not .filter(): a list of things fetches the parts of all of them at once.
        texts += [p.text + "\n" + p.text_en for p in thing.points.all() if p.is_public]
        texts += [a.text + "\n" + a.text_en for a in thing.approaches.all() if a.is_public]
        texts += [a.public_text + "\n" + a.public_text_en for a in thing.assignments.all() if a.is_public]
    if isinstance(thing, ActionPackage):
        texts += [item.what + "\n" + item.what_en + "\n" + item.from_when for item in thing.items.all()]
    return texts


def missing_before_publication(thing: Publishable) -> list[str]:
    """Plain sentences on what keeps this from residents; empty when it may be published."""
    missing = KINDS[type(thing)].missing(thing)
    if any(finding.blocks for text in all_texts(thing) for finding in scan(text)):
        missing.append(_("Texten innehåller ett personnummer. Ta bort det."))
    return missing


def refuse_identity_number(*texts: str) -> None:
    """For what residents read at once: a correction of something published."""
    found = any(finding.blocks for text in texts for finding in scan(text))
    refuse_unless(not found, _("Texten innehåller ett personnummer. Ta bort det."))


@transaction.atomic
def approve(thing: T, *, by: Actor, now: dt.datetime, seen: int | None = None) -> T:
    """The content's owner says the words are right; the communicator may then publish."""
    require(policies.can_approve_content(by))
    assert isinstance(thing, PublicUpdate | ActionPackage)
    fresh = move(
        thing,
        to=PublicationState.APPROVED,
        allowed=PUBLICATION_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"approved_at": now, "approved_by_function": by.function_label},
    )
    nudge()
    return fresh


def take_back_approval(thing: T, *, by: Actor, now: dt.datetime, seen: int | None = None) -> T:
    """Make an approved or withdrawn thing a draft again, so that it can be changed.

    That it was published once, and withdrawn, stays with it: such a thing is never thrown away.
    """
    require(policies.can_write_public_texts(by))
    return move(
        thing,
        to=PublicationState.DRAFT,
        allowed=PUBLICATION_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"approved_at": None, "approved_by_function": ""},
    )


@transaction.atomic
def publish(thing: T, *, by: Actor, now: dt.datetime, seen: int | None = None) -> T:
    """The communicator shows it to residents. Refused while something is missing (see missing_before_publication)."""
    require(policies.can_publish(by))
    return _publish(thing, by=by, now=now, seen=seen)


def _publish(thing: T, *, by: Actor, now: dt.datetime, seen: int | None = None) -> T:
    fresh = locked(thing)
    if fresh.published_at is not None and fresh.withdrawn_at is None:
        raise MoveNotAllowed(fresh, state="PUBLISHED", to="PUBLISHED")
    missing = missing_before_publication(fresh)
    refuse_unless(not missing, " ".join(missing))
    shown = {"published_at": now, "withdrawn_at": None}
    if KINDS[type(thing)].has_states:
        published = move(
            thing,
            to=PublicationState.PUBLISHED,
            allowed=PUBLICATION_MOVES,
            by=by,
            now=now,
            seen=seen,
            also_set=shown,
        )
        cancel(published.subject_key, now=now)  # type: ignore[attr-defined]
    else:
        published = change(thing, by=by, now=now, values=shown, seen=seen, verb="published")
    if isinstance(published, ActionPackage):
        _publish_items(published, by=by, now=now)
        _supersede_older(published, by=by, now=now)
    return published


def _publish_items(package: ActionPackage, *, by: Actor, now: dt.datetime) -> None:
    for item in package.items.all():
        change(item, by=by, now=now, values={"published_at": now, "withdrawn_at": None}, verb="published")


def _supersede_older(package: ActionPackage, *, by: Actor, now: dt.datetime) -> None:
    """The version before stays readable at its own address, marked as replaced."""
    older = ActionPackage.objects.filter(
        response=package.response_id, version__lt=package.version, state=PublicationState.PUBLISHED
    )
    for one in older:
        move(one, to=PublicationState.SUPERSEDED, allowed=PUBLICATION_MOVES, by=by, now=now)


@transaction.atomic
def withdraw(thing: T, *, reason: str, by: Actor, now: dt.datetime, seen: int | None = None) -> T:
    """Take it away from residents at once. The reason stays inside."""
    require(policies.can_publish(by))
    refuse_unless(reason.strip(), _("Skriv varför den avpubliceras."))
    forget_on_commit()
    if KINDS[type(thing)].has_states:
        return move(
            thing,
            to=PublicationState.WITHDRAWN,
            allowed=PUBLICATION_MOVES,
            by=by,
            now=now,
            seen=seen,
            also_set={"withdrawn_at": now, "withdrawn_reason": reason},
        )
    fresh = locked(thing)
    if fresh.published_at is None or fresh.withdrawn_at is not None:
        raise MoveNotAllowed(fresh, state="WITHDRAWN", to="WITHDRAWN")
    return change(thing, by=by, now=now, values={"withdrawn_at": now}, seen=seen, verb="withdrawn")


@transaction.atomic
def set_publication_time(
    thing: T,
    *,
    publish_at: dt.datetime | None,
    announced_for: dt.datetime | None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> T:
    """When it publishes itself (once approved), and what day was announced.

    The owner of the content may say what was announced; only the communicator sets a time at which it publishes
    itself, or one person could both approve and publish.
    """
    require(policies.can_publish(by) or policies.can_approve_content(by))
    if publish_at is not None and publish_at != thing.publish_at:  # type: ignore[attr-defined]
        require(policies.can_publish(by))
        refuse_unless(publish_at > now, _("Tiden har redan varit. Välj en senare tid eller publicera nu."))
    cancel(thing.subject_key, now=now)  # type: ignore[attr-defined]
    values: Mapping[str, Any] = {"publish_at": publish_at, "announced_for": announced_for}
    return change(thing, by=by, now=now, values=values, seen=seen, verb="publication_timed")


def as_published(thing: Publishable, *, now: dt.datetime, read: Callable[[], R]) -> R:
    """What `read` gives while residents could read `thing` and what it stands in. Nothing of it is kept.

    The preview asks the residents' own pages, so that it cannot differ from them; the transaction is rolled back.
    """
    with transaction.atomic():
        _show_for_preview(thing, now=now)
        seen = read()
        transaction.set_rollback(True)
    return seen


def _show_for_preview(thing: Publishable, *, now: dt.datetime) -> None:
    around: list[Publishable | None] = [getattr(thing, "response", None)]
    if isinstance(thing, ReportBack):
        around += [thing.assignment.decision, thing.assignment.decision.response]
    elif isinstance(thing, FollowUpRound):
        around.append(thing.decision.response)
    elif isinstance(thing, SeriousEvent):
        around.append(thing.responses.first())
    parts = thing.items.all() if isinstance(thing, ActionPackage) else ()
    for one in (thing, *parts, *filter(None, around)):
        shown: dict[str, Any] = {"published_at": one.published_at or now, "withdrawn_at": None}
        if isinstance(one, PoliceText):
            shown["confirmed_by_police"] = True
        type(one)._base_manager.filter(pk=one.pk).update(**shown)
    if KINDS[type(thing)].has_states:
        _move_to_published(thing, now=now)


def _move_to_published(thing: Any, *, now: dt.datetime) -> None:
    way = {
        PublicationState.WITHDRAWN: (PublicationState.DRAFT, PublicationState.APPROVED, PublicationState.PUBLISHED),
        PublicationState.DRAFT: (PublicationState.APPROVED, PublicationState.PUBLISHED),
        PublicationState.APPROVED: (PublicationState.PUBLISHED,),
    }
    for to in way.get(thing.state, ()):
        move(thing, to=to, allowed=PUBLICATION_MOVES, by=Actor.system(), now=now)


@transaction.atomic
def _publish_if_still_due(thing: PublicUpdate | ActionPackage, *, now: dt.datetime) -> bool:
    fresh = locked(thing)
    if fresh.publish_at is None or fresh.publish_at > now:
        return False
    _publish(fresh, by=Actor.system(), now=now)
    return True


def publish_due(*, now: dt.datetime) -> int:
    """At every sweep: publish what a communicator has timed, is approved, and has come to its time.

    What still misses something stays where it is; the communicator is reminded (reminders.py).
    """
    done = 0
    for model in (PublicUpdate, ActionPackage):
        ready = model.objects.filter(state=PublicationState.APPROVED, publish_at__lte=now)
        for thing in ready:
            if missing_before_publication(thing):
                continue
            try:
                done += _publish_if_still_due(thing, now=now)
            except (MoveNotAllowed, Refused):
                log.info("publication by the clock came second: %s %s", model.__name__, thing.pk)
    return done
