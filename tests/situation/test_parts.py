"""Sources, findings, problems, causes and areas: written, put in order, and fixed once the picture is adopted."""

from __future__ import annotations

import pytest
from django.db import transaction

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import StalePage
from situation.lifecycle import PictureKind, PictureState
from situation.models import Area, Finding, Problem, SituationPicture, Source
from situation.operations import areas, copying, findings, pictures, problems, sources

from .. import make_situation as make
from ..make_incidents import acting

pytestmark = pytest.mark.django_db


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def refusal(call) -> str:
    with transaction.atomic(), pytest.raises(Refused) as no:
        call()
    return str(no.value)


def every_change(picture: SituationPicture, *, by, now) -> dict[str, object]:
    """Each way there is to change what a picture says."""
    finding, problem = picture.findings.first(), picture.problems.first()
    other_finding, other_problem = picture.findings.last(), picture.problems.last()
    cause, other_cause = problem.causes.first(), problem.causes.last()
    source = picture.sources.first()
    loose = make.source(now=now)
    own = make.picture(kind=PictureKind.OWN, now=now)
    told = {"by": by, "now": now}
    return {
        "title": lambda: pictures.edit(picture, values={"title": "Annat"}, **told),
        "summary": lambda: pictures.edit(picture, values={"public_summary": "Annat"}, **told),
        "add source": lambda: pictures.put_sources(picture, [*picture.sources.all(), loose], **told),
        "change source": lambda: sources.edit(source, values={"limitations": "Annat"}, **told),
        "copy": lambda: copying.copy_parts(picture, findings=own.findings.all(), **told),
        "new finding": lambda: findings.write(picture, values={"claim": "Nytt"}, sources=[source], **told),
        "change finding": lambda: findings.edit(finding, values={"claim": "Annat"}, **told),
        "finding without source": lambda: findings.edit(finding, values={}, sources=[], **told),
        "move finding": lambda: findings.place(finding, direction="down", **told),
        "remove finding": lambda: findings.remove(other_finding, **told),
        "new problem": lambda: problems.write(picture, values={"title": "Nytt"}, **told),
        "change problem": lambda: problems.edit(problem, values={"who": "Annat"}, **told),
        "problem's findings": lambda: problems.edit(problem, values={}, findings=[], **told),
        "problem's areas": lambda: problems.edit(problem, values={}, areas=[make.area(now=now)], **told),
        "rank": lambda: problems.place(problem, direction="down", **told),
        "remove problem": lambda: problems.remove(other_problem, **told),
        "new cause": lambda: problems.write_cause(
            problem, values={"level": "STRUCTURE", "hypothesis": "Nytt"}, **told
        ),
        "change cause": lambda: problems.edit_cause(cause, values={"hypothesis": "Annat"}, **told),
        "move cause": lambda: problems.place_cause(cause, direction="down", **told),
        "remove cause": lambda: problems.remove_cause(other_cause, **told),
    }


CHANGES = [
    *("title", "summary", "add source", "change source", "copy", "new finding", "change finding"),
    *("finding without source", "move finding", "remove finding", "new problem", "change problem"),
    *("problem's findings", "problem's areas", "rank", "remove problem"),
    *("new cause", "change cause", "move cause", "remove cause"),
]


def rich_picture(*, now) -> SituationPicture:
    """Two findings, two problems, two causes on the same level."""
    whole = make.picture(now=now)
    make.finding(picture=whole, claim="Klotter minskar.", now=now)
    make.problem(picture=whole, title="Klotter", now=now)
    make.cause(problem=whole.problems.first(), hypothesis="Mörkt på torget.", now=now)
    return whole


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("state", ["ADOPTED", "PUBLISHED"])
def test_an_adopted_picture_stays_as_it_is(now, change, state):
    adopted = make.moved_to(rich_picture(now=now), state, now=now)

    said = refusal(every_change(adopted, by=acting("coordinator", now=now), now=now)[change])

    assert "antagen" in said
    assert fresh(adopted).revision == adopted.revision


@pytest.mark.parametrize("change", CHANGES)
def test_under_review_every_change_takes_both_confirmations_back(now, change):
    both = make.confirmed(make.moved_to(rich_picture(now=now), PictureState.REVIEW, now=now), now=now)
    assert both.both_have_confirmed

    every_change(both, by=acting("coordinator", now=now), now=now)[change]()

    after = fresh(both)
    assert not after.is_police_confirmed
    assert not after.is_municipality_confirmed
    assert after.state == PictureState.REVIEW
    # Whoever had the page open confirms nothing they did not see.
    assert after.revision > both.revision


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["communicator", "head_social", "registrar", "elected"])
def test_those_who_do_not_write_change_nothing(now, change, who):
    draft = rich_picture(now=now)
    with pytest.raises(NotAllowed):
        every_change(draft, by=acting(who, now=now), now=now)[change]()


def test_the_changes_tried_here_are_all_there_are(now):
    assert set(every_change(rich_picture(now=now), by=acting("coordinator", now=now), now=now)) == set(CHANGES)


def test_the_police_write_in_the_joint_picture_once_it_is_opened(now):
    draft = rich_picture(now=now)
    police = acting("police_liaison", now=now)
    theirs = make.source(by="police_liaison", now=now)

    with pytest.raises(NotAllowed):
        pictures.put_sources(draft, [*draft.sources.all(), theirs], by=police, now=now)
    opened = pictures.open_to_police(draft, by=acting("coordinator", now=now), now=now)
    pictures.put_sources(opened, [*draft.sources.all(), theirs], by=police, now=now)
    claim = findings.write(opened, values={"claim": "Fler anmälda stölder."}, sources=[theirs], by=police, now=now)

    assert claim.sources.get() == theirs


def test_a_change_in_a_draft_leaves_other_open_pages_fresh(now):
    draft = make.picture(now=now)
    make.finding(picture=draft, now=now)
    assert fresh(draft).revision == draft.revision


# --- Findings ---------------------------------------------------------------------------------------------


def test_a_finding_rests_on_sources_of_its_picture(now):
    draft = make.picture(now=now)
    said = refusal(lambda: make.finding(picture=draft, sources=[make.source(now=now)], now=now))
    assert "Lägg först till underlaget" in said


def test_findings_are_put_in_order_step_by_step(now):
    draft = make.empty_picture(sources=(make.source(now=now),), now=now)
    a, b, c = [make.finding(picture=draft, claim=word, now=now) for word in ("a", "b", "c")]
    by = acting("coordinator", now=now)

    def order() -> list[str]:
        return list(Finding.objects.filter(picture=draft).values_list("claim", flat=True))

    findings.place(c, direction="up", by=by, now=now)
    assert order() == ["a", "c", "b"]
    findings.place(a, direction="up", by=by, now=now)
    findings.place(fresh(b), direction="down", by=by, now=now)
    assert order() == ["a", "c", "b"]
    findings.remove(fresh(c), by=by, now=now)
    assert order() == ["a", "b"]


def test_a_stale_finding_is_not_saved_over(now):
    claim = make.finding(now=now)
    by = acting("coordinator", now=now)
    findings.edit(claim, values={"claim": "Först"}, by=by, now=now, seen=claim.revision)
    with pytest.raises(StalePage):
        findings.edit(claim, values={"claim": "Sedan"}, by=by, now=now, seen=claim.revision)
    assert fresh(claim).claim == "Först"


# --- Problems and causes ----------------------------------------------------------------------------------


def test_problems_are_ranked_without_gaps(now):
    draft = make.empty_picture(now=now)
    a, b, c = [make.problem(picture=draft, title=word, now=now) for word in ("a", "b", "c")]
    by = acting("coordinator", now=now)

    def ranks() -> list[tuple[int, str]]:
        return list(Problem.objects.filter(picture=draft).values_list("rank", "title"))

    problems.place(b, direction="up", by=by, now=now)
    assert ranks() == [(1, "b"), (2, "a"), (3, "c")]
    problems.remove(fresh(a), by=by, now=now)
    assert ranks() == [(1, "b"), (2, "c")]
    problems.place(fresh(c), direction="down", by=by, now=now)
    assert ranks() == [(1, "b"), (2, "c")]


def test_a_problem_follows_from_findings_of_its_own_picture(now):
    draft, other = make.picture(now=now), make.picture(now=now)
    said = refusal(
        lambda: problems.edit(
            draft.problems.get(),
            values={},
            findings=other.findings.all(),
            by=acting("coordinator", now=now),
            now=now,
        )
    )
    assert "annan lägesbild" in said


def test_causes_are_ordered_within_their_level(now):
    problem = make.problem(now=now)
    a, b = [make.cause(problem=problem, hypothesis=word, now=now) for word in ("a", "b")]
    make.cause(problem=problem, level="STRUCTURE", hypothesis="s", now=now)
    by = acting("coordinator", now=now)

    problems.place_cause(b, direction="up", by=by, now=now)
    problems.place_cause(fresh(a), direction="down", by=by, now=now)

    assert [cause.hypothesis for cause in problem.causes.filter(level="SITUATION")] == ["b", "a"]


# --- Sources ----------------------------------------------------------------------------------------------


def test_each_party_keeps_its_own_sources(now):
    police, municipal = make.source(by="police_liaison", now=now), make.source(now=now)
    coordinator, liaison = acting("coordinator", now=now), acting("police_liaison", now=now)

    for source, other in ((police, coordinator), (municipal, liaison)):
        with pytest.raises(NotAllowed):
            sources.edit(source, values={"title": "x"}, by=other, now=now)
        with pytest.raises(NotAllowed):
            sources.discard(source, by=other, now=now)
    with pytest.raises(NotAllowed):
        make.source(organisation=police.organisation, by="coordinator", now=now)
    with pytest.raises(NotAllowed):
        sources.edit(municipal, values={"organisation": police.organisation}, by=coordinator, now=now)


def test_nobody_puts_in_a_source_they_cannot_see(now):
    hidden = make.source(by="police_liaison", now=now)
    with pytest.raises(NotAllowed):
        pictures.put_sources(make.picture(now=now), [hidden], by=acting("coordinator", now=now), now=now)
    with pytest.raises(NotAllowed):
        make.empty_picture(sources=(hidden,), now=now)


def test_self_chosen_answers_have_no_response_rate(now):
    assert "svarsandel" in refusal(lambda: make.source(method="OPEN_WEB", n=520, response_rate=40, now=now))
    assert make.source(method="OPEN_WEB", n=520, now=now).strength == "MEDIUM"


def test_a_source_a_finding_rests_on_is_not_taken_out(now):
    draft = make.picture(now=now)
    said = refusal(lambda: pictures.put_sources(draft, [], by=acting("coordinator", now=now), now=now))
    assert draft.sources.get().title in said


def test_only_a_source_nothing_rests_on_is_thrown_away(now):
    by = acting("coordinator", now=now)
    used, free = make.picture(now=now).sources.get(), make.source(now=now)
    assert "vilar på underlaget" in refusal(lambda: sources.discard(used, by=by, now=now))
    sources.discard(free, by=by, now=now)
    assert list(Source.objects.all()) == [used]


# --- Areas ------------------------------------------------------------------------------------------------


def test_an_area_stands_once(now):
    make.area(name="Centrum", now=now)
    make.area(kind="DESO", code="1484A0010", version="2025", name="Centrum", now=now)
    for values in ({"name": "Centrum"}, {"kind": "DESO", "code": "1484A0010", "version": "2025", "name": "Annat"}):
        assert "finns redan" in refusal(lambda values=values: make.area(**values, now=now))


def test_an_area_is_no_part_of_itself(now):
    town = make.area(name="Staden", now=now)
    square = make.area(name="Torget", parent=town, now=now)
    said = refusal(lambda: areas.edit(town, values={"parent": square}, by=acting("coordinator", now=now), now=now))
    assert "sig självt" in said


def test_a_name_that_stands_in_an_adopted_picture_stays(now):
    square = make.area(name="Torget", now=now)
    draft = make.picture(now=now)
    by = acting("coordinator", now=now)
    problems.edit(draft.problems.get(), values={}, areas=[square], by=by, now=now)
    areas.edit(square, values={"name": "Stora torget"}, by=by, now=now)
    make.moved_to(draft, PictureState.ADOPTED, now=now)

    assert "Namnet står" in refusal(lambda: areas.edit(square, values={"name": "Torg"}, by=by, now=now))
    assert not areas.edit(square, values={"is_active": False}, by=by, now=now).is_active


@pytest.mark.parametrize("who", ["police_liaison", "communicator", "head_social", "elected"])
def test_who_keeps_areas(now, who):
    with pytest.raises(NotAllowed):
        make.area(by=who, now=now)
    assert not Area.objects.exists()


# --- Copying ----------------------------------------------------------------------------------------------


def test_a_joint_picture_takes_over_chosen_parts_of_an_own_one(now):
    police = make.picture(kind=PictureKind.OWN, by="police_liaison", state="ADOPTED", now=now)
    joint = make.picture(now=now)

    copying.copy_parts(
        joint,
        findings=police.findings.all(),
        problems=police.problems.all(),
        by=acting("coordinator", now=now),
        now=now,
    )

    copy = joint.findings.last()
    assert copy.claim == police.findings.get().claim
    assert set(copy.sources.all()) == set(police.sources.all()) <= set(joint.sources.all())
    problem = joint.problems.last()
    assert problem.rank == 2
    assert list(problem.findings.all()) == [copy]
    assert problem.causes.get().hypothesis == police.problems.get().causes.get().hypothesis
    # The original is untouched.
    assert police.findings.count() == police.problems.count() == 1


def test_nothing_is_taken_from_what_one_cannot_see(now):
    hidden = make.picture(kind=PictureKind.OWN, by="police_liaison", now=now)
    joint = make.picture(now=now)
    with pytest.raises(NotAllowed):
        copying.copy_parts(joint, findings=hidden.findings.all(), by=acting("coordinator", now=now), now=now)
    assert "Välj minst" in refusal(lambda: copying.copy_parts(joint, by=acting("coordinator", now=now), now=now))
    assert "redan" in refusal(
        lambda: copying.copy_parts(joint, findings=joint.findings.all(), by=acting("coordinator", now=now), now=now)
    )
