"""Questions over several models, answered with the same number of queries for 1 row and for 300."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, prefetch_related_objects
from django.db.models.functions import Coalesce

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import OrganisationKind
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.history.queries import timeline_of

from .lifecycle import PictureKind, PictureState
from .models import (
    Area,
    CauseAnalysis,
    DialogueTheme,
    Finding,
    Indicator,
    PictureComment,
    Problem,
    SituationPicture,
    Source,
    SurveyQuestion,
)

# Amber this long before the law's day (lag 2023:196, 6 §), red after it.
DAYS_OF_WARNING = 90
CURRENT = (PictureState.ADOPTED, PictureState.PUBLISHED)


def _count(model: type[Finding | Problem]) -> Coalesce:
    rows = model._base_manager.filter(picture=OuterRef("pk")).order_by().values("picture")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def pictures_in_list(actor: Actor) -> QuerySet[SituationPicture]:
    """What the actor may see, with `finding_count` and `problem_count`; the newest period first."""
    rows = SituationPicture.objects.visible_to(actor).select_related("organisation")
    return rows.annotate(finding_count=_count(Finding), problem_count=_count(Problem))


def words_wait_for_police() -> QuerySet[SituationPicture]:
    """Joint pictures under review that were opened to the Police and have no word from them yet."""
    return SituationPicture.objects.filter(
        kind=PictureKind.JOINT,
        state=PictureState.REVIEW,
        opened_to_police_at__isnull=False,
        police_confirmed_at=None,
    )


def waiting_for_police(actor: Actor) -> QuerySet[SituationPicture]:
    """Of those, what the actor may see."""
    return words_wait_for_police() & SituationPicture.objects.visible_to(actor)


def not_replaced() -> QuerySet[SituationPicture]:
    """Adopted pictures after which the same party, or both together, has adopted no newer one."""
    newer = SituationPicture.objects.filter(
        kind=OuterRef("kind"), organisation=OuterRef("organisation"), adopted_on__gt=OuterRef("adopted_on")
    )
    return SituationPicture.objects.filter(~Exists(newer), state__in=CURRENT)


def to_update(actor: Actor, *, today: dt.date) -> QuerySet[SituationPicture]:
    """Current pictures whose day for an update is near or past and that nothing adopted replaces."""
    soon = today + dt.timedelta(days=DAYS_OF_WARNING)
    rows = not_replaced().filter(next_update_due__lte=soon) & SituationPicture.objects.visible_to(actor)
    return rows.select_related("organisation").order_by("next_update_due", "pk")


def update_urgency(picture: SituationPicture, *, today: dt.date) -> str:
    """ "late", "soon", or "" when there is time or nothing to update."""
    if picture.needs_update(today):
        return "late"
    due = picture.next_update_due
    if picture.state not in CURRENT or due is None:
        return ""
    return "soon" if due <= today + dt.timedelta(days=DAYS_OF_WARNING) else ""


def parts_of(picture: SituationPicture) -> SituationPicture:
    """The picture again with all it consists of, in a fixed number of queries."""
    causes = CauseAnalysis.objects.order_by("level", "order", "pk")
    rows = SituationPicture.objects.select_related("organisation", "previous").prefetch_related(
        Prefetch("sources", Source.objects.select_related("organisation")),
        Prefetch("findings", Finding.objects.select_related("area").prefetch_related("sources")),
        Prefetch("problems", Problem.objects.prefetch_related("findings", "areas", Prefetch("causes", causes))),
    )
    return rows.get(pk=picture.pk)


@dataclass(frozen=True)
class Evidence:
    """What one source says in numbers: themes of its dialogues with their counts, its indicators and questions."""

    source: Source
    themes: tuple[tuple[str, int], ...]
    indicators: tuple[Indicator, ...]
    questions: tuple[SurveyQuestion, ...]


def evidence_of(actor: Actor, picture: SituationPicture) -> list[Evidence]:
    """The picture's sources that say something in numbers, as far as the actor may see them; in five queries."""
    sources = list(picture.sources.visible_to(actor).select_related("organisation"))
    themes = (
        DialogueTheme.objects.filter(dialogue__source__in=sources)
        .order_by()
        .values_list("dialogue__source", "theme")
        .annotate(total=Sum("count"))
    )
    by_source: dict[int, list[tuple[str, int]]] = {}
    for source, theme, total in themes:
        by_source.setdefault(source, []).append((theme, total))
    prefetch_related_objects(sources, "indicators", "questions")
    found = [
        Evidence(
            source,
            tuple(sorted(by_source.get(source.pk, ()), key=lambda row: (-row[1], row[0]))),
            tuple(source.indicators.all()),
            tuple(source.questions.all()),
        )
        for source in sources
    ]
    return [one for one in found if one.themes or one.indicators or one.questions]


def history_of(picture: SituationPicture) -> QuerySet[Event]:
    """All acts on the picture and on what it consists of, oldest first."""
    causes = CauseAnalysis.objects.filter(problem__picture=picture)
    return timeline_of(picture, picture.findings.all(), picture.problems.all(), causes)


def comments_for(actor: Actor, picture: SituationPicture) -> QuerySet[PictureComment]:
    """What was said inside. To the Police: what they wrote themselves, and what came after it was opened to them."""
    rows = picture.comments.select_related("organisation")
    if not actor.is_police:
        return rows
    own = Q(organisation__kind=OrganisationKind.POLICE)
    if picture.opened_to_police_at is None:
        return rows.filter(own)
    return rows.filter(own | Q(written_at__gte=picture.opened_to_police_at))


def sources_to_choose(actor: Actor, picture: SituationPicture | None = None) -> QuerySet[Source]:
    """Sources the actor may put into a picture, and those it rests on already."""
    rows = Source.objects.visible_to(actor)
    if picture is not None:
        rows = rows | Source.objects.filter(pictures=picture)
    return rows.select_related("organisation").distinct()


def areas_to_choose(chosen: Area | None = None) -> QuerySet[Area]:
    """Areas in use, and the one chosen before."""
    rows = Area.objects.filter(is_active=True)
    return rows | Area.objects.filter(pk=chosen.pk) if chosen is not None else rows


def pictures_to_copy_from(actor: Actor, picture: SituationPicture) -> QuerySet[SituationPicture]:
    """Pictures the actor may see, other than this one, that have something to take."""
    rows = SituationPicture.objects.visible_to(actor).exclude(pk=picture.pk)
    return rows.filter(Q(findings__isnull=False) | Q(problems__isnull=False)).distinct()
