"""A set from empty to closed, by the pages alone: the coordinator, the Police, the communicator, the leads."""

from __future__ import annotations

import pytest
from django.utils import timezone

from pledges.exchange import EXAMPLE, xlsx_file, yaml_file
from pledges.models import Commitment, FollowUp, Occurrence, PledgeSet
from pledges.operations import feedback, pledge_sets

from .. import make_pledges, make_situation
from ..make_incidents import acting, department, fresh
from .staff_pages import day, done, sent, url, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def roles(client_as):
    names = ("coordinator", "police_liaison", "communicator", "head_social", "officer_social", "director")
    return {name: client_as(name) for name in names}


def test_a_set_from_empty_to_closed(roles):
    coordinator, police, communicator = (roles[name] for name in ("coordinator", "police_liaison", "communicator"))
    social, polisen = department("socialforvaltningen"), department("polisen")
    picture = make_situation.picture(state="PUBLISHED")

    # Written.
    done(
        coordinator,
        url("set_new"),
        title="Medborgarlöften i vår",
        intro="Det här lovar vi.",
        period_start=day(-90),
        period_end=day(-1),
        picture=picture.pk,
    )
    made = PledgeSet.objects.get()
    done(
        coordinator,
        url("area_new", made),
        title="Tryggt i centrum",
        why="Många undviker torget.",
        problems=[picture.problems.get().pk],
    )
    area = made.areas.get()
    done(
        coordinator,
        url("commitment_new", area),
        text_as_promised="Kommunen och Polisen gör trafikkontroller.",
        kind="COUNT_TARGET",
        leads=[polisen.pk],
        helpers=[social.pk],
        how_we_know="Vi räknar dem.",
        unit_0_name="trafikkontroller",
        unit_0_target_min=2,
        link_0_title="Polisens sida",
        link_0_url="https://polisen.example/lysekil",
    )
    done(
        coordinator,
        url("commitment_new", area),
        text_as_promised="Kommunen har möten minst varannan vecka.",
        kind="RECURRING",
        leads=[social.pk],
        how_we_know="Vi räknar mötena.",
        reading="DAYS",
        limit=14,
    )
    controls, meetings = made.commitments.order_by("number")
    assert [unit.target_min for unit in controls.units.all()] == [2]
    assert controls.links.get().url == "https://polisen.example/lysekil"
    assert (meetings.rule.limit, meetings.rule.active_from) == (14, made.period_start)
    done(
        coordinator,
        url("commitment_edit", meetings),
        text_as_promised="Kommunen har SSPF-möten minst varannan vecka.",
        leads=[social.pk],
    )
    assert fresh(meetings).rule.limit == 14
    assert "Kommunen har inte bekräftat löftena." in words_of(coordinator.get(url("set", made)))

    # Shown, sent back, mended, agreed.
    assert police.get(url("set", made)).status_code == 404
    done(coordinator, url("set_share", made), organisation=social.pk)
    assert roles["head_social"].get(url("set", made)).status_code == 200
    done(coordinator, url("set_open", made))
    done(police, url("wording_send_back", "lofte", controls), text="Skriv hur många kontroller.")
    page = words_of(coordinator.get(url("commitment", controls)))
    assert "Tillbakaskickat av Polisen" in page
    assert "Skriv hur många kontroller." in page
    done(
        coordinator,
        url("commitment_edit", controls),
        text_as_promised="Polisen gör minst två trafikkontroller.",
        leads=[polisen.pk],
        helpers=[social.pk],
    )
    answer = coordinator.post(url("comment", "lofte", controls), {"text": "Nu står antalet med."})
    assert answer.status_code == 303
    done(police, url("wording_confirm", "lofte", controls))
    done(police, url("wording_confirm", "omrade", area))
    done(coordinator, url("set_agree", made))
    done(police, url("set_agree", made))
    assert fresh(made).state == "AGREED"

    # Signed and published.
    assert coordinator.get(url("set_sign", made)).context["missing"]
    for organisation, function in ((department("kommunledning"), "Ordförande"), (polisen, "Lokalpolisområdeschef")):
        done(
            coordinator,
            url("signature_new", made),
            organisation=organisation.pk,
            function_label=function,
            signed_on=day(-90),
        )
    done(coordinator, url("set_sign", made))
    refused = sent(communicator, url("set_publish", made))
    assert refused.status_code == 422
    assert "Medborgarlöften i vår" in words_of(communicator.get(url("set_preview", made)))
    done(communicator, url("set_publish", made), plain_language="on", accessibility="on")
    assert fresh(made).state == "PUBLISHED"

    # Done: logged in two taps, called off, undone and put back, put right.
    _logged(roles, controls, meetings, social, polisen)
    pledge_sets.begin_closing(fresh(made), now=timezone.now())
    _answered(roles, controls, meetings, social, polisen)

    # Closed by two.
    done(coordinator, url("closing_text", made), closing_text="Det mesta blev av.")
    done(coordinator, url("closing_propose", made))
    assert coordinator.get(url("closing_approve", made)).status_code == 403
    done(police, url("closing_approve", made))
    assert fresh(made).state == "CLOSED"
    said = words_of(coordinator.get(url("set", made)))
    assert "Avslutades" in said

    # And the next one.
    done(
        coordinator,
        url("set_carry", made),
        title="Medborgarlöften i höst",
        period_start=day(0),
        period_end=day(180),
    )
    following = PledgeSet.objects.get(title="Medborgarlöften i höst")
    assert following.previous == made
    assert [one.number for one in following.commitments.all()] == [1]


def _logged(roles, controls, meetings, social, polisen):
    unit = controls.units.get()
    log = url("log", controls, polisen)
    page = roles["police_liaison"].get(log)
    assert page.context["form"]["date"].value() == day(-1), "the last day of the set, when it is past"
    done(roles["police_liaison"], log, **{f"count_{unit.pk}": 2, "public_note": "Vid infarten."})
    assert Occurrence.objects.get().counts.get().count == 2
    row = Occurrence.objects.get()
    for turn, state in (("log_undo", "UNDONE"), ("log_redo", "HELD")):
        assert roles["police_liaison"].post(url(turn, row)).status_code == 303
        assert fresh(row).state == state
    done(roles["police_liaison"], url("log_edit", row), **{f"count_{unit.pk}": 3})
    assert fresh(row).counts.get().count == 3

    done(roles["officer_social"], url("log", meetings, social), date=day(-80))
    page = roles["officer_social"].get(url("log", meetings, social))
    off = page.context["off_form"]
    answer = roles["officer_social"].post(
        url("log", meetings, social),
        {"call_off": "1", "off-date": day(-70), "off-reason": "Lokalen var stängd.", "off-once": off["once"].value()},
    )
    assert answer.status_code == 303
    assert meetings.occurrences.get(state="CANCELLED").reason == "Lokalen var stängd."
    said = words_of(roles["coordinator"].get(url("commitment", meetings)))
    assert "Lokalen var stängd." in said
    done(
        roles["coordinator"],
        url("pause_new", meetings),
        first_day=day(-60),
        last_day=day(-50),
        reason="Sommaruppehåll",
    )
    pause = meetings.rule.pauses.get()
    assert "Sommaruppehåll" in words_of(roles["coordinator"].get(url("commitment", meetings)))
    done(roles["coordinator"], url("pause_remove", meetings, pause))


def _answered(roles, controls, meetings, social, polisen):
    coordinator, police, head = roles["coordinator"], roles["police_liaison"], roles["head_social"]
    done(head, url("note", meetings, social), outlook="DELAYED", text="Ett möte ställdes in.")
    assert "Ett möte ställdes in." in words_of(coordinator.get(url("commitment", meetings)))

    # The municipality's own.
    refused = sent(head, url("delivery", meetings, social), to="PARTLY_DONE", reason="")
    assert refused.status_code == 422
    done(head, url("delivery", meetings, social), to="CARRIED_OVER", reason="Mötena fortsätter.")
    done(head, url("goal", meetings), to="NOT_MEASURABLE")
    done(head, url("answer", meetings), public_note="Vi möttes nästan varannan vecka.")
    _followed_up(head, meetings)
    assert (fresh(meetings).delivery_state, fresh(meetings).goal_state) == ("CARRIED_OVER", "NOT_MEASURABLE")

    # The Police's: proposed, declined, proposed again, accepted.
    proposal = url("proposal_new", controls)
    done(coordinator, proposal, delivery="NOT_DONE", reason="Vi såg inga kontroller.")
    first = controls.proposals.get()
    done(police, url("proposal_decline", controls, first), reason="Vi gjorde tre.")
    done(coordinator, proposal, delivery="DONE", public_note="Polisen gjorde tre kontroller.")
    second = controls.proposals.exclude(pk=first.pk).get()
    done(police, url("proposal_accept", controls, second))
    assert fresh(controls).delivery_state == "DONE"
    # Written anew by the coordinator, it waits for the Police.
    done(coordinator, url("answer", controls), public_note="Polisen gjorde tre kontroller vid infarten.")
    assert fresh(controls).answer_confirmed_at is None
    done(police, url("answer_confirm", controls))
    assert fresh(controls).answer_confirmed_at is not None
    made = _followed_up(coordinator, controls)
    done(police, url("follow_up_confirm", made))

    # Said otherwise, and a figure.
    done(
        coordinator,
        url("amend", meetings),
        new_text="Kommunen har SSPF-möten var tredje vecka.",
        reason="Färre ärenden.",
        decided_on=day(-20),
    )
    said = words_of(coordinator.get(url("commitment", meetings)))
    assert "SSPF-möten var tredje vecka" in said
    assert "SSPF-möten minst varannan vecka" in said
    done(
        coordinator,
        url("figure_new", meetings),
        label="Andel trygga",
        unit="procent",
        baseline_value="40,5",
        baseline_period="2017",
        value="46",
        value_period="2018",
        source=make_situation.source().pk,
    )
    figure = meetings.figures.get()
    done(coordinator, url("figure_edit", meetings, figure), value="47,5")
    assert str(fresh(figure).value).replace(".", ",").startswith("47,5")
    assert "47,5" in words_of(coordinator.get(url("commitment", meetings)))


def _followed_up(client, promise: Commitment) -> FollowUp:
    done(client, url("follow_up_new", "lofte", promise), kind="OUTPUT", done_text="Det här gjordes.", is_public="on")
    made = promise.follow_ups.get()
    done(client, url("follow_up_edit", made), done_text="Det här gjordes under våren.")
    done(client, url("follow_up_finish", made))
    done(client, url("follow_up_reopen", made))
    done(client, url("follow_up_finish", made))
    assert fresh(made).state == "DONE"
    return fresh(made)


def test_the_polices_page_lists_follow_ups_and_answers_to_residents_that_wait_for_them(roles):
    promise = make_pledges.published_set().commitments.get(number=2)
    written = make_pledges.output(promise)
    told = {"said": "Det är mörkt i gången.", "did": "Polisen går förbi varje kväll.", "commitment": promise}
    answer = feedback.write_feedback(values=told, by=acting("coordinator"), now=timezone.now())

    page = roles["police_liaison"].get("/arbete/polis/")

    assert "Om löften: 2 saker väntar på Polisen" in words_of(page)
    assert url("follow_up", written) in page.content.decode()
    assert answer.get_absolute_url() in page.content.decode()


@pytest.mark.parametrize("kind", ["yaml", "xlsx"])
def test_an_example_is_fetched_where_a_set_is_read_in(roles, kind):
    page = roles["coordinator"].get(url("import")).content.decode()
    address = url("import_example", kind)
    answer = roles["coordinator"].get(address)

    assert address in page
    read = {"yaml": yaml_file, "xlsx": xlsx_file}[kind].read(answer.content)
    assert [area.title for area in read.areas] == [area.title for area in yaml_file.read(EXAMPLE.read_bytes()).areas]
