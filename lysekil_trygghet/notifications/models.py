"""The ledger: what somebody is to be told (obligations) and the mails that tell it (messages).

The database is the truth about what must be sent; a broker only says "look now". States here are moved by the
conditional updates of `operations` and `delivery`, many processes at once, not through `history.move`.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _

from .ladders import LadderKind, Rules, Step


class ObligationState(models.TextChoices):
    PLANNED = "PLANNED", _("Planerad")
    SENT = "SENT", _("Skickad")
    CANCELLED = "CANCELLED", _("Behövs inte längre")


class MessageState(models.TextChoices):
    DUE = "DUE", _("Väntar på att skickas")
    SENDING = "SENDING", _("Skickas")
    SENT = "SENT", _("Skickat")
    FAILED = "FAILED", _("Gick inte att skicka")
    UNCERTAIN = "UNCERTAIN", _("Osäkert om det kom fram")
    CANCELLED = "CANCELLED", _("Behövs inte längre")


# A person with an account, a function mailbox, or a resident whose address `settings.NOTIFICATION_READERS` keeps: a
# reader is a name without meaning, so that nothing of the person stays here when the address is erased.
ONE_RECIPIENT = (
    Q(user__isnull=False, address="", reader="")
    | Q(user__isnull=True, reader="") & ~Q(address="")
    | Q(user__isnull=True, address="") & ~Q(reader="")
)
AMISS = (MessageState.FAILED, MessageState.UNCERTAIN)
UNFINISHED = (MessageState.DUE, MessageState.SENDING, MessageState.UNCERTAIN)


class ErrorKind(models.TextChoices):
    """Why a message was not sent, in words for the one who looks after the portal."""

    NONE = "", _("Inget fel")
    SERVER_AWAY = "SERVER_AWAY", _("E-postservern svarar inte")
    REFUSED_FOR_NOW = "REFUSED_FOR_NOW", _("E-postservern bad oss försöka senare")
    REFUSED = "REFUSED", _("E-postservern tog inte emot mottagaren eller meddelandet")
    NO_ANSWER = "NO_ANSWER", _("E-postservern tystnade efter att ha fått hela meddelandet")
    RENDERING = "RENDERING", _("Texten kunde inte sättas samman")
    GAVE_UP = "GAVE_UP", _("För många försök")
    RECIPIENT_INACTIVE = "RECIPIENT_INACTIVE", _("Mottagaren är inte längre aktiv")
    NOTHING_LEFT = "NOTHING_LEFT", _("Inget kvar att påminna om")
    SET_ASIDE = "SET_ASIDE", _("Lades åt sidan när ett uppehåll tog slut")


class Message(models.Model):
    """One mail: one recipient, one moment, everything that is due then. Moved by `delivery`.

    `key` makes recipient and moment unique and gives the fixed Message-ID; `date` is the fixed Date header.
    `unanswered` counts sends whose outcome nobody knows: while it is above zero nothing more may join the mail.
    `next_at` says when the row is looked at next; empty when there is nothing more to do.
    """

    key = models.CharField(_("nyckel"), max_length=320, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("mottagare"),
    )
    address = models.EmailField(_("funktionsbrevlåda"), blank=True)
    reader = models.CharField(_("invånare som följer"), max_length=40, blank=True, db_default="")
    moment = models.DateTimeField(_("ska skickas"))
    message_id = models.CharField("Message-ID", max_length=320, unique=True)
    date = models.DateTimeField("Date")
    state = models.CharField(_("läge"), max_length=20, choices=MessageState, default=MessageState.DUE)
    next_at = models.DateTimeField(_("nästa försök"), null=True, blank=True)
    lease_until = models.DateTimeField(_("upptaget till"), null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(_("försök"), default=0)
    unanswered = models.PositiveSmallIntegerField(_("försök utan besked"), default=0)
    last_error = models.CharField(_("senaste fel"), max_length=500, blank=True)
    last_error_kind = models.CharField(_("slag av fel"), max_length=30, choices=ErrorKind, blank=True)
    sent_at = models.DateTimeField(_("skickat"), null=True, blank=True)
    created_at = models.DateTimeField(_("skapat"), auto_now_add=True)

    class Meta:
        verbose_name = _("meddelande")
        verbose_name_plural = _("meddelanden")
        ordering = ["-moment", "id"]
        indexes = [
            # In the order they are taken: many wait for the same minute.
            models.Index(
                fields=["next_at", "id"], name="notifications_message_turn", condition=Q(state__in=UNFINISHED)
            ),
            # What needs a person is looked for at every sweep, among years of mail that was sent.
            models.Index(fields=["moment"], name="notifications_message_amiss", condition=Q(state__in=AMISS)),
            models.Index(fields=["moment"], name="notifications_message_moment"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="notifications_message_state"),
            models.CheckConstraint(
                condition=ONE_RECIPIENT,
                name="notifications_message_one_recipient",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENDING) | (Q(lease_until__isnull=False) & ~Q(lease_token="")),
                name="notifications_message_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False), name="notifications_message_sent_at"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MessageState.DUE, MessageState.SENDING]) | Q(next_at__isnull=False),
                name="notifications_message_next_at",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Obligation(models.Model):
    """One thing to tell one recipient at one moment; made by `operations.plan`, told through its message."""

    key = models.CharField(_("nyckel"), max_length=255, unique=True)
    subject = models.CharField(_("gäller"), max_length=120, db_index=True)
    step = models.CharField(_("steg"), max_length=40)
    moment = models.DateTimeField(_("ska skickas"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("mottagare"),
    )
    address = models.EmailField(_("funktionsbrevlåda"), blank=True)
    reader = models.CharField(_("invånare som följer"), max_length=40, blank=True, db_default="")
    heading = models.CharField(_("rubrik"), max_length=120)
    number = models.CharField(_("nummer"), max_length=40)
    title = models.CharField(_("titel"), max_length=200)
    due_at = models.DateTimeField(_("dag"), null=True, blank=True)
    path = models.CharField(_("länk"), max_length=300)
    state = models.CharField(_("läge"), max_length=20, choices=ObligationState, default=ObligationState.PLANNED)
    # Which planner made it ahead of its time; until then it follows what the planner says at each sweep.
    planner = models.CharField(max_length=80, blank=True, db_default="", editable=False)
    # Of one ladder only the newest step that is due is told.
    ladder = models.CharField(max_length=160, blank=True, db_default="", editable=False)
    message = models.ForeignKey(
        Message,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("meddelande"),
    )
    sent_at = models.DateTimeField(_("skickad"), null=True, blank=True)
    created_at = models.DateTimeField(_("skapad"), auto_now_add=True)

    class Meta:
        verbose_name = _("påminnelse")
        verbose_name_plural = _("påminnelser")
        ordering = ["moment", "id"]
        indexes = [
            models.Index(
                fields=["moment"],
                name="notifications_loose",
                condition=Q(message__isnull=True, state=ObligationState.PLANNED),
            ),
            models.Index(
                fields=["planner", "moment"],
                name="notifications_ahead",
                condition=Q(state=ObligationState.PLANNED) & ~Q(planner=""),
            ),
            models.Index(
                fields=["ladder", "moment"],
                name="notifications_steps",
                condition=Q(state=ObligationState.PLANNED) & ~Q(ladder=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ObligationState.values), name="notifications_obligation_state"
            ),
            models.CheckConstraint(
                condition=ONE_RECIPIENT,
                name="notifications_obligation_one_recipient",
            ),
            models.CheckConstraint(
                condition=~Q(state=ObligationState.SENT) | Q(message__isnull=False),
                name="notifications_obligation_sent_in",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Ladder(models.Model):
    """The municipality's own ladder of a kind, in the place of ladders.DEFAULTS. `steps` as `Step.as_stored`."""

    kind = models.CharField(_("slag"), max_length=20, choices=LadderKind, unique=True)
    steps = models.JSONField(_("steg"))
    quiet_from = models.TimeField(_("tyst från"), null=True, blank=True)
    quiet_to = models.TimeField(_("tyst till"), null=True, blank=True)
    working_days_only = models.BooleanField(_("bara arbetsdagar"), default=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("stege")
        verbose_name_plural = _("stegar")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LadderKind.values), name="notifications_ladder_kind"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None) | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="notifications_ladder_quiet_both",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def rules(self) -> Rules:
        steps = tuple(Step(**step) for step in self.steps)
        return Rules(self.kind, steps, self.quiet_from, self.quiet_to, self.working_days_only)


def new_calendar_key() -> str:
    """Long enough that nobody guesses it: the key is all that guards the calendar."""
    return secrets.token_urlsafe(32)


class Channel(models.Model):
    """How somebody wants what the portal tells: at once, or gathered at an hour; and the key to their calendar."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channel")
    daily_at = models.TimeField(_("klockslag för dagens mejl"), null=True, blank=True)
    calendar_key = models.CharField(max_length=64, unique=True, default=new_calendar_key, editable=False)

    class Meta:
        verbose_name = _("mejl och kalender")
        verbose_name_plural = _("mejl och kalendrar")

    def __str__(self) -> str:
        return str(self.user_id)


class HoldReason(models.TextChoices):
    RESTORED = "RESTORED", _("Portalen är återställd ur en säkerhetskopia")
    BY_HAND = "BY_HAND", _("Någon har pausat utskicken")


STILL_OPEN = Q(released_at__isnull=True)


class SendingHold(models.Model):
    """While one is open no mail of the ledger leaves, whoever sends; planning goes on. Moved by `holding`.

    Signing in is not held: its codes are no part of the ledger. Of a restore it keeps when the backup was taken, and
    whether the journal of what was sent since was at hand (`journal_until`: its last line).
    """

    reason = models.CharField(_("orsak"), max_length=20, choices=HoldReason)
    note = models.CharField(_("varför"), max_length=300, blank=True)
    since = models.DateTimeField(_("sedan"))
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(_("släppt"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    backup_taken_at = models.DateTimeField(_("kopian togs"), null=True, blank=True)
    journal_found = models.BooleanField(_("sändningsjournalen fanns kvar"), default=False)
    journal_until = models.DateTimeField(_("sändningsjournalens sista rad"), null=True, blank=True)

    class Meta:
        verbose_name = _("uppehåll i utskicken")
        verbose_name_plural = _("uppehåll i utskicken")
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=HoldReason.values), name="notifications_hold_reason"),
            models.UniqueConstraint(
                ExpressionWrapper(STILL_OPEN, output_field=BooleanField()),
                condition=STILL_OPEN,
                name="notifications_hold_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(reason=HoldReason.RESTORED) | Q(backup_taken_at__isnull=False),
                name="notifications_hold_restored_from",
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class AcceptedMail(models.Model):
    """What the journal says a mail server took, and a restored database knew nothing of: one row for each thing told.

    `told` is empty until the restored portal has planned the same thing again; then it is marked as sent, not sent
    again. `digest` stands for the obligation's key (journal.digest_of).
    """

    hold = models.ForeignKey(SendingHold, on_delete=models.PROTECT, related_name="accepted")
    message_id = models.CharField("Message-ID", max_length=320, db_index=True)
    digest = models.CharField(max_length=32, unique=True)
    accepted_at = models.DateTimeField(_("togs emot"))
    told = models.OneToOneField(
        Obligation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="accepted",
        verbose_name=_("påminnelse"),
    )

    class Meta:
        verbose_name = _("redan skickat")
        verbose_name_plural = _("redan skickat")
        ordering = ["accepted_at", "id"]

    def __str__(self) -> str:
        return self.message_id


class SweepBeat(models.Model):
    """One sweep: proof that somebody looks. `alive_at` moves on while the sweep works. Kept for some days."""

    started_at = models.DateTimeField(_("började"), db_index=True)
    alive_at = models.DateTimeField(_("senast i gång"), db_index=True)
    finished_at = models.DateTimeField(_("klar"), null=True, blank=True)
    planned = models.PositiveIntegerField(_("nya påminnelser"), default=0)
    sent = models.PositiveIntegerField(_("skickade meddelanden"), default=0)
    problems = models.PositiveIntegerField(_("fel"), default=0)
    mail_server_away = models.BooleanField(_("e-postservern borta"), default=False)

    class Meta:
        verbose_name = _("genomgång")
        verbose_name_plural = _("genomgångar")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S}"
