"""Who meets what behind each staff address: the table that tests/incidents/test_access_matrix.py walks.

One line for each address and thing: for whom the thing exists at all (to the others it looks missing), who may open
the page, who may do what the page does. Written down here once more, from docs/rules.md, and not taken from the
policies. An app with staff pages of its own adds its namespace to `TABLE`, or has a table of its own and stands in
`ELSEWHERE`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .world import EVERYBODY, World, pk_of

People = frozenset[str]


def people(*words: str) -> People:
    return frozenset(words)


# --- Who --------------------------------------------------------------------------------------------

ALL = people(*EVERYBODY)
NONE = people()
INSIDE = ALL - {"nobody"}
DIRECTORS = people("director", "deputy")
LEADERS = DIRECTORS | {"coordinator"}
POLICE = people("police_liaison", "lpo_chief")
COMMUNICATOR = people("communicator")
DESK = LEADERS | COMMUNICATOR
SOCIAL_STAFF = people("head_social", "officer_social")
SOCIAL = SOCIAL_STAFF | {"delegate"}
SOCIAL_SUBMITS = people("head_social", "delegate")
EDUCATION = people("head_education", "officer_education")
EXECUTIVE_STAFF = people("head_executive", "officer_executive")
EXECUTIVE = EXECUTIVE_STAFF | {"coordinator", "communicator", "registrar"}
HEADS = people("head_social", "head_education", "head_executive", "deputy")
DEPARTMENTS = SOCIAL_STAFF | EDUCATION | EXECUTIVE_STAFF | {"deputy"}
OVERSEERS = people("registrar", "auditor", "administrator", "communicator", "researcher", "elected")
NOTES_READERS = LEADERS | HEADS | people("communicator", "registrar", "auditor", "researcher")
OWN_STAFF = LEADERS | DEPARTMENTS | people("communicator", "registrar", "administrator")
ADMINISTRATOR = people("administrator")
POLICE_PAGE = POLICE | DESK
POLICE_WRITERS = POLICE | LEADERS
DIARY = people("registrar", "coordinator")


# --- A line -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """An address with one thing. `get` or `post` None: no such method there (405)."""

    of: str
    exists: People
    get: People | None
    post: People | None = None
    # What the address is made of, if more or other than the thing's pk.
    args: Callable[[World], tuple[Any, ...]] | None = None
    # What is sent with POST where an empty body says nothing.
    data: Callable[[World], dict[str, Any]] = field(default=lambda _world: {})

    def arguments(self, world: World) -> tuple[Any, ...]:
        if self.args is not None:
            return self.args(world)
        return (pk_of(world[self.of]),) if self.of else ()


def page(of: str, exists: People, get: People | None = None, **more: Any) -> Line:
    """Only to be read."""
    return Line(of, exists, exists if get is None else get, None, **more)


def form(of: str, exists: People, may: People, **more: Any) -> Line:
    """A page with a form: who may open it may send it."""
    return Line(of, exists, may, may, **more)


def button(of: str, exists: People, may: People, **more: Any) -> Line:
    """Only POST."""
    return Line(of, exists, None, may, **more)


def sends(**data: Any) -> Callable[[World], dict[str, Any]]:
    return lambda _world: data


def kind(slug: str, of: str) -> Callable[[World], tuple[Any, ...]]:
    return lambda world: (slug, world[of].pk)


def revision_of(of: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"seen": world[of].revision}


def part(whole: str, of: str) -> Callable[[World], tuple[Any, ...]]:
    return lambda world: (world[whole].pk, world[of].pk)


# --- Events, responses, meetings ----------------------------------------------------------------------

DRAFT_STATUS, SUBMITTED_STATUS = SOCIAL, SOCIAL | LEADERS | people("registrar", "auditor", "researcher")

RESPONSES = {
    "events": [page("", INSIDE)],
    "event_new": [form("", ALL, LEADERS)],
    "event": [page("event", INSIDE), page("confirmed event", INSIDE)],
    "event_edit": [form("event", INSIDE, LEADERS)],
    "responses": [page("", INSIDE)],
    "response_new": [form("", ALL, LEADERS)],
    "response": [page("insats", INSIDE), page("insats out", INSIDE)],
    "response_edit": [form("insats", INSIDE, DESK), form("insats out", INSIDE, COMMUNICATOR)],
    "response_end": [form("insats", INSIDE, DIRECTORS)],
    "convening_new": [form("insats", INSIDE, LEADERS)],
    "convening": [page("call drafted", LEADERS), page("call sent", INSIDE)],
    "convening_edit": [form("call drafted", LEADERS, LEADERS), form("call sent", INSIDE, LEADERS)],
    "convening_send": [form("call drafted", LEADERS, LEADERS), form("call sent", INSIDE, LEADERS)],
    "convening_cancel": [form("call drafted", LEADERS, LEADERS), form("call sent", INSIDE, LEADERS)],
    "meeting_new": [form("insats", INSIDE, LEADERS)],
    "meeting": [page("meeting", INSIDE), page("police meeting", INSIDE), page("meeting approved", INSIDE)],
    "meeting_edit": [form("meeting", INSIDE, LEADERS), form("meeting approved", INSIDE, LEADERS)],
    "meeting_approve": [form("meeting", INSIDE, LEADERS), form("meeting approved", INSIDE, LEADERS)],
    "question_new": [form("meeting", INSIDE, LEADERS)],
    "question_handle": [form("", INSIDE, LEADERS, args=part("meeting", "question handled"))],
    "directive_new": [form("meeting", INSIDE, LEADERS)],
    "undertaking_new": [form("police meeting", INSIDE, POLICE_WRITERS)],
    "directive_settle": [
        button("directive social", NOTES_READERS | SOCIAL_STAFF, LEADERS | SOCIAL_STAFF, data=sends(to="DONE")),
        button("directive education", NOTES_READERS | EDUCATION, LEADERS | EDUCATION, data=sends(to="DONE")),
        button("directive education", NOTES_READERS | EDUCATION, LEADERS, data=sends(to="CANCELLED")),
    ],
    "status_reports": [page("insats", INSIDE)],
    "status_report_new": [form("insats", INSIDE, DEPARTMENTS)],
    "status_report": [page("status drafted", DRAFT_STATUS), page("status submitted", SUBMITTED_STATUS)],
    "status_report_edit": [
        form("status drafted", DRAFT_STATUS, SOCIAL_STAFF),
        form("status submitted", SUBMITTED_STATUS, SOCIAL_STAFF),
    ],
    "status_report_submit": [
        form("status drafted", DRAFT_STATUS, SOCIAL_SUBMITS),
        form("status submitted", SUBMITTED_STATUS, SOCIAL_SUBMITS),
    ],
}

# --- Decisions and rounds -----------------------------------------------------------------------------

ROUND_READERS = NOTES_READERS | OVERSEERS
SOCIAL_READERS = LEADERS | OVERSEERS | SOCIAL
EDUCATION_READERS = LEADERS | OVERSEERS | EDUCATION
EXECUTIVE_READERS = LEADERS | OVERSEERS | EXECUTIVE


def decided_by(may: People) -> list[Line]:
    """A draft is seen by those who lead; a decision taken by everybody inside."""
    return [form("decision drafted", LEADERS, may), form("decision in force", INSIDE, may)]


DECISIONS = {
    "decision_new": [form("insats", INSIDE, LEADERS)],
    "decision": [
        page("decision drafted", LEADERS),
        page("decision in force", INSIDE),
        page("decision revised", INSIDE),
        page("revision drafted", LEADERS),
    ],
    "decision_edit": decided_by(LEADERS),
    "decision_decide": [*decided_by(DIRECTORS), form("revision drafted", LEADERS, DIRECTORS)],
    "decision_issue": decided_by(LEADERS),
    "decision_decide_and_issue": decided_by(DIRECTORS),
    "decision_share": decided_by(DIRECTORS),
    "decision_discard": decided_by(LEADERS),
    "decision_follow_up": [*decided_by(DIRECTORS), form("decision gone through", INSIDE, DIRECTORS)],
    "decision_end": decided_by(DIRECTORS),
    "decision_revise": decided_by(DIRECTORS),
    "decision_choices": [*decided_by(DIRECTORS), form("revision drafted", LEADERS, DIRECTORS)],
    "assignment_new": decided_by(LEADERS),
    "assignment_edit": [
        form("assignment drafted", LEADERS, LEADERS),
        form("assignment social", SOCIAL_READERS, LEADERS),
    ],
    "assignment_remove": [
        form("assignment drafted", LEADERS, LEADERS),
        form("assignment social", SOCIAL_READERS, LEADERS),
    ],
    "round_new": decided_by(LEADERS),
    "round": [
        form("round planned", LEADERS, LEADERS),
        form("round", LEADERS, LEADERS),
        Line("round closed", ROUND_READERS, ROUND_READERS, LEADERS),
    ],
    "round_item": [
        form(
            "",
            LEADERS,
            LEADERS,
            args=lambda world: (world["round"].pk, world["round item"].order),
            data=sends(act="no_report"),
        )
    ],
    "round_close": [form("round", LEADERS, LEADERS), form("round closed", ROUND_READERS, LEADERS)],
    "round_summary": [form("round", LEADERS, LEADERS), form("round closed", ROUND_READERS, DESK)],
}

# --- Assignments and reports --------------------------------------------------------------------------


def answered_by(social: People, education: People, executive: People, *, only_post: bool = False) -> list[Line]:
    """Three departments' assignments; the coordinator belongs to the third."""
    line = button if only_post else form
    return [
        line("assignment social", SOCIAL_READERS, social),
        line("assignment education", EDUCATION_READERS, education),
        line("assignment executive", EXECUTIVE_READERS, executive),
        line("assignment drafted", LEADERS, NONE),
    ]


def steered_by(may: People) -> list[Line]:
    return [form("assignment social", SOCIAL_READERS, may), form("assignment cancelled", SOCIAL_READERS, may)]


WRITES = (SOCIAL, EDUCATION, EXECUTIVE_STAFF)
SUBMITS = (SOCIAL_SUBMITS, people("head_education"), people("head_executive"))

ASSIGNMENTS = {
    "assignment": [
        page("assignment drafted", LEADERS),
        page("assignment social", SOCIAL_READERS),
        page("assignment education", EDUCATION_READERS),
        page("assignment executive", EXECUTIVE_READERS),
        page("assignment cancelled", SOCIAL_READERS),
        page("assignment reported by social", SOCIAL_READERS),
    ],
    "assignment_acknowledge": [
        *answered_by(*WRITES, only_post=True),
        button("assignment cancelled", SOCIAL_READERS, SOCIAL),
    ],
    "assignment_progress": [
        *answered_by(*WRITES, only_post=True),
        button("assignment cancelled", SOCIAL_READERS, SOCIAL),
    ],
    "assignment_officer": answered_by(people("head_social"), people("head_education"), people("head_executive")),
    "assignment_more_time": answered_by(*SUBMITS),
    "assignment_decline": answered_by(*SUBMITS),
    "assignment_move_day": steered_by(DIRECTORS),
    "assignment_cancel": steered_by(DIRECTORS),
    "assignment_exception": steered_by(DIRECTORS),
    "request_answer": [form("request social", SOCIAL_READERS, DIRECTORS)],
    "request_withdraw": [button("request social", SOCIAL_READERS, SOCIAL_SUBMITS)],
    "report": [
        *answered_by(*WRITES),
        form("assignment written on", SOCIAL_READERS, SOCIAL),
        form("assignment cancelled", SOCIAL_READERS, SOCIAL),
    ],
    "report_autosave": answered_by(*WRITES, only_post=True),
    "report_share": [*answered_by(*SUBMITS), form("assignment written on", SOCIAL_READERS, SOCIAL_SUBMITS)],
    "report_judge": [
        form("assignment reported by social", SOCIAL_READERS, LEADERS),
        form("assignment reported by executive", EXECUTIVE_READERS, DIRECTORS),
    ],
    "shared_drafts": [page("", ALL)],
    "shared_draft": [page("report shared", POLICE | SOCIAL), page("decision shared", POLICE | LEADERS)],
    "diary": [page("", ALL, DIARY)],
    "diary_export": [page("", ALL, DIARY)],
    "diary_set": [
        button("", ALL, DIARY, args=kind("rapport", "report social")),
        button("", ALL, DIARY, args=kind("beslut", "decision in force")),
        button("", ALL, DIARY, args=kind("mote", "meeting approved")),
        button("", ALL, DIARY, args=kind("avstamning", "round closed")),
    ],
}

# --- What residents are to read -----------------------------------------------------------------------

THINGS_TO_PUBLISH = (
    ("nyhet", "news drafted"), ("nyhet", "news approved"), ("nyhet", "news out"), ("paket", "package"),
    ("paket", "package out"), ("insats", "insats"), ("insats", "insats out"), ("handelse", "event"),
    ("beslut", "decision in force"), ("svar", "report social"), ("mote", "meeting approved"),
    ("avstamning", "round closed"), ("atagande", "undertaking"), ("forstarkning", "reinforcement"),
    ("kontakt", "contact"),
)  # fmt: skip
SOME_TO_PUBLISH = [THINGS_TO_PUBLISH[place] for place in (0, 1, 2, 6, 9, 13)]
WITH_STATES = [(slug, of) for slug, of in THINGS_TO_PUBLISH if slug in ("nyhet", "paket")]
TO_CONFIRM = (
    ("handelse", "event"), ("handelse", "confirmed event"), ("atagande", "undertaking"),
    ("forstarkning", "reinforcement"), ("nyhet", "news of the police"), ("atgard", "measure of the police"),
)  # fmt: skip

PUBLISHING = {
    "publish_queue": [page("", DESK)],
    "publish_shown": [page("", DESK)],
    "publish_withdrawn": [page("", DESK)],
    "page_answers": [page("", DESK)],
    "followed": [page("", DESK)],
    "former_texts": [page("", DESK)],
    "former_text_hide": [form("former text", DESK, COMMUNICATOR)],
    "publish_thing": [page("", DESK, args=kind(*thing)) for thing in THINGS_TO_PUBLISH],
    "publish_preview": [page("", DESK, args=kind(*thing)) for thing in THINGS_TO_PUBLISH],
    "publish_approve": [form("", DESK, LEADERS, args=kind(*thing)) for thing in WITH_STATES],
    "publish_take_back": [form("", DESK, DESK, args=kind(*thing)) for thing in WITH_STATES],
    "publish_now": [form("", DESK, COMMUNICATOR, args=kind(*thing)) for thing in SOME_TO_PUBLISH],
    "publish_time": [form("", DESK, DESK, args=kind(*thing)) for thing in WITH_STATES],
    "publish_withdraw": [form("", DESK, COMMUNICATOR, args=kind(*thing)) for thing in SOME_TO_PUBLISH],
    "picture": [page("picture", DESK)],
    "updates": [page("", DESK)],
    "update_new": [form("", DESK, DESK)],
    "update_preview": [button("", DESK, DESK)],
    "update": [page("news drafted", DESK), page("news out", DESK)],
    "update_edit": [form("news drafted", DESK, DESK), form("news out", DESK, COMMUNICATOR)],
    "update_discard": [form("news drafted", DESK, DESK), form("news out", DESK, DESK)],
    "update_picture": [form("news drafted", DESK, DESK), form("news out", DESK, COMMUNICATOR)],
    "update_picture_remove": [form("news drafted", DESK, DESK), form("news out", DESK, COMMUNICATOR)],
    "package_new": [form("insats", INSIDE, LEADERS)],
    "package": [page("package", DESK), page("package out", INSIDE)],
    "package_edit": [form("package", DESK, LEADERS), form("package out", INSIDE, LEADERS)],
    "package_order": [
        button("package", DESK, LEADERS, data=lambda world: {"move": f"down:{world['measure'].pk}"}),
    ],
    "package_item_new": [form("package", DESK, LEADERS), form("package out", INSIDE, LEADERS)],
    "package_item_edit": [
        form("", DESK, LEADERS, args=part("package", "measure")),
        form("", INSIDE, LEADERS, args=part("package out", "measure of the police")),
    ],
    "package_item_move": [
        button("", DESK, LEADERS, args=part("package", "measure"), data=sends(to="ONGOING")),
        button("", INSIDE, POLICE, args=part("package out", "measure of the police"), data=sends(to="ONGOING")),
    ],
    "package_item_remove": [
        form("", DESK, LEADERS, args=part("package", "measure")),
        form("", INSIDE, LEADERS, args=part("package out", "measure of the police")),
    ],
    "police": [page("", POLICE_PAGE)],
    "police_confirm": [
        form("", POLICE_PAGE, POLICE, args=kind(*thing), data=revision_of(thing[1])) for thing in TO_CONFIRM
    ],
    "police_undertaking_new": [form("", POLICE_PAGE, POLICE_WRITERS)],
    "undertaking_edit": [form("undertaking", POLICE_PAGE, POLICE_WRITERS)],
    "undertaking_move": [button("undertaking", POLICE_PAGE, POLICE, data=sends(to="ONGOING"))],
    "reinforcement_new": [form("insats", POLICE_PAGE, POLICE_WRITERS)],
    "reinforcement": [page("reinforcement", POLICE_PAGE), page("reinforcement out", INSIDE)],
    "reinforcement_edit": [
        form("reinforcement", POLICE_PAGE, POLICE_WRITERS),
        form("reinforcement out", INSIDE, POLICE_WRITERS),
    ],
    "contact_points": [page("", INSIDE)],
    "contact_point_new": [form("", INSIDE, DESK)],
    "contact_point": [page("contact", DESK), page("contact out", INSIDE)],
    "contact_point_edit": [form("contact", DESK, DESK), form("contact out", INSIDE, DESK)],
    "staff_messages": [page("", OWN_STAFF)],
    "staff_message_new": [form("", DESK, DESK)],
    "staff_message": [page("message drafted", DESK), page("message sent", OWN_STAFF)],
    "staff_message_edit": [form("message drafted", DESK, DESK), form("message sent", DESK, DESK)],
    "staff_message_send": [form("message drafted", DESK, DESK), form("message sent", DESK, DESK)],
    "staff_message_withdraw": [form("message drafted", DESK, DESK), form("message sent", DESK, DESK)],
}

# --- The rooms ----------------------------------------------------------------------------------------

START = {
    "my_work": [page("", ALL)],
    "overview": [page("", ALL, INSIDE - POLICE)],
    "directive_done": [button("directive social", LEADERS | SOCIAL_STAFF, LEADERS | SOCIAL_STAFF)],
}
ACCOUNTS = {
    "people": [page("", ALL, ADMINISTRATOR)],
    "add_person": [form("", ALL, ADMINISTRATOR)],
    "person": [page("person", ALL, ADMINISTRATOR), page("person closed", ALL, ADMINISTRATOR)],
    "begin_membership": [form("person", ALL, ADMINISTRATOR)],
    "delegate": [form("person", ALL, ADMINISTRATOR)],
    "deactivate": [form("person", ALL, ADMINISTRATOR), form("person closed", ALL, ADMINISTRATOR)],
    "reactivate": [button("person closed", ALL, ADMINISTRATOR)],
    "end_membership": [form("membership", ALL, ADMINISTRATOR)],
    "end_delegation": [form("delegation", ALL, ADMINISTRATOR)],
    # In demo mode alone.
    "roles": [page("", NONE)],
    "become": [button("", NONE, NONE, args=lambda _world: ("director",))],
}
NOTIFICATIONS = {
    # In demo mode alone.
    "outbox": [page("", NONE)],
    "mail": [page("", NONE, args=lambda _world: ("1",))],
}

READ_MAILS = LEADERS | ADMINISTRATOR | people("auditor")
DEAL_WITH_MAILS = ADMINISTRATOR | people("coordinator")
MAILROOM = {
    "mine": [page("", ALL)],
    "rhythm": [button("", ALL, ALL, data=sends(rhythm="at_once"))],
    "absence_new": [button("", ALL, ALL)],
    "absence_end": [button("absence", people("head_social"), people("head_social"))],
    "new_address": [form("", ALL, ALL)],
    "log": [page("", ALL, READ_MAILS)],
    "message": [page("mail refused", ALL, READ_MAILS), page("mail lost", ALL, READ_MAILS)],
    "send_again": [form("mail refused", ALL, DEAL_WITH_MAILS), form("mail lost", ALL, DEAL_WITH_MAILS)],
    "arrived": [form("mail lost", ALL, DEAL_WITH_MAILS)],
    "hold": [page("", ALL, READ_MAILS)],
    "hold_begin": [form("", ALL, DEAL_WITH_MAILS)],
    "hold_release": [form("hold", ALL, DEAL_WITH_MAILS)],
    "ladders": [page("", ALL, READ_MAILS)],
    "ladder": [form("", ALL, DEAL_WITH_MAILS, args=lambda _world: ("acute",))],
    "ladder_restore": [form("", ALL, DEAL_WITH_MAILS, args=lambda _world: ("pledge",))],
    "set_aside": [form("mail refused", ALL, DEAL_WITH_MAILS)],
}

TABLE: dict[str, dict[str, list[Line]]] = {
    "incidents": RESPONSES | DECISIONS | ASSIGNMENTS | PUBLISHING,
    "start_staff": START,
    "accounts": ACCOUNTS,
    "notifications": NOTIFICATIONS,
    "mailroom": MAILROOM,
}
# Namespaces that are not here: what residents read, signing in and the watch over the portal stand in
# tests/test_open_pages.py, the inspection in tests/incidents/test_admin.py; the apps named have tables of their own.
OPEN_TO_EVERYBODY = frozenset({"", "start", "subscriptions", "health", "admin", "api"})
APPS_ELSEWHERE = frozenset({"situation", "pledges", "opendata"})


def is_elsewhere(namespace: str) -> bool:
    """`situation`, `situation_public` and the like; every app's residents' pages."""
    app = namespace.partition("_")[0]
    return namespace in OPEN_TO_EVERYBODY or app in APPS_ELSEWHERE or namespace.endswith("_public")
