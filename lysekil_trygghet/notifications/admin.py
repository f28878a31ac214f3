"""Inspection of the ledger. Nothing is changed here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from .models import Message, Obligation, SweepBeat


class OnlyLooking(admin.ModelAdmin):
    """Rows can be read, never added, changed or removed."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Message)
class MessageAdmin(OnlyLooking):
    list_display = ["moment", "user", "address", "state", "attempts", "last_error_kind", "sent_at"]
    list_filter = ["state", "last_error_kind"]
    list_select_related = ["user"]
    search_fields = ["key", "message_id"]
    date_hierarchy = "moment"
    exclude = ["lease_token"]


@admin.register(Obligation)
class ObligationAdmin(OnlyLooking):
    list_display = ["moment", "number", "title", "step", "user", "address", "state", "sent_at"]
    list_filter = ["state", "step"]
    list_select_related = ["user"]
    search_fields = ["key", "subject", "number"]
    date_hierarchy = "moment"
    raw_id_fields = ["message"]


@admin.register(SweepBeat)
class SweepBeatAdmin(OnlyLooking):
    list_display = ["started_at", "finished_at", "planned", "sent", "problems", "mail_server_away"]
