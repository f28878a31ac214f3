"""The demo municipality: organisations, functions and one person for each role, named by function only.

Safe to run twice: everything is found again by slug, code or address. No demo person has a password; in demo
mode the page "Byt roll" signs them in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Function, Membership, Organisation, OrganisationKind, Role, User

MUNICIPALITY = "kommun.example"
POLICE = "polisen.example"


@dataclass(frozen=True)
class Place:
    """An organisation of the demo municipality."""

    slug: str
    name: str
    short_name: str
    kind: str
    board: str = ""
    is_own_authority: bool = True
    domain: str = MUNICIPALITY


@dataclass(frozen=True)
class Post:
    """A function that can be convened."""

    code: str
    label: str
    label_en: str
    organisation: str
    is_key: bool = False


@dataclass(frozen=True)
class Person:
    """A demo person: key in the answer of `load_people`, role, organisation, and how colleagues see them."""

    key: str
    name: str
    role: str
    organisation: str
    mailbox: str
    function: str = ""


PLACES = (
    Place("kommunledning", "Kommunledning", "Kommunledning", OrganisationKind.LEADERSHIP, "Kommunstyrelsen"),
    Place(
        "socialforvaltningen",
        "Socialförvaltningen",
        "Social",
        OrganisationKind.DEPARTMENT,
        "Socialnämnden",
    ),
    Place(
        "utbildningsforvaltningen",
        "Utbildningsförvaltningen",
        "Utbildning",
        OrganisationKind.DEPARTMENT,
        "Utbildningsnämnden",
    ),
    Place(
        "kommunstyrelseforvaltningen",
        "Kommunstyrelseförvaltningen",
        "Kommunstyrelsen",
        OrganisationKind.DEPARTMENT,
        "Kommunstyrelsen",
    ),
    Place(
        "samhallsbyggnadsforvaltningen",
        "Samhällsbyggnadsförvaltningen",
        "Samhällsbyggnad",
        OrganisationKind.DEPARTMENT,
        "Samhällsbyggnadsnämnden",
    ),
    Place(
        "arbetsmarknadsavdelningen",
        "Arbetsmarknadsavdelningen",
        "Arbetsmarknad",
        OrganisationKind.DEPARTMENT,
        "Arbetsmarknadsnämnden",
    ),
    Place(
        "polisen",
        "Polisen, lokalpolisområde Västra Fyrbodal",
        "Polisen",
        OrganisationKind.POLICE,
        is_own_authority=False,
        domain=POLICE,
    ),
    Place(
        "bostadsbolaget",
        "Det kommunala bostadsbolaget",
        "Bostadsbolaget",
        OrganisationKind.COMPANY,
        domain="bostad.example",
    ),
    Place(
        "hamnbolaget",
        "Det kommunala hamnbolaget",
        "Hamnbolaget",
        OrganisationKind.COMPANY,
        domain="hamn.example",
    ),
    Place(
        "larosatet",
        "Lärosätet som följer arbetet",
        "Lärosätet",
        OrganisationKind.UNIVERSITY,
        is_own_authority=False,
        domain="larosate.example",
    ),
)

POSTS = (
    Post("kommundirektor", "Kommundirektör", "Municipal director", "kommunledning", is_key=True),
    Post("socialchef", "Socialchef", "Head of social services", "socialforvaltningen", is_key=True),
    Post("utbildningschef", "Utbildningschef", "Head of education", "utbildningsforvaltningen", is_key=True),
    Post(
        "kommunstyrelseforvaltningens-chef",
        "Chef för kommunstyrelseförvaltningen",
        "Head of the executive board's department",
        "kommunstyrelseforvaltningen",
        is_key=True,
    ),
    Post(
        "samhallsbyggnadschef",
        "Samhällsbyggnadschef",
        "Head of urban planning",
        "samhallsbyggnadsforvaltningen",
        is_key=True,
    ),
    Post(
        "arbetsmarknadschef",
        "Arbetsmarknadschef",
        "Head of labour market services",
        "arbetsmarknadsavdelningen",
        is_key=True,
    ),
    Post(
        "trygghetssamordnare",
        "Trygghetssamordnare",
        "Safety coordinator",
        "kommunstyrelseforvaltningen",
        is_key=True,
    ),
    Post(
        "kommunikationschef",
        "Kommunikationschef",
        "Head of communications",
        "kommunstyrelseforvaltningen",
        is_key=True,
    ),
    Post("tjansteman-i-beredskap", "Tjänsteman i beredskap", "Duty officer", "kommunledning", is_key=True),
    Post("kommunpolis", "Kommunpolis", "Municipal police officer", "polisen", is_key=True),
    Post(
        "lokalpolisomradeschef",
        "Lokalpolisområdeschef",
        "Chief of the local police area",
        "polisen",
        is_key=True,
    ),
    Post("registrator", "Registrator", "Registrar", "kommunstyrelseforvaltningen"),
    Post("bostadsbolagets-vd", "Vd för bostadsbolaget", "Director of the housing company", "bostadsbolaget"),
    Post("hamnbolagets-vd", "Vd för hamnbolaget", "Director of the port company", "hamnbolaget"),
    Post("foljeforskare", "Följeforskare", "Accompanying researcher", "larosatet"),
)

PEOPLE = (
    Person(
        "director",
        "Kommundirektören",
        Role.MUNICIPAL_DIRECTOR,
        "kommunledning",
        "kommundirektor",
        "kommundirektor",
    ),
    Person(
        "coordinator",
        "Trygghetssamordnaren",
        Role.COORDINATOR,
        "kommunstyrelseforvaltningen",
        "trygghetssamordnare",
        "trygghetssamordnare",
    ),
    Person("head_social", "Socialchefen", Role.DEPARTMENT_HEAD, "socialforvaltningen", "socialchef", "socialchef"),
    Person(
        "officer_social",
        "Handläggare social",
        Role.OFFICER,
        "socialforvaltningen",
        "handlaggare.social",
    ),
    Person(
        "head_education",
        "Utbildningschefen",
        Role.DEPARTMENT_HEAD,
        "utbildningsforvaltningen",
        "utbildningschef",
        "utbildningschef",
    ),
    Person(
        "officer_education",
        "Handläggare utbildning",
        Role.OFFICER,
        "utbildningsforvaltningen",
        "handlaggare.utbildning",
    ),
    Person(
        "head_executive",
        "Chefen för kommunstyrelseförvaltningen",
        Role.DEPARTMENT_HEAD,
        "kommunstyrelseforvaltningen",
        "forvaltningschef.kommunstyrelsen",
        "kommunstyrelseforvaltningens-chef",
    ),
    Person(
        "officer_executive",
        "Handläggare kommunstyrelsen",
        Role.OFFICER,
        "kommunstyrelseforvaltningen",
        "handlaggare.kommunstyrelsen",
    ),
    Person(
        "head_planning",
        "Samhällsbyggnadschefen",
        Role.DEPARTMENT_HEAD,
        "samhallsbyggnadsforvaltningen",
        "samhallsbyggnadschef",
        "samhallsbyggnadschef",
    ),
    Person(
        "officer_planning",
        "Handläggare samhällsbyggnad",
        Role.OFFICER,
        "samhallsbyggnadsforvaltningen",
        "handlaggare.samhallsbyggnad",
    ),
    Person(
        "head_labour",
        "Arbetsmarknadschefen",
        Role.DEPARTMENT_HEAD,
        "arbetsmarknadsavdelningen",
        "arbetsmarknadschef",
        "arbetsmarknadschef",
    ),
    Person(
        "officer_labour",
        "Handläggare arbetsmarknad",
        Role.OFFICER,
        "arbetsmarknadsavdelningen",
        "handlaggare.arbetsmarknad",
    ),
    Person(
        "police_liaison",
        "Kommunpolisen",
        Role.MUNICIPAL_POLICE_OFFICER,
        "polisen",
        "kommunpolis",
        "kommunpolis",
    ),
    Person(
        "lpo_chief",
        "Lokalpolisområdeschefen",
        Role.LPO_CHIEF,
        "polisen",
        "lokalpolisomradeschef",
        "lokalpolisomradeschef",
    ),
    Person(
        "communicator",
        "Kommunikatören",
        Role.COMMUNICATOR,
        "kommunstyrelseforvaltningen",
        "kommunikator",
        "kommunikationschef",
    ),
    Person(
        "registrar",
        "Registratorn",
        Role.REGISTRAR,
        "kommunstyrelseforvaltningen",
        "registrator",
        "registrator",
    ),
    Person("auditor", "Revisorn", Role.AUDITOR, "kommunledning", "revisor"),
    Person("elected", "Den förtroendevalda", Role.ELECTED, "kommunledning", "fortroendevald"),
    Person("researcher", "Följeforskaren", Role.RESEARCHER, "larosatet", "foljeforskare", "foljeforskare"),
    Person("administrator", "Administratören", Role.ADMINISTRATOR, "kommunledning", "administrator"),
)

GROUPS = (
    (_("Kommunledning"), ("director", "coordinator")),
    (
        _("Förvaltningar"),
        tuple(person.key for person in PEOPLE if person.role in (Role.DEPARTMENT_HEAD, Role.OFFICER)),
    ),
    (_("Polisen"), ("police_liaison", "lpo_chief")),
    (_("Övriga"), ("communicator", "registrar", "auditor", "elected", "researcher", "administrator")),
)


def addresses() -> dict[str, str]:
    """The address each demo person signs in with, by key."""
    domains = {place.slug: place.domain for place in PLACES}
    return {person.key: f"{person.mailbox}@{domains[person.organisation]}" for person in PEOPLE}


@dataclass(frozen=True)
class Card:
    """What "Byt roll" shows of one demo person."""

    key: str
    name: str
    role: str
    organisation: str


def groups() -> list[tuple[str, list[Card]]]:
    """The demo people as "Byt roll" shows them. Reads no table."""
    people = {person.key: person for person in PEOPLE}
    names = {place.slug: place.name for place in PLACES}
    return [
        (
            str(heading),
            [
                Card(key, people[key].name, Role(people[key].role).label, names[people[key].organisation])
                for key in keys
            ],
        )
        for heading, keys in GROUPS
    ]


@transaction.atomic
def load_people(*, now: dt.datetime) -> dict[str, User]:
    """Create what is missing of the demo municipality; memberships hold from a year before `now`."""
    places = {place.slug: _organisation(place) for place in PLACES}
    posts = {post.code: _function(post, organisation=places[post.organisation]) for post in POSTS}
    since = timezone.localdate(now) - dt.timedelta(days=365)
    mail = addresses()
    people: dict[str, User] = {}
    for person in PEOPLE:
        user = _user(person, address=mail[person.key])
        Membership.objects.get_or_create(
            user=user,
            organisation=places[person.organisation],
            role=person.role,
            defaults={"function": posts.get(person.function), "valid_from": since},
        )
        people[person.key] = user
    return people


def _organisation(place: Place) -> Organisation:
    return Organisation.objects.get_or_create(
        slug=place.slug,
        defaults={
            "name": place.name,
            "short_name": place.short_name,
            "kind": place.kind,
            "board": place.board,
            "is_own_authority": place.is_own_authority,
            "function_mailbox": f"{place.slug}@{place.domain}",
        },
    )[0]


def _function(post: Post, *, organisation: Organisation) -> Function:
    return Function.objects.get_or_create(
        code=post.code,
        defaults={
            "label": post.label,
            "label_en": post.label_en,
            "is_key": post.is_key,
            "organisation": organisation,
        },
    )[0]


def _user(person: Person, *, address: str) -> User:
    found = User.objects.filter(email=address).first()
    if found is not None:
        return found
    administrator = person.role == Role.ADMINISTRATOR
    return User.objects.create_user(address, name=person.name, is_staff=administrator, is_superuser=administrator)
