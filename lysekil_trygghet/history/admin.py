"""The log of acts, to read and nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import Event


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = ["at", "verb", "subject_label", "actor_label", "actor_organisation_label"]
    list_filter = ["verb", "actor_organisation", "subject_type"]
    search_fields = ["subject_label", "actor_label"]
    date_hierarchy = "at"
    list_select_related = ["subject_type"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
