"""A draft shown to another organisation: exactly one version, frozen, with a line of history (docs/rules.md)."""

from __future__ import annotations

import pytest

from incidents import policies
from incidents.models import DraftShare
from incidents.operations import decisions, reports
from lysekil_trygghet.history.guards import NotAllowed, Refused

from .. import make_incidents as make
from ..make import at

pytestmark = pytest.mark.django_db

NOW = at("2020-06-09", "10:00")


def by(key: str):
    return make.acting(key, now=NOW)


def share(**values) -> DraftShare:
    defaults = {"organisation": make.department("polisen"), "by": by("head_social"), "now": NOW}
    return reports.share_draft(**(defaults | values))


def test_the_head_opens_one_version_of_a_report_draft_to_the_police():
    draft = make.report_draft(now=NOW, done_text="Fyra kvällar.")
    shared = share(report=draft)
    assert shared.snapshot["done_text"] == "Fyra kvällar."
    assert (shared.snapshot["number"], shared.snapshot["version"]) == ("2020-1:1", 1)
    assert (shared.shared_at, shared.shared_by_function) == (NOW, "Socialchef")
    event = make.last_event(draft)
    assert event.verb == "draft_shared"
    assert event.details == {"organisation_id": make.department("polisen").pk, "share": shared.pk}
    assert policies.can_see_share(by("police_liaison"), shared)
    # The draft itself stays closed.
    assert not policies.can_see_report(by("police_liaison"), draft)


def test_what_is_written_afterwards_is_not_in_what_was_shared():
    draft = make.report_draft(now=NOW, done_text="Fyra kvällar.")
    shared = share(report=draft)
    reports.save_draft(draft, values={"done_text": "Hemligt."}, by=by("officer_social"), now=NOW)
    reports.submit(draft, secrecy_checked=True, by=by("head_social"), now=NOW)
    assert make.fresh(shared).snapshot["done_text"] == "Fyra kvällar."


def test_what_is_shared_is_what_stands_in_the_database_not_on_an_old_page():
    draft = make.report_draft(now=NOW, done_text="Fyra kvällar.")
    reports.save_draft(draft, values={"done_text": "Fem kvällar."}, by=by("officer_social"), now=NOW)
    assert share(report=draft).snapshot["done_text"] == "Fem kvällar."


def test_only_a_draft_is_shared_and_only_by_who_submits():
    draft = make.report_draft(now=NOW)
    for key in ("officer_social", "head_education", "director", "lpo_chief"):
        with pytest.raises(NotAllowed):
            share(report=draft, by=by(key))
    with pytest.raises(Refused, match="egna"):
        share(report=draft, organisation=make.department())
    reports.submit(draft, secrecy_checked=True, by=by("head_social"), now=NOW)
    with pytest.raises(NotAllowed):
        share(report=draft)
    assert not DraftShare.objects.exists()


def test_the_director_opens_one_version_of_a_decision_draft():
    draft = make.decision(now=NOW, points=("Ett", "Två"))
    for key in ("coordinator", "head_social"):
        with pytest.raises(NotAllowed):
            share(decision=draft, by=by(key))
    shared = share(decision=draft, by=by("director"))
    decisions.put_points(draft, [decisions.PointRow("Tre")], by=by("director"), now=NOW)
    assert make.fresh(shared).snapshot["points"] == ["Ett", "Två"]
    assert policies.can_see_share(by("lpo_chief"), shared)
    assert not policies.can_see_share(by("officer_labour"), shared)
    assert not policies.can_see_decision(by("lpo_chief"), draft)


def test_a_decision_draft_that_was_shared_is_not_thrown_away_and_one_taken_is_not_shared():
    draft = make.decision(now=NOW)
    share(decision=draft, by=by("director"))
    with pytest.raises(Refused, match="delats"):
        decisions.discard_draft(draft, by=by("director"), now=NOW)
    decisions.decide(draft, by=by("director"), now=NOW)
    with pytest.raises(NotAllowed):
        share(decision=draft, by=by("director"))
