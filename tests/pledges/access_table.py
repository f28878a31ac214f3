"""Who meets what behind each staff address of the promises: the table that test_access.py walks.

As tests/incidents/access_table.py: written down from docs/rules.md once more, and not taken from the policies.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..incidents.access_table import (
    ALL,
    COMMUNICATOR,
    DEPARTMENTS,
    DIRECTORS,
    INSIDE,
    LEADERS,
    NONE,
    POLICE,
    SOCIAL,
    SOCIAL_STAFF,
    Line,
    People,
    button,
    form,
    page,
    part,
    people,
)
from ..incidents.world import World

COORDINATOR = people("coordinator")
READERS = people("auditor", "elected", "researcher")
# For whom a draft exists: who writes it, and to whom it was shown.
DRAFTS = {"draft": LEADERS, "shared": LEADERS | SOCIAL_STAFF, "opened": LEADERS | POLICE}
NOT_SHOWN = ("agreed", "signed")
SHOWN = ("running", "closing", "proposed", "closed", "withdrawn")
SETS = {**DRAFTS, **dict.fromkeys((*NOT_SHOWN, *SHOWN), INSIDE)}
ENDED = ("closed", "withdrawn")
# Whose word it is, of a promise social services lead and of one the Police lead.
BY_MUNICIPALITY = LEADERS | SOCIAL
BY_POLICE = POLICE | COORDINATOR


def in_every_state(make: Callable[..., Line], may: People, *, of: str = "", **more: Any) -> list[Line]:
    """Of sets in every state; where it is too late or too early, whoever may do it is led back."""
    return [make(f"{state} {of}".strip(), exists, may & exists, **more) for state, exists in SETS.items()]


def at(*parts: Any) -> Callable[[World], tuple[Any, ...]]:
    """An address of several parts: a word of the world stands for the thing's number, "=word" for itself."""

    def arguments(world: World) -> tuple[Any, ...]:
        return tuple(one[1:] if one.startswith("=") else world[one].pk for one in parts)

    return arguments


def alike(names: tuple[str, ...], lines: list[Line]) -> dict[str, list[Line]]:
    return {name: list(lines) for name in names}


def of_part(may: dict[str, People]) -> list[Line]:
    """Addresses of one party's part of a promise: social services' and the Police's, in a set that runs, one that is
    not yet promised and one that has ended, and of an organisation that is no party."""
    lines = []
    for words, lead in (("municipal", "social"), ("police", "police")):
        end = at(f"running {words}", f"organisation {lead}")
        lines += [
            form("", INSIDE, may[words], args=end),
            form("", INSIDE, INSIDE, args=at(f"closed {words}", f"organisation {lead}")),
            form("", LEADERS | POLICE, NONE, args=at(f"opened {words}", f"organisation {lead}")),
            form("", NONE, NONE, args=at(f"running {words}", "organisation education")),
        ]
    return lines


def while_running(municipal: People, police: People) -> list[Line]:
    """What is done with a promise that runs; of one whose set has ended, everybody is told so."""
    return [
        form("running municipal", INSIDE, municipal),
        form("running police", INSIDE, police),
        form("closed municipal", INSIDE, INSIDE),
        form("withdrawn police", INSIDE, INSIDE),
        form("draft municipal", LEADERS, NONE),
    ]


SET_PAGES = {
    "sets": [page("", INSIDE)],
    "set_new": [form("", INSIDE, LEADERS)],
    "import": [form("", INSIDE, LEADERS)],
    "import_example": [page("", INSIDE, LEADERS, args=at(f"={kind}")) for kind in ("yaml", "xlsx")]
    + [page("", INSIDE - LEADERS, NONE, args=at("=exe"))],
    "set": in_every_state(lambda of, exists, may: page(of, exists), INSIDE),
    "set_edit": in_every_state(form, LEADERS),
    "set_discard": in_every_state(form, LEADERS),
    "set_carry": in_every_state(form, LEADERS),
    "set_share": in_every_state(form, LEADERS),
    "set_open": in_every_state(form, LEADERS),
    "set_agree": in_every_state(form, COORDINATOR | POLICE),
    "set_police_document": in_every_state(form, COORDINATOR),
    "set_reopen": in_every_state(form, LEADERS),
    "signature_new": in_every_state(form, LEADERS),
    "signature_remove": [
        form("", INSIDE, LEADERS, args=part("signed", "signature")),
        form("", NONE, NONE, args=part("agreed", "signature")),
    ],
    "set_sign": in_every_state(form, LEADERS),
    "set_publish": in_every_state(form, COMMUNICATOR),
    "set_preview": in_every_state(page, LEADERS | COMMUNICATOR | POLICE),
    "set_prolong": in_every_state(form, LEADERS),
    "set_withdraw": in_every_state(form, DIRECTORS),
    "closing_text": in_every_state(form, LEADERS),
    "closing_propose": in_every_state(form, LEADERS),
    "closing_approve": in_every_state(form, DIRECTORS | POLICE),
    "closing_take_back": in_every_state(form, LEADERS | POLICE),
    "set_diary": in_every_state(form, people("registrar", "coordinator")),
    "export": [
        page(state, exists, args=at(state, f"={kind}")) for state, exists in SETS.items() for kind in ("yaml", "xlsx")
    ]
    + [page("", NONE, args=at("running", "=exe"))],
    "report": [page("", INSIDE, args=at(state, f"={kind}")) for state in SHOWN for kind in ("pdf", "xlsx")]
    + [page("", NONE, args=at(*pair)) for pair in (("draft", "=pdf"), ("signed", "=xlsx"), ("running", "=exe"))],
    "area_new": in_every_state(form, LEADERS),
    "area_edit": in_every_state(form, LEADERS, of="area"),
    "area_move": [
        *(button(f"{state} area", exists, LEADERS) for state, exists in DRAFTS.items()),
        button("running area", INSIDE, NONE),
    ],
    "area_remove": in_every_state(form, LEADERS, of="area"),
}

PROMISE_PAGES = {
    "commitment_new": in_every_state(form, LEADERS, of="area"),
    "commitment": [
        line
        for words in ("municipal", "police")
        for line in in_every_state(lambda of, exists, may: page(of, exists), INSIDE, of=words)
    ],
    "commitment_edit": in_every_state(form, LEADERS, of="municipal"),
    "commitment_keep": in_every_state(form, LEADERS, of="police"),
    "commitment_move": [
        *(button(f"{state} municipal", exists, LEADERS) for state, exists in DRAFTS.items()),
        button("running municipal", INSIDE, NONE),
    ],
    "commitment_remove": in_every_state(form, LEADERS, of="police"),
    "delivery": of_part({"municipal": BY_MUNICIPALITY, "police": BY_POLICE}),
    "log": of_part({"municipal": BY_MUNICIPALITY, "police": BY_POLICE}),
    "note": of_part({"municipal": BY_MUNICIPALITY, "police": BY_POLICE}),
    "goal": while_running(BY_MUNICIPALITY, BY_POLICE),
    "answer": while_running(BY_MUNICIPALITY, LEADERS | POLICE),
    "answer_confirm": [form("running police", INSIDE, BY_POLICE), form("running municipal", INSIDE, BY_POLICE)],
    "proposal_new": [form("running police", INSIDE, COORDINATOR), form("running municipal", INSIDE, COORDINATOR)],
    **alike(
        ("proposal_accept", "proposal_decline"),
        [
            form("", INSIDE, POLICE, args=part("running police", "proposal")),
            form("", NONE, NONE, args=part("running municipal", "proposal")),
        ],
    ),
    "proposal_take_back": [form("", INSIDE, COORDINATOR, args=part("running police", "proposal"))],
    "amend": while_running(LEADERS, BY_POLICE),
    "figure_new": [
        form("running municipal", INSIDE, BY_MUNICIPALITY),
        form("running police", INSIDE, LEADERS | POLICE),
        form("closed municipal", INSIDE, INSIDE),
        form("draft municipal", LEADERS, LEADERS),
    ],
    **alike(
        ("figure_edit", "figure_remove"),
        [
            form("", INSIDE, BY_MUNICIPALITY, args=part("running municipal", "figure social")),
            form("", INSIDE, LEADERS | POLICE, args=part("running police", "figure police")),
            form("", NONE, NONE, args=part("running police", "figure social")),
        ],
    ),
}


def of_wording(may: People, make: Callable[..., Line]) -> list[Line]:
    return [
        make("", exists, may & exists, args=at(f"={slug}", f"{state} {words}"))
        for slug, words in (("omrade", "area"), ("lofte", "municipal"), ("lofte", "police"))
        for state, exists in SETS.items()
    ] + [make("", NONE, NONE, args=at("=annat", "running police"))]


PROMISE_PAGES |= {
    "wording_confirm": of_wording(BY_POLICE, form),
    "wording_send_back": of_wording(POLICE, form),
    "comment": of_wording(ALL - READERS, button),
}

DOING_PAGES = {
    "log_edit": [
        *(
            form(f"{words} {lead}", INSIDE, may)
            for words in ("held", "undone", "cancelled")
            for lead, may in (("social", BY_MUNICIPALITY), ("police", BY_POLICE))
        ),
        form("held closed", INSIDE, NONE),
    ],
    **alike(
        ("log_undo", "log_redo"),
        [
            *(
                button(f"{words} {lead}", INSIDE, may)
                for words in ("held", "undone")
                for lead, may in (("social", BY_MUNICIPALITY), ("police", BY_POLICE))
            ),
            button("held closed", INSIDE, NONE),
        ],
    ),
    "pause_new": [
        form("running municipal", INSIDE, BY_MUNICIPALITY),
        form("running police", INSIDE, LEADERS | POLICE),
        form("draft municipal", LEADERS, LEADERS),
        form("closed municipal", INSIDE, NONE),
    ],
    "pause_remove": [
        form("", INSIDE, BY_MUNICIPALITY, args=part("running municipal", "pause social")),
        form("", INSIDE, LEADERS | POLICE, args=part("running police", "pause police")),
        form("", NONE, NONE, args=part("running police", "pause social")),
    ],
    "follow_up_new": [
        form("", INSIDE, BY_MUNICIPALITY, args=at("=lofte", "running municipal")),
        form("", INSIDE, LEADERS | POLICE, args=at("=lofte", "running police")),
        form("", INSIDE, INSIDE, args=at("=lofte", "closed police")),
        form("", LEADERS, NONE, args=at("=lofte", "draft police")),
        form("", INSIDE, LEADERS, args=at("=plan", "plan decided")),
        form("", LEADERS, LEADERS, args=at("=plan", "plan drafted")),
        form("", INSIDE, BY_MUNICIPALITY, args=at("=atgard", "measure of plan decided")),
        form("", LEADERS, LEADERS, args=at("=atgard", "measure of plan drafted")),
        form("", NONE, NONE, args=at("=annat", "plan decided")),
    ],
    "follow_up": [
        page(of, INSIDE) for of in ("draft follow-up social", "follow-up police", "follow-up of plan decided")
    ],
    **alike(
        ("follow_up_edit", "follow_up_finish", "follow_up_reopen"),
        [
            form("draft follow-up social", INSIDE, BY_MUNICIPALITY),
            form("follow-up social", INSIDE, BY_MUNICIPALITY),
            form("draft follow-up police", INSIDE, LEADERS | POLICE),
            form("follow-up police", INSIDE, LEADERS | POLICE),
            form("follow-up of plan decided", INSIDE, LEADERS),
            form("follow-up of measure of plan decided", INSIDE, BY_MUNICIPALITY),
        ],
    ),
    "follow_up_confirm": [
        form("waiting follow-up police", INSIDE, BY_POLICE),
        form("follow-up police", INSIDE, BY_POLICE),
        form("follow-up social", INSIDE, NONE),
        form("follow-up of plan decided", INSIDE, NONE),
    ],
}

KEEPS_WALKS = LEADERS | POLICE | DEPARTMENTS
OTHER_PAGES = {
    "feedbacks": [page("", INSIDE)],
    "feedback_new": [form("", INSIDE, LEADERS | COMMUNICATOR)],
    "feedback": [page(of, INSIDE) for of in ("feedback", "feedback police", "feedback out")],
    "feedback_edit": [form(of, INSIDE, LEADERS | COMMUNICATOR) for of in ("feedback", "feedback out")],
    "feedback_publish": [form(of, INSIDE, COMMUNICATOR) for of in ("feedback", "feedback out")],
    "feedback_withdraw": [form(of, INSIDE, COMMUNICATOR) for of in ("feedback", "feedback out")],
    "feedback_confirm": [form(of, INSIDE, BY_POLICE) for of in ("feedback", "feedback police")],
    "walks": [page("", INSIDE)],
    "walk_new": [form("", INSIDE, KEEPS_WALKS)],
    "walk": [page(of, INSIDE) for of in ("walk planned", "walk walked", "walk out")],
    "walk_edit": [form(of, INSIDE, KEEPS_WALKS) for of in ("walk planned", "walk walked", "walk out")],
    "walk_step": [
        form("", INSIDE, may, args=at(of, f"={step}"))
        for of in ("walk planned", "walk walked", "walk out")
        for step, may in (
            ("gjord", KEEPS_WALKS),
            ("stall-in", KEEPS_WALKS),
            ("publicera", COMMUNICATOR | COORDINATOR),
            ("avpublicera", COMMUNICATOR | COORDINATOR),
        )
    ]
    + [form("", NONE, NONE, args=at("walk walked", "=annat"))],
    "observation_new": [form(of, INSIDE, KEEPS_WALKS) for of in ("walk planned", "walk walked")],
    "observation_edit": [form("observation social", INSIDE, KEEPS_WALKS)],
    **alike(
        ("observation_answer", "observation_done"),
        [
            form("observation social", INSIDE, BY_MUNICIPALITY),
            form("observation police", INSIDE, BY_POLICE),
            form("observation nobody", INSIDE, NONE),
        ],
    ),
    "plans": [page("", INSIDE)],
    "plan_new": [form("", INSIDE, LEADERS)],
    "plan": [page("plan drafted", LEADERS), page("plan decided", INSIDE)],
    **alike(
        ("plan_edit", "plan_decide", "plan_follow_up", "plan_end", "measure_new"),
        [form("plan drafted", LEADERS, LEADERS), form("plan decided", INSIDE, LEADERS)],
    ),
    "measure": [page("measure of plan drafted", LEADERS), page("measure of plan decided", INSIDE)],
    "measure_edit": [
        form("measure of plan drafted", LEADERS, LEADERS),
        form("measure of plan decided", INSIDE, LEADERS),
    ],
    "measure_move": [
        form("measure of plan drafted", LEADERS, LEADERS),
        form("measure of plan decided", INSIDE, BY_MUNICIPALITY),
    ],
    "agreements": [page("", INSIDE)],
    "agreement_new": [form("", INSIDE, LEADERS)],
    "agreement": [page("agreement", INSIDE)],
    "agreement_edit": [form("agreement", INSIDE, LEADERS)],
}

TABLE = {**SET_PAGES, **PROMISE_PAGES, **DOING_PAGES, **OTHER_PAGES}
