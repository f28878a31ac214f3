"""People, organisations, functions, and the role a person has in an organisation for a time."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Role(models.TextChoices):
    """What a person is in an organisation (docs/rules.md). What it may do stands in each app's policies."""

    MUNICIPAL_DIRECTOR = "MUNICIPAL_DIRECTOR", _("Kommundirektör")
    COORDINATOR = "COORDINATOR", _("Trygghetssamordnare")
    DEPARTMENT_HEAD = "DEPARTMENT_HEAD", _("Förvaltningschef")
    OFFICER = "OFFICER", _("Handläggare")
    REGISTRAR = "REGISTRAR", _("Registrator")
    MUNICIPAL_POLICE_OFFICER = "MUNICIPAL_POLICE_OFFICER", _("Kommunpolis")
    LPO_CHIEF = "LPO_CHIEF", _("Lokalpolisområdeschef")
    COMMUNICATOR = "COMMUNICATOR", _("Kommunikatör")
    RESEARCHER = "RESEARCHER", _("Följeforskare")
    ELECTED = "ELECTED", _("Förtroendevald")
    AUDITOR = "AUDITOR", _("Revisor")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administratör")


POLICE_ROLES = frozenset({Role.MUNICIPAL_POLICE_OFFICER, Role.LPO_CHIEF})
READ_ONLY_ROLES = frozenset({Role.RESEARCHER, Role.ELECTED, Role.AUDITOR})


class OrganisationKind(models.TextChoices):
    LEADERSHIP = "LEADERSHIP", _("Kommunledning")
    DEPARTMENT = "DEPARTMENT", _("Förvaltning")
    COMPANY = "COMPANY", _("Bolag")
    POLICE = "POLICE", _("Polisen")
    GROUP = "GROUP", _("Samverkansgrupp")
    ASSOCIATION = "ASSOCIATION", _("Förening")
    UNIVERSITY = "UNIVERSITY", _("Lärosäte")
    OTHER = "OTHER", _("Annan")


class Power(models.TextChoices):
    """What can be handed to a deputy with dates (kommunallagen 2017:725, 7 kap.; docs/rules.md)."""

    DECIDE = "DECIDE", _("Besluta i kommundirektörens ställe")
    ACCEPT_REPORTS = "ACCEPT_REPORTS", _("Godkänna återrapporter")
    SUBMIT_REPORTS = "SUBMIT_REPORTS", _("Lämna in återrapporter för sin förvaltning")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> User:
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> User:
        fields.setdefault("is_staff", True)
        fields.setdefault("is_superuser", True)
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. Deactivated when they leave, never deleted: history points here."""

    email = models.EmailField(_("e-postadress"), unique=True)
    name = models.CharField(
        _("namn eller funktion"),
        max_length=120,
        help_text=_("Så visas personen för kollegor. En funktion räcker."),
    )
    is_active = models.BooleanField(_("aktiv"), default=True)
    is_staff = models.BooleanField(_("får öppna inspektionen"), default=False)
    date_joined = models.DateTimeField(_("upplagd"), auto_now_add=True)

    objects = UserManager()
    field_history = HistoricalRecords(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("användare")
        verbose_name_plural = _("användare")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


def user_display(user: User) -> str:
    """How allauth names a user on its pages."""
    return user.name


class Organisation(models.Model):
    """A party in the safety work: a department, the Police, a company. Secrecy holds between (OSL 8 kap.)."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(_("namn"), max_length=120)
    short_name = models.CharField(_("kort namn"), max_length=40)
    kind = models.CharField(_("slag"), max_length=20, choices=OrganisationKind)
    is_own_authority = models.BooleanField(
        _("egen myndighet"),
        default=True,
        help_text=_("Nämnder och Polisen är egna myndigheter: det som skickas hit blir oftast allmän handling."),
    )
    board = models.CharField(_("nämnd"), max_length=120, blank=True)
    function_mailbox = models.EmailField(_("funktionsbrevlåda"), blank=True)
    is_active = models.BooleanField(_("aktiv"), default=True)
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisationer")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="accounts_organisation_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_police(self) -> bool:
        return self.kind == OrganisationKind.POLICE


class Function(models.Model):
    """A post that can be convened: "Socialchef", whoever holds it today."""

    code = models.SlugField(unique=True, max_length=60)
    label = models.CharField(_("benämning"), max_length=120)
    label_en = models.CharField(_("benämning på engelska"), max_length=120, blank=True)
    is_key = models.BooleanField(_("nyckelfunktion"), default=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="functions", verbose_name=_("organisation")
    )

    class Meta:
        verbose_name = _("funktion")
        verbose_name_plural = _("funktioner")
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active_on(self, day: dt.date) -> MembershipQuerySet:
        """Memberships that hold on `day`, of users who may still sign in."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day, user__is_active=True)


class Membership(models.Model):
    """A person's role in an organisation, from a day, to a day or until further notice (last day in)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("användare"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("roll"), max_length=30, choices=Role)
    function = models.ForeignKey(
        Function,
        on_delete=models.PROTECT,
        related_name="memberships",
        null=True,
        blank=True,
        verbose_name=_("funktion"),
    )
    valid_from = models.DateField(_("gäller från"))
    valid_to = models.DateField(_("gäller till och med"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("medlemskap")
        verbose_name_plural = _("medlemskap")
        ordering = ["organisation__name", "role", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="accounts_membership_role"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="accounts_membership_dates",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "valid_from"], name="accounts_membership_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation.short_name}"


class Absence(models.Model):
    """Somebody is away: their reminders go to the stand-in, else where they go when nobody is there. No power goes
    with it; that takes a delegation."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences", verbose_name=_("användare"))
    first_day = models.DateField(_("första dagen"))
    last_day = models.DateField(_("sista dagen"))
    stand_in = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="stands_in_at",
        null=True,
        blank=True,
        verbose_name=_("ersättare"),
    )

    class Meta:
        verbose_name = _("frånvaro")
        verbose_name_plural = _("frånvaro")
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="accounts_absence_dates"),
            models.CheckConstraint(condition=~Q(user=F("stand_in")), name="accounts_absence_not_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m-%d}–{self.last_day:%Y-%m-%d}"


class Delegation(models.Model):
    """A power handed to somebody for a time, with the decision it rests on."""

    power = models.CharField(_("befogenhet"), max_length=20, choices=Power)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="delegations",
        verbose_name=_("gäller för organisationen"),
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations", verbose_name=_("ges till"))
    reference = models.CharField(
        _("beslut som delegationen vilar på"),
        max_length=200,
        help_text=_("Till exempel diarienummer och datum."),
    )
    valid_from = models.DateField(_("gäller från"))
    valid_to = models.DateField(_("gäller till och med"))
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegationer")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(power__in=Power.values), name="accounts_delegation_power"),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="accounts_delegation_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.get_power_display()}, {self.organisation.short_name}"
