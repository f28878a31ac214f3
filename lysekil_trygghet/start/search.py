"""What residents can search in: every kind of published text, and the pages that are always there.

A field stands here only if the page it leads to always shows it. `tests/rooms/test_search.py` holds the indexes of
the migrations (PostgreSQL) to this list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from incidents.lifecycle import DECISIONS_TAKEN, Audience
from incidents.models import ActionPackage, ContactPoint, PublicUpdate, Response, SeriousEvent, SteeringDecision
from incidents.residents.responses import decision_url
from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.publishing.search import Hit, Hits, Searched, cleaned, find, marked
from lysekil_trygghet.publishing.search_index import fold
from pledges.models import Amendment, Commitment, PledgeSet, SafetyWalk
from pledges.residents.reading import shown_feedback
from situation.models import Finding, Problem, SituationPicture
from situation.residents import finding_place, problem_place


def _packages() -> QuerySet[ActionPackage]:
    return (
        ActionPackage.objects.published().filter(response__in=Response.objects.published()).select_related("response")
    )


def _decisions() -> QuerySet[SteeringDecision]:
    taken = SteeringDecision.objects.published().filter(state__in=DECISIONS_TAKEN)
    return taken.filter(response__in=Response.objects.published()).select_related("response")


def _events() -> QuerySet[SeriousEvent]:
    return SeriousEvent.objects.published().filter(responses__in=Response.objects.published()).distinct()


def _inside_pictures(model: type[Problem] | type[Finding]) -> Callable[[], QuerySet]:
    return lambda: model.objects.filter(
        is_public=True, picture__in=SituationPicture.objects.published()
    ).select_related("picture")


def _event_path(event: Any) -> str:
    return Response.objects.published().filter(events=event).order_by("-started_at")[0].public_url


SEARCHED = (
    Searched(
        kind=lambda: _("Löfte"),
        rows=lambda: Commitment.objects.published().select_related("pledge_set"),
        path=lambda row: row.public_url,
        title="text_as_promised",
        more=("purpose", "how_we_know"),
    ),
    Searched(
        kind=lambda: _("Medborgarlöften"),
        rows=lambda: PledgeSet.objects.published(),
        path=lambda row: row.public_url,
        title="title",
        more=("intro",),
    ),
    Searched(
        kind=lambda: _("Ändrat löfte"),
        rows=lambda: Amendment.objects.filter(commitment__in=Commitment.objects.published()).select_related(
            "commitment__pledge_set"
        ),
        path=lambda row: row.public_url,
        title="new_text",
        more=("reason",),
    ),
    Searched(
        kind=lambda: _("Nyhet"),
        rows=lambda: PublicUpdate.objects.published(),
        path=lambda row: row.public_url,
        title="title",
        more=("lead", "body"),
        newest="-published_at",
    ),
    Searched(
        kind=lambda: _("Intensifierat arbete"),
        rows=lambda: Response.objects.published(),
        path=lambda row: row.public_url,
        title="title",
        more=("background",),
    ),
    Searched(
        kind=lambda: _("Inriktningsbeslut"),
        rows=_decisions,
        path=lambda row: decision_url(row.response.slug, row),
        title="aim",
    ),
    Searched(
        kind=lambda: _("Åtgärdspaket"),
        rows=_packages,
        path=lambda row: reverse("incidents_public:package", args=[row.response.slug, row.version]),
        title="title",
        more=("lead",),
    ),
    Searched(
        kind=lambda: _("Händelse"),
        rows=_events,
        path=_event_path,
        title="title",
        more=("public_summary",),
    ),
    Searched(
        kind=lambda: _("Lägesbild"),
        rows=lambda: SituationPicture.objects.published(),
        path=lambda row: row.public_url,
        title="title",
        more=("public_summary", "analysis"),
    ),
    Searched(
        kind=lambda: _("Problem i lägesbilden"),
        rows=_inside_pictures(Problem),
        path=lambda row: f"{row.picture.public_url}#{problem_place(row.pk)}",
        title="title",
        more=("what", "where", "when", "rationale"),
    ),
    Searched(
        kind=lambda: _("Iakttagelse i lägesbilden"),
        rows=_inside_pictures(Finding),
        path=lambda row: f"{row.picture.public_url}#{finding_place(row.pk)}",
        title="claim",
    ),
    Searched(
        kind=lambda: _("Ni sa – vi gjorde"),
        rows=shown_feedback,
        path=lambda row: reverse("pledges_public:feedback"),
        title="said",
        more=("did",),
    ),
    Searched(
        kind=lambda: _("Trygghetsvandring"),
        rows=lambda: SafetyWalk.objects.published(),
        path=lambda row: reverse("pledges_public:walks"),
        title="title",
    ),
    Searched(
        kind=lambda: _("Kontakt"),
        rows=lambda: ContactPoint.objects.published().filter(audience=Audience.PUBLIC),
        path=lambda row: f"{reverse('incidents_public:contact')}#kontakt-{row.pk}",
        title="name",
        more=("what_for", "not_for"),
    ),
)


@dataclass(frozen=True)
class FixedPage:
    """A page that is always there, and what people who need it may write."""

    name: str
    title: Any
    words: Any


FIXED = (
    FixedPage(
        "incidents_public:contact",
        gettext_lazy("Kontakt"),
        gettext_lazy(
            "Vem du ringer och när någon svarar: 112, 114 14, Polisen, kommunen, telefon, öppettider, anmälan."
        ),
    ),
    FixedPage(
        "start:how_we_work",
        gettext_lazy("Så arbetar vi"),
        gettext_lazy(
            "Från det du berättar till ett löfte som följs upp: så går trygghetsarbetet till, steg för steg."
        ),
    ),
    FixedPage(
        "start:accessibility",
        gettext_lazy("Tillgänglighetsredogörelse"),
        gettext_lazy("Hur tillgänglig portalen är och hur du anmäler brister."),
    ),
    FixedPage(
        "pledges_public:feedback",
        gettext_lazy("Ni sa – vi gjorde"),
        gettext_lazy("Det invånare har sagt, vad vi gjorde och när."),
    ),
    FixedPage(
        "pledges_public:walks",
        pgettext_lazy("title of a page", "Trygghetsvandringar"),
        gettext_lazy("Vad vi såg när vi gick tillsammans, vem som svarar och vad svaret blev."),
    ),
)


def search(query: str, *, read: Reader) -> Hits:
    """Everything published that holds the words, the best first."""
    return find(query, among=SEARCHED, read=read)


def fixed_pages(query: str) -> list[Hit]:
    """The pages that are always there and hold all the words."""
    return _fixed([fold(word) for word in cleaned(query).split()])


def _fixed(words: list[str]) -> list[Hit]:
    hits = []
    for page in FIXED:
        title, text = str(page.title), str(page.words)
        plain = fold(f"{title} {text}")
        if words and all(word in plain for word in words):
            hits.append(
                Hit(
                    kind=_("Sida"),
                    title=marked(title, words),
                    title_mark=marked("", ()),
                    excerpt=marked(text, words),
                    excerpt_mark=marked("", ()),
                    url=reverse(page.name),
                    is_alike=False,
                )
            )
    return hits
