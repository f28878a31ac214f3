"""Which numbers a figure draws, what it never tells, and that an adopted picture's figures stay as they were."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from lysekil_trygghet.history.guards import Refused
from situation import figures
from situation.figures import PER_100K, Look, NothingToDraw
from situation.lifecycle import FigureKind, ImportKind, PictureState
from situation.models import Area, Figure, Indicator, IndicatorValue
from situation.operations import figures as writing
from situation.operations import imports

from .. import make_situation as making
from ..make_incidents import acting
from ..pledges.staff_pages import words_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _everybody(people):
    """The demo people exist."""


@pytest.fixture
def robberies() -> Indicator:
    making.stored_import(source=making.source(title="Anmälda brott", publisher="Brå", licence="Fri"))
    return Indicator.objects.get()


def people_of(area: str, *inhabitants: int) -> None:
    """Inhabitants of the years from 2014."""
    rows = "".join(f"{area};{2014 + place};{count}\n" for place, count in enumerate(inhabitants))
    making.stored_import(
        text=f"region;år;Folkmängd\n{rows}", kind=ImportKind.SCB, name="scb.csv", source=making.source()
    )


def area(code: str) -> Area:
    return Area.objects.get(code=code)


def test_over_time_the_own_municipality_is_drawn_when_nothing_is_chosen(robberies):
    drawn = figures.of_indicator(robberies, Look())
    assert [row[0] for row in drawn.rows] == [str(year) for year in range(2014, 2025)]
    assert drawn.rows[0][1] == "14"
    assert "Lysekil" in drawn.head[1]
    assert drawn.source_line.startswith("Källa: Brå, Anmälda brott. Inläst ")
    assert drawn.source_line.endswith("Licens: Fri.")
    assert drawn.svg.startswith("<svg")


def test_periods_and_the_mean_of_the_years_before(robberies):
    drawn = figures.of_indicator(robberies, Look(first="2019", last="2023", mean_of=3))
    assert [row[0] for row in drawn.rows] == ["2019", "2020", "2021", "2022", "2023"]
    # 12 + (0, 1, 2) for 2020, 2021, 2022.
    assert drawn.rows[-1][2] == "13"


def test_compared_with_county_and_country_for_the_latest_year(robberies):
    chosen = tuple(area(code).pk for code in ("1484", "1430", "14", "00"))
    drawn = figures.of_indicator(robberies, Look(areas=chosen), kind=FigureKind.COMPARE)
    assert [row[0] for row in drawn.rows] == [
        "Lysekil (din kommun)", "Munkedal", "Västra Götalands län", "Riket",
    ]  # fmt: skip
    assert "2024" in drawn.caption


def test_a_rate_uses_the_inhabitants_of_the_same_year(robberies):
    people_of("1484 Lysekil", *[14_000 + 100 * place for place in range(11)])
    drawn = figures.of_indicator(robberies, Look(per=PER_100K))
    # 14 robberies among 14 000 in 2014, 12 among 14 600 in 2020... each by its own year.
    assert drawn.rows[0][1] == "100"
    assert Decimal(drawn.rows[6][1].replace(",", ".")) == round(Decimal(1_200_000) / 14_600, 1)


def test_no_rate_of_fewer_than_five_nor_without_inhabitants_nor_of_a_month(robberies):
    with pytest.raises(NothingToDraw, match="folkmängd"):
        figures.of_indicator(robberies, Look(per=PER_100K))
    people_of("1484 Lysekil", *[14_000] * 11)
    IndicatorValue.objects.filter(period="2020", area__code="1484", indicator=robberies).update(value=4)
    drawn = figures.of_indicator(robberies, Look(per=PER_100K))
    assert drawn.rows[6][1] == "uppgift saknas"
    assert "Antal under 5" in " ".join(drawn.notes)
    months = "".join(f"Lysekil;Stöld;2023;{month};30\n" for month in ("Jan", "Feb", "Mar"))
    making.stored_import(text=f"Region;Brott;År;Period;Antal\n{months}", name="m.csv", source=making.source())
    with pytest.raises(NothingToDraw):
        figures.of_indicator(Indicator.objects.get(code="bra.stold.antal"), Look(per=PER_100K))


def test_what_is_missing_is_a_gap_and_never_zero(robberies):
    IndicatorValue.objects.filter(period="2020", area__code="1484").update(value=None, is_suppressed=True)
    drawn = figures.of_indicator(robberies, Look())
    assert drawn.rows[6][1] == "visas inte"


def test_a_question_shows_shares_and_says_when_answers_are_self_chosen(robberies):
    source = making.source(title="Enkät", method="OPEN_WEB", kind="SAFETY_SURVEY")
    made = making.stored_import(source=source)
    asked = making.question(source=source, dataset_import=made)
    drawn = figures.of_question(asked, Look())
    assert drawn.rows[0][:3] == ("Trygg", "64,5\u00a0%", "200")
    assert "självvalda svar" in " ".join(drawn.rows[0])
    assert any("hur vanligt" in note for note in drawn.notes)
    with pytest.raises(NothingToDraw):
        figures.of_question(asked, Look(answer="Finns inte"))


def test_themes_of_all_dialogues_are_added_up_and_few_are_not_told():
    source = making.source()
    making.dialogue(source=source)
    making.dialogue(source=source, themes=(("Belysning", 6), ("Klotter", 5)))
    drawn = figures.of_themes(source, Look())
    assert drawn.rows == (("Belysning", "20"), ("Klotter", "5"), ("Buskörning", "färre än 5"))
    assert ">3<" not in drawn.svg


# --- In a picture ---------------------------------------------------------------------------------------------


def in_picture(indicator: Indicator, picture=None, **values) -> Figure:
    defaults = {"kind": FigureKind.LINE, "title": "Rån i kommunen", "source": indicator.source, "indicator": indicator}
    picture = picture or making.picture(now=NOW)
    return writing.write(picture, values=defaults | values, by=acting("coordinator"), now=NOW)


def test_a_figure_brings_its_source_into_the_picture_and_takes_confirmations_back(robberies):
    picture = making.picture(now=NOW, state=PictureState.REVIEW)
    picture = making.confirmed(picture, now=NOW)
    figure = in_picture(robberies, picture)
    picture.refresh_from_db()
    assert robberies.source in picture.sources.all()
    assert not picture.both_have_confirmed
    assert figure.order == 1


def test_nothing_to_draw_is_no_figure(robberies):
    with pytest.raises(Refused, match="inga siffror"):
        in_picture(robberies, look=Look(first="2030").stored())
    with pytest.raises(Refused, match="rubrik"):
        in_picture(robberies, title=" ")
    assert Figure.objects.count() == 0


def test_adopted_the_figures_stay_as_they_were_in_both_languages(robberies):
    picture = making.picture(now=NOW)
    figure = in_picture(robberies, picture, title_en="Robberies")
    picture = making.moved_to(picture, PictureState.PUBLISHED, now=NOW)
    figure.refresh_from_db()
    before = {lang: figures.drawn(figure, lang=lang) for lang in ("sv", "en")}
    assert (before["sv"].caption, before["en"].caption) == ("Rån i kommunen (antal)", "Robberies (number)")

    making.stored_import(
        text=making.CRIMES.replace("Lysekil;Rån;2020;12", "Lysekil;Rån;2020;99"), source=robberies.source
    )
    assert IndicatorValue.objects.filter(value=99).count() == 1
    figure.refresh_from_db()
    assert {lang: figures.drawn(figure, lang=lang) for lang in ("sv", "en")} == before
    with pytest.raises(Refused, match="antagen"):
        writing.edit(figure, values={"title": "X"}, by=acting("coordinator"), now=NOW)


def test_residents_see_the_drawing_its_table_and_its_files(client, robberies):
    picture = making.picture(now=NOW)
    figure = in_picture(robberies, picture, comment="Rånen har varit få hela tiden.")
    hidden = in_picture(robberies, picture, title="Bara inåt", is_public=False)
    picture = making.moved_to(picture, PictureState.PUBLISHED, now=NOW)

    page = client.get(picture.public_url).content.decode()
    address = reverse("situation_public:figure", args=[picture.slug, figure.pk, "svg"])
    assert f'src="{address}"' in page
    width, height = re.search(r'viewBox="0 0 (\d+) (\d+)"', client.get(address).content.decode()).groups()
    assert f'width="{width}" height="{height}"' in page
    narrow = address.removesuffix("svg") + "smal.svg"
    assert f'<source media="(max-width: 40rem)" srcset="{narrow}" width="380"' in page
    assert 'viewBox="0 0 380 ' in client.get(narrow).content.decode()
    assert 'alt="' in page
    assert "Rånen har varit få hela tiden." in page
    assert "Källa: Brå" in page
    assert "Bara inåt" not in page

    svg = client.get(address)
    assert svg["Content-Type"] == "image/svg+xml"
    assert svg["Content-Security-Policy"] == "default-src 'none'; sandbox"
    rows = list(csv.reader(io.StringIO(client.get(address[:-3] + "csv").content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == ["2014", "14"]
    assert client.get(address[:-3] + "xlsx").content.startswith(b"PK")
    for wrong in (address[:-3] + "pdf", reverse("situation_public:figure", args=[picture.slug, hidden.pk, "svg"])):
        assert client.get(wrong).status_code == 404


def test_a_figure_of_a_draft_is_nobodys_outside(client, robberies):
    figure = in_picture(robberies)
    assert (
        client.get(reverse("situation_public:figure", args=[figure.picture.slug, figure.pk, "svg"])).status_code == 404
    )


# --- Pages -----------------------------------------------------------------------------------------------------


def test_numbers_are_looked_at_and_put_into_a_picture(client_as, robberies):
    picture = making.picture(now=NOW)
    client = client_as("coordinator")
    address = robberies.get_absolute_url()
    page = client.get(address + f"?way=COMPARE&areas={area('1484').pk}&areas={area('00').pk}")
    assert page.status_code == 200
    assert "Riket" in page.content.decode()
    add = page.context["add_url"]
    form = client.get(add)
    assert form.status_code == 200
    sent = client.post(add, {"picture": picture.pk, "title": "Rån jämfört med riket", "is_public": "on"})
    assert sent.status_code == 303, sent.content.decode()[-2000:]
    figure = Figure.objects.get()
    assert (figure.kind, figure.title, len(figure.look["areas"])) == (FigureKind.COMPARE, "Rån jämfört med riket", 2)
    hub = client.get(picture.get_absolute_url()).content.decode()
    assert "Rån jämfört med riket" in hub
    for kind in ("svg", "smal.svg", "csv", "xlsx"):
        assert client.get(reverse("situation:picture_figure", args=[picture.pk, figure.pk, kind])).status_code == 200


def test_a_finding_is_written_with_what_the_sources_say_beside_it(client_as, robberies):
    coordinator = client_as("coordinator")
    picture = making.picture(now=NOW)
    figure = in_picture(robberies, picture, title="Rån i kommunen")
    hub = coordinator.get(picture.get_absolute_url()).content.decode()
    new = reverse("situation:finding_new", args=[picture.pk])
    assert f'href="{new}?underlag={figure.source_id}"' in hub

    spoken, unused = making.source(title="Dialoger på torget"), making.source(title="Ligger inte till grund")
    for source, themes in ((spoken, (("Belysning", 14), ("Buller", 3))), (spoken, (("Belysning", 6),)), (unused, ())):
        making.dialogue(source=source, themes=themes)
    picture.sources.add(spoken)
    answer = coordinator.get(new, {"underlag": figure.source_id})
    said = words_of(answer)
    for words in ("Det här säger underlagen", "Rån i kommunen", "Belysning: 20", "Buller: 3"):
        assert words in said
    assert "Ligger inte till grund" not in said
    assert ticked(answer) == [str(figure.source_id)]
    for odd in ("x", "0", str(unused.pk), "9" * 30, "²"):
        assert ticked(coordinator.get(new, {"underlag": odd})) == []


def ticked(answer) -> list[str]:
    boxes = re.findall(r'<input[^>]*name="sources"[^>]*>', answer.content.decode())
    return [re.search(r'value="(\d+)"', box)[1] for box in boxes if " checked" in box]


@pytest.mark.parametrize(
    "query", ["?way=LINE&first=2030", "?areas=999999", "?way=MAP", "?per=PER_100K", "?first=x&last=y"]
)
def test_what_cannot_be_drawn_says_so_and_never_breaks(client_as, robberies, query):
    answer = client_as("coordinator").get(robberies.get_absolute_url() + query)
    assert answer.status_code == 200


def test_the_list_of_numbers_is_searched(client_as, robberies):
    client = client_as("head_social")
    assert "Anmälda brott: Rån" not in client.get("/arbete/siffror/").content.decode()
    client = client_as("coordinator")
    assert "Anmälda brott: Rån" in client.get("/arbete/siffror/?sok=rån").content.decode()
    assert "Ingen siffra heter så" in client.get("/arbete/siffror/?sok=regn").content.decode()


def test_words_follow_the_language(robberies):
    with translation.override("en"):
        drawn = figures.of_indicator(robberies, Look())
    assert drawn.source_line.startswith("Source: ")


def test_an_import_is_no_longer_needed_to_draw_what_is_frozen(robberies):
    picture = making.picture(now=NOW)
    figure = in_picture(robberies, picture)
    making.moved_to(picture, PictureState.ADOPTED, now=NOW)
    IndicatorValue.objects.all().delete()
    figure.refresh_from_db()
    assert figures.drawn(figure, lang="sv").rows
    assert imports.VERSION
