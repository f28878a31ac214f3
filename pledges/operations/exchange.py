"""A set from a file and back: looked through whole before anything is stored, then stored whole or not at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import Refused, require
from lysekil_trygghet.history.operations import record
from lysekil_trygghet.privacy import scan
from pledges import policies
from pledges.exchange import (
    AreaRow,
    CommitmentRow,
    FileRefused,
    LineError,
    LinkRow,
    PartyRow,
    PauseRow,
    RuleRow,
    SetRow,
    UnitRow,
)
from pledges.models import Commitment, CommitmentParty, PledgeSet, PriorityArea, RecurrenceRule
from situation.models import Problem, SituationPicture

from . import commitments, priorities, rules
from .drafts import create_set


@dataclass(frozen=True)
class DryRun:
    """What a file would make, and what is wrong with it; nothing is stored."""

    row: SetRow
    errors: tuple[LineError, ...]

    @property
    def promises(self) -> int:
        return sum(len(area.commitments) for area in self.row.areas)


# --- In ---------------------------------------------------------------------------------------------------


def look_through(row: SetRow, *, by: Actor) -> DryRun:
    """What this installation says of a file that reads well: unknown organisations, pictures and problems, and
    texts that must never be stored."""
    require(policies.can_write_sets(by))
    errors: list[LineError] = []
    known = set(Organisation.objects.filter(is_active=True).values_list("slug", flat=True))
    picture = _picture(row, by=by)
    if row.picture and picture is None:
        errors.append(
            LineError(
                row.line, _("Lägesbilden ”%(address)s” finns inte. Skriv dess adress.") % {"address": row.picture}
            )
        )
    titles = set(Problem.objects.filter(picture=picture).values_list("title", flat=True)) if picture else set()
    _scan(row, (row.title, row.title_en, row.intro, row.intro_en), errors)
    for area in row.areas:
        _scan(area, (area.title, area.title_en, area.why, area.why_en), errors)
        for problem in area.problems:
            if problem not in titles:
                message = _("Problemet ”%(title)s” finns inte i lägesbilden.") % {"title": problem}
                errors.append(LineError(area.line, message))
        for promise in area.commitments:
            errors += _wrong_with(promise, known=known)
    return DryRun(row, tuple(sorted(errors, key=lambda error: error.line)))


def _picture(row: SetRow, *, by: Actor) -> SituationPicture | None:
    if not row.picture:
        return None
    return SituationPicture.objects.visible_to(by).filter(slug=row.picture, kind="JOINT").first()


def _wrong_with(promise: CommitmentRow, *, known: set[str]) -> list[LineError]:
    errors: list[LineError] = []
    for party in promise.parties:
        if party.organisation not in known:
            message = _("Organisationen ”%(slug)s” finns inte. Använd dess kortnamn i adressen, till exempel polisen.")
            errors.append(LineError(party.line, message % {"slug": party.organisation}))
        _scan(party, (party.part,), errors)
    words = (promise.text, promise.text_en, promise.purpose, promise.purpose_en)
    _scan(promise, (*words, promise.how_we_know, promise.how_we_know_en, promise.easy_text), errors)
    for unit in promise.units:
        _scan(unit, (unit.name, unit.name_en), errors)
    for link in promise.links:
        _scan(link, (link.title, link.title_en, link.url), errors)
    for pause in promise.rule.pauses if promise.rule else ():
        _scan(pause, (pause.reason, pause.reason_en), errors)
    return errors


def _scan(
    row: SetRow | AreaRow | CommitmentRow | PartyRow | UnitRow | LinkRow | PauseRow,
    texts: tuple[str, ...],
    errors: list[LineError],
) -> None:
    if any(finding.blocks for text in texts if text for finding in scan(text)):
        errors.append(LineError(row.line, _("Texten innehåller ett personnummer. Ta bort det.")))


@transaction.atomic
def import_set(row: SetRow, *, by: Actor, now: dt.datetime) -> PledgeSet:
    """Make a draft of what the file holds; everything or nothing. Raises `FileRefused` with the errors by line."""
    found = look_through(row, by=by)
    if found.errors:
        raise FileRefused(list(found.errors))
    picture = _picture(row, by=by)
    pledge_set = create_set(
        values={
            "title": row.title,
            "title_en": row.title_en,
            "intro": row.intro,
            "intro_en": row.intro_en,
            "period_start": row.period_start,
            "period_end": row.period_end,
            "picture": picture,
            "progress_interval_months": row.progress_interval_months,
        },
        by=by,
        now=now,
    )
    organisations = {one.slug: one for one in Organisation.objects.filter(is_active=True)}
    areas: dict[AreaRow, PriorityArea] = {}
    for area_row in row.areas:
        problems = Problem.objects.filter(picture=picture, title__in=area_row.problems) if picture else []
        values = {name: getattr(area_row, name) for name in ("title", "title_en", "why", "why_en")}
        areas[area_row] = priorities.add_area(pledge_set, values=values, problems=problems, by=by, now=now)
    # Numbers rise: the file's own are kept whatever order its areas stand in.
    rows = sorted(
        ((promise, areas[area]) for area in row.areas for promise in area.commitments),
        key=lambda pair: pair[0].number,
    )
    for promise, area in rows:
        try:
            _promise(promise, pledge_set, area, organisations, by=by, now=now)
        except Refused as no:
            raise FileRefused([LineError(promise.line, str(no))]) from no
    for area_row, area in areas.items():
        for order, promise in enumerate(area_row.commitments, start=1):
            area.commitments.filter(number=promise.number).update(order=order)
    pledge_set.refresh_from_db()
    record(pledge_set, "imported", by=by, now=now, promises=len(rows))
    return pledge_set


def _promise(
    row: CommitmentRow,
    pledge_set: PledgeSet,
    area: PriorityArea,
    organisations: dict[str, Organisation],
    *,
    by: Actor,
    now: dt.datetime,
) -> None:
    names = (
        "purpose",
        "purpose_en",
        "how_we_know",
        "how_we_know_en",
        "easy_text",
        "kind",
        "period_start",
        "period_end",
    )
    made = commitments.add_commitment(
        pledge_set,
        area=area,
        values={
            "text_as_promised": row.text,
            "text_as_promised_en": row.text_en,
            **{name: getattr(row, name) for name in names},
        },
        parties=[(organisations[party.organisation], party.role, party.part) for party in row.parties],
        units=[commitments.UnitRow(unit.name, unit.name_en, unit.target_min) for unit in row.units],
        links=[commitments.LinkRow(title=link.title, title_en=link.title_en, url=link.url) for link in row.links],
        number=row.number,
        by=by,
        now=now,
    )
    if row.rule is None:
        return
    rule_names = ("reading", "limit", "min_count", "per", "active_from", "active_to")
    rule = rules.set_rule(made, values={name: getattr(row.rule, name) for name in rule_names}, by=by, now=now)
    for pause in row.rule.pauses:
        pause_names = ("first_day", "last_day", "reason", "reason_en")
        rules.add_pause(rule, **{name: getattr(pause, name) for name in pause_names}, by=by, now=now)


# --- Out --------------------------------------------------------------------------------------------------


def export_set(pledge_set: PledgeSet, *, by: Actor) -> SetRow:
    """What `import_set` makes the same set from, as it was promised. Only for those who see the set."""
    require(policies.can_see_set(by, pledge_set))
    rows = (
        pledge_set.commitments.select_related("area")
        .prefetch_related(
            Prefetch("parties", CommitmentParty.objects.select_related("organisation").order_by("pk")),
            "units",
            "links",
            Prefetch("rule", RecurrenceRule.objects.prefetch_related("pauses")),
        )
        .order_by("order", "number")
    )
    promises = list(rows)
    return SetRow(
        title=pledge_set.title,
        title_en=pledge_set.title_en,
        period_start=pledge_set.period_start,
        period_end=pledge_set.period_end,
        intro=pledge_set.intro,
        intro_en=pledge_set.intro_en,
        picture=pledge_set.picture.slug if pledge_set.picture else "",
        progress_interval_months=pledge_set.progress_interval_months,
        areas=tuple(
            AreaRow(
                title=area.title,
                title_en=area.title_en,
                why=area.why,
                why_en=area.why_en,
                problems=tuple(problem.title for problem in area.problems.all()),
                commitments=tuple(_row(promise) for promise in promises if promise.area_id == area.pk),
            )
            for area in pledge_set.areas.prefetch_related("problems").order_by("order", "pk")
        ),
    )


def _row(promise: Commitment) -> CommitmentRow:
    rule = getattr(promise, "rule", None)
    return CommitmentRow(
        number=promise.number,
        text=promise.text_as_promised,
        text_en=promise.text_as_promised_en,
        kind=promise.kind,
        purpose=promise.purpose,
        purpose_en=promise.purpose_en,
        how_we_know=promise.how_we_know,
        how_we_know_en=promise.how_we_know_en,
        easy_text=promise.easy_text,
        period_start=promise.period_start,
        period_end=promise.period_end,
        parties=tuple(PartyRow(one.organisation.slug, one.role, one.part) for one in promise.parties.all()),
        units=tuple(UnitRow(one.name, one.name_en, one.target_min) for one in promise.units.all()),
        links=tuple(LinkRow(title=one.title, title_en=one.title_en, url=one.url) for one in promise.links.all()),
        rule=_rule_row(rule) if rule else None,
    )


def _rule_row(rule: RecurrenceRule) -> RuleRow:
    return RuleRow(
        reading=rule.reading,
        limit=rule.limit,
        min_count=rule.min_count,
        per=rule.per,
        active_from=rule.active_from,
        active_to=rule.active_to,
        pauses=tuple(
            PauseRow(pause.first_day, pause.last_day, pause.reason, pause.reason_en) for pause in rule.pauses.all()
        ),
    )
