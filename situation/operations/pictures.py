"""The situation picture: written, reviewed, confirmed by both parties, adopted, published, superseded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import MoveNotAllowed, change, locked, move, record
from lysekil_trygghet.notifications.operations import cancel
from lysekil_trygghet.privacy import scan
from lysekil_trygghet.privacy.kinds import Kind
from lysekil_trygghet.publishing.pages import forget_on_commit
from situation import policies
from situation.lifecycle import PICTURE_MOVES, CommentKind, PictureKind, PictureState
from situation.models import CauseAnalysis, PictureComment, SituationPicture, Source

from . import confirmations, figures
from .parts import opened_for_writing, removed, wording_changed

_SWEDISH = str.maketrans("åäöÅÄÖéÉ", "aaoAAOeE")
# Updated at least every second year (lag 2023:196, 6 §).
YEARS_BETWEEN = 2


# --- Written ------------------------------------------------------------------------------------------


@transaction.atomic
def begin(
    *,
    kind: str,
    organisation: Organisation,
    values: Mapping[str, Any],
    sources: Iterable[Source] = (),
    by: Actor,
    now: dt.datetime,
) -> SituationPicture:
    """Begin a party's own picture or the joint one. `values` may name the `previous` one that it replaces."""
    require(policies.can_begin(by, kind))
    if kind == PictureKind.JOINT:
        refuse_unless(not organisation.is_police, _("Den gemensamma lägesbilden samordnas av kommunen."))
    else:
        require(by.is_police == organisation.is_police)
    _refuse_odd_values(values, kind=kind, organisation=organisation)
    picture = SituationPicture.objects.create(
        kind=kind, organisation=organisation, slug=free_slug(values["title"]), **values
    )
    chosen = list(sources)
    _refuse_unseen(chosen, by=by)
    picture.sources.set(chosen)
    record(picture, "created", by=by, now=now)
    return picture


@transaction.atomic
def edit(
    picture: SituationPicture, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> SituationPicture:
    """Change title, period, summary or analysis. Whatever was confirmed falls."""
    fresh = opened_for_writing(picture, by=by)
    _refuse_odd_values(values, kind=fresh.kind, organisation=fresh.organisation, itself=fresh)
    if values.get("title", fresh.title) != fresh.title:
        # Nobody outside has the address before it is adopted.
        values = {**values, "slug": free_slug(values["title"], itself=fresh)}
    return confirmations.change_confirmed(fresh, values=values, by=by, now=now, seen=seen)


def free_slug(title: str, *, itself: SituationPicture | None = None) -> str:
    """An address made from the title that no other picture has."""
    base = slugify(title.translate(_SWEDISH))[:80].strip("-") or "lagesbild"
    slug, number = base, 1
    others = SituationPicture.objects.all()
    if itself:
        others = others.exclude(pk=itself.pk)
    while others.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


def _refuse_odd_values(
    values: Mapping[str, Any], *, kind: str, organisation: Organisation, itself: SituationPicture | None = None
) -> None:
    start = values.get("period_start", itself.period_start if itself else None)
    end = values.get("period_end", itself.period_end if itself else None)
    refuse_unless(start and end and start <= end, _("Perioden slutar innan den börjar."))
    previous: SituationPicture | None = values.get("previous")
    if previous is not None:
        alike = previous.kind == kind and previous.organisation.is_police == organisation.is_police
        refuse_unless(
            alike and previous.is_adopted and (itself is None or previous.pk != itself.pk),
            _("Lägesbilden kan bara ersätta en antagen lägesbild av samma slag."),
        )


@transaction.atomic
def put_sources(
    picture: SituationPicture, sources: Iterable[Source], *, by: Actor, now: dt.datetime, seen: int | None = None
) -> SituationPicture:
    """Make the picture rest on exactly these sources. One that a finding rests on stays until the finding lets go."""
    fresh = opened_for_writing(picture, by=by, seen=seen)
    before = set(fresh.sources.all())
    wanted = set(sources)
    _refuse_unseen(wanted - before, by=by)
    dropped = before - wanted
    still_used = Source.objects.filter(pk__in=[s.pk for s in dropped], findings__picture=fresh).distinct()
    titles = ", ".join(f"”{source.title}”" for source in still_used)
    refuse_unless(not titles, _("En iakttagelse vilar på %(titles)s. Ändra iakttagelsen först.") % {"titles": titles})
    if wanted == before:
        return fresh
    fresh.sources.set(wanted)
    added = sorted(source.pk for source in wanted - before)
    record(fresh, "sources_set", by=by, now=now, added=added, removed=sorted(source.pk for source in dropped))
    return wording_changed(fresh, by=by, now=now)


def _refuse_unseen(sources: Iterable[Source], *, by: Actor) -> None:
    wanted = {source.pk for source in sources}
    seen = Source.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True)
    require(wanted == set(seen))


@transaction.atomic
def discard(picture: SituationPicture, *, by: Actor, now: dt.datetime) -> None:
    """Throw a draft away. What pledges are built on stays."""
    fresh = locked(picture)
    require(policies.can_discard(by, fresh))
    record(fresh, "discarded", by=by, now=now)
    removed(fresh, _("Något bygger på lägesbilden. Ta bort det först."))


@transaction.atomic
def comment(picture: SituationPicture, *, text: str, by: Actor, now: dt.datetime) -> PictureComment:
    """Say something to the others who write it. Inside, never public."""
    require(policies.can_see_picture(by, picture) and policies.can_comment(by, picture))
    refuse_unless(text.strip(), _("Skriv en kommentar."))
    row = _comment(picture, CommentKind.NOTE, text, by=by, now=now)
    record(picture, "commented", by=by, now=now, comment=row.pk)
    return row


def _comment(
    picture: SituationPicture, kind: CommentKind, text: str, *, by: Actor, now: dt.datetime
) -> PictureComment:
    return PictureComment.objects.create(
        picture=picture,
        kind=kind,
        text=text.strip(),
        written_at=now,
        written_by=by.user,
        by_function=by.function_label,
        organisation=by.organisation,
    )


# --- Reviewed and confirmed ---------------------------------------------------------------------------


def missing_before_review(picture: SituationPicture) -> list[str]:
    """Plain sentences on all that keeps the picture from being reviewed; empty when nothing does."""
    missing = []
    if not picture.public_summary.strip():
        missing.append(_("Sammanfattningen för invånarna saknas."))
    if not picture.findings.exists():
        missing.append(_("Det finns ingen iakttagelse."))
    loose = list(picture.findings.filter(sources=None).order_by("order", "pk"))
    if loose:
        first = loose[0].claim[:60]
        missing.append(
            ngettext(
                "En iakttagelse vilar inte på något underlag: ”%(first)s”.",
                "%(count)d iakttagelser vilar inte på något underlag. Den första: ”%(first)s”.",
                len(loose),
            )
            % {"count": len(loose), "first": first}
        )
    if not picture.problems.exists():
        missing.append(_("Det finns inget problem. Beskriv minst ett."))
    if holds_identity_number(picture):
        missing.append(_("Texten innehåller ett personnummer. Ta bort det."))
    return missing


def all_texts(picture: SituationPicture) -> list[str]:
    """Every text that is part of the picture: its own, of its sources, findings, problems and causes."""
    causes = CauseAnalysis.objects.filter(problem__picture=picture)
    things: list[models.Model] = [
        *(picture, *picture.sources.all(), *picture.findings.all(), *picture.problems.all(), *causes)
    ]
    return [
        getattr(thing, field.name)
        for thing in things
        for field in thing._meta.fields
        if isinstance(field, models.TextField | models.CharField) and not field.choices and field.editable
    ]


def signs_of_persons(picture: SituationPicture) -> list[Kind]:
    """The kinds of signs found anywhere in it that a person may be pointed out, the most serious first."""
    found = {finding.kind for text in all_texts(picture) if text for finding in scan(text)}
    return [kind for kind in Kind if kind in found]


def holds_identity_number(picture: SituationPicture) -> bool:
    return any(finding.blocks for text in all_texts(picture) if text for finding in scan(text))


@transaction.atomic
def send_to_review(
    picture: SituationPicture, *, by: Actor, now: dt.datetime, seen: int | None = None
) -> SituationPicture:
    """The draft is whole: both parties may say yes to it, or no. Refused with all that is missing."""
    fresh = locked(picture)
    require(policies.is_own_side(by, fresh))
    missing = missing_before_review(fresh) if fresh.state == PictureState.DRAFT else []
    refuse_unless(not missing, " ".join(missing))
    return move(fresh, to=PictureState.REVIEW, allowed=PICTURE_MOVES, by=by, now=now, seen=seen)


@transaction.atomic
def send_back(
    picture: SituationPicture, *, reason: str, by: Actor, now: dt.datetime, seen: int | None = None
) -> SituationPicture:
    """Something must be rewritten. Nothing confirmed survives; the reason stays inside."""
    fresh = locked(picture)
    require(policies.is_own_side(by, fresh))
    refuse_unless(reason.strip(), _("Skriv vad som behöver skrivas om."))
    confirmations.record_cleared(fresh, by=by, now=now)
    moved = move(
        fresh,
        to=PictureState.DRAFT,
        allowed=PICTURE_MOVES,
        by=by,
        now=now,
        seen=seen,
        verb="sent_back",
        also_set=confirmations.cleared(fresh),
    )
    cancel(moved.subject_key, now=now, steps={"police_waiting"})
    _comment(moved, CommentKind.SENT_BACK, reason, by=by, now=now)
    return moved


@transaction.atomic
def confirm_as_police(
    picture: SituationPicture,
    *,
    by: Actor,
    now: dt.datetime,
    seen: int,
    document: str = "",
    document_on: dt.date | None = None,
) -> SituationPicture:
    """The Police stand behind the joint picture: a police role, or their written yes recorded by the coordinator."""
    _must_wait_for_confirmation(picture)
    confirmed = confirmations.police_confirm(
        picture, by=by, now=now, seen=seen, document=document, document_on=document_on
    )
    cancel(confirmed.subject_key, now=now, steps={"police_waiting"})
    return confirmed


@transaction.atomic
def confirm_as_municipality(picture: SituationPicture, *, by: Actor, now: dt.datetime, seen: int) -> SituationPicture:
    _must_wait_for_confirmation(picture)
    return confirmations.municipality_confirm(picture, by=by, now=now, seen=seen)


def _must_wait_for_confirmation(picture: SituationPicture) -> None:
    fresh = locked(picture)
    refuse_unless(fresh.is_joint, _("En egen lägesbild behöver ingen bekräftelse."))
    if fresh.state != PictureState.REVIEW:
        raise MoveNotAllowed(fresh, state=fresh.state, to="CONFIRMED")


@transaction.atomic
def open_to_police(picture: SituationPicture, *, by: Actor, now: dt.datetime) -> SituationPicture:
    """Let the Police read it, and write in it if it is the joint one. Logged: it may become a public document."""
    fresh = locked(picture)
    require(policies.is_own_side(by, fresh))
    return confirmations.open_to_police(fresh, by=by, now=now)


# --- Adopted, published, superseded -------------------------------------------------------------------


def due_after(adopted_on: dt.date) -> dt.date:
    """24 months later; a leap day's falls on the last of February."""
    try:
        return adopted_on.replace(year=adopted_on.year + YEARS_BETWEEN)
    except ValueError:
        return adopted_on.replace(year=adopted_on.year + YEARS_BETWEEN, day=28)


def missing_before_adoption(picture: SituationPicture) -> list[str]:
    missing = missing_before_review(picture)
    if picture.is_joint and not picture.is_municipality_confirmed:
        missing.append(_("Kommunen har inte bekräftat texten."))
    if picture.is_joint and not picture.is_police_confirmed:
        missing.append(_("Polisen har inte bekräftat texten."))
    return missing


@transaction.atomic
def adopt(
    picture: SituationPicture,
    *,
    adopted_on: dt.date,
    minutes_ref: str = "",
    adopted_by: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> SituationPicture:
    """From here the picture is a document that stays as it is.

    Joint: both parties have confirmed; the coordinator records the meeting and its paragraph, the director may
    adopt it without. Own: the party itself, and the one it replaces is superseded at once.
    """
    fresh = locked(picture)
    if fresh.state != PictureState.REVIEW:
        require(policies.is_own_side(by, fresh))
        raise MoveNotAllowed(fresh, state=fresh.state, to=PictureState.ADOPTED)
    require(policies.can_adopt(by, fresh))
    missing = missing_before_adoption(fresh)
    if fresh.is_joint and not by.is_director and not minutes_ref.strip():
        missing.append(_("Skriv mötet och paragrafen där lägesbilden antogs."))
    if adopted_on > timezone.localdate(now):
        missing.append(_("Dagen då den antogs ligger i framtiden."))
    refuse_unless(not missing, " ".join(missing))
    figures.freeze(fresh, now=now)
    adopted = move(
        fresh,
        to=PictureState.ADOPTED,
        allowed=PICTURE_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={
            "adopted_on": adopted_on,
            "adopted_by_function": (adopted_by.strip() or by.function_label)[:120],
            "minutes_ref": minutes_ref.strip(),
            "next_update_due": due_after(adopted_on),
        },
    )
    if not adopted.is_joint:
        _supersede_previous(adopted, by=by, now=now)
    for older in SituationPicture.objects.filter(kind=adopted.kind, organisation=adopted.organisation_id):
        if older.adopted_on is not None and older.adopted_on < adopted_on:
            cancel(older.subject_key, now=now, steps={"update"})
    return adopted


@transaction.atomic
def publish(
    picture: SituationPicture, *, secrecy_checked: bool, by: Actor, now: dt.datetime, seen: int | None = None
) -> SituationPicture:
    """The communicator shows the joint picture to residents; the one it replaces is superseded in the same moment."""
    require(policies.can_publish(by))
    fresh = locked(picture)
    missing = []
    if not fresh.is_joint:
        missing.append(_("En egen lägesbild visas aldrig för invånarna."))
    if not secrecy_checked:
        missing.append(_("Bekräfta att du har prövat sekretessen."))
    if holds_identity_number(fresh):
        missing.append(_("Texten innehåller ett personnummer. Ta bort det."))
    refuse_unless(not missing, " ".join(missing))
    checked = {"secrecy_checked_at": now, "secrecy_checked_by_function": by.function_label, "withdrawn_at": None}
    if fresh.published_at is not None and fresh.withdrawn_at is not None:
        return change(fresh, by=by, now=now, values=checked, seen=seen, verb="shown_again")
    published = move(
        fresh,
        to=PictureState.PUBLISHED,
        allowed=PICTURE_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={**checked, "published_at": now},
    )
    _supersede_previous(published, by=by, now=now)
    return published


@transaction.atomic
def withdraw(
    picture: SituationPicture, *, reason: str, by: Actor, now: dt.datetime, seen: int | None = None
) -> SituationPicture:
    """Take it away from residents at once. The reason stays inside."""
    require(policies.can_publish(by))
    refuse_unless(reason.strip(), _("Skriv varför den avpubliceras."))
    fresh = locked(picture)
    if not fresh.is_public:
        raise MoveNotAllowed(fresh, state="WITHDRAWN", to="WITHDRAWN")
    forget_on_commit()
    gone = change(fresh, by=by, now=now, values={"withdrawn_at": now}, seen=seen, verb="withdrawn")
    _comment(gone, CommentKind.WITHDRAWN, reason, by=by, now=now)
    return gone


def _supersede_previous(picture: SituationPicture, *, by: Actor, now: dt.datetime) -> None:
    """The one before stays readable at its own address, marked as replaced."""
    if picture.previous is None:
        return
    before = locked(picture.previous)
    if PictureState.SUPERSEDED in PICTURE_MOVES.get(before.state, ()):
        move(before, to=PictureState.SUPERSEDED, allowed=PICTURE_MOVES, by=by, now=now, newer=picture.pk)


def set_diary_number(
    picture: SituationPicture, *, diary_number: str, by: Actor, now: dt.datetime, seen: int | None = None
) -> SituationPicture:
    require(policies.can_set_diary_number(by, picture))
    values = {"diary_number": diary_number.strip()}
    return change(picture, by=by, now=now, values=values, seen=seen, verb="diary_number_set")
