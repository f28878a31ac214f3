"""Inspection only: every model of this room can be read here, nothing is done here. Daily work has its own pages."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest


class Inspection(admin.ModelAdmin):
    """To read only; drafts of report-backs are not shown at all, they belong to the department that writes."""

    list_per_page = 50
    show_full_result_count = False

    def get_list_display(self, request: HttpRequest) -> list[str]:
        names = {field.name for field in self.model._meta.concrete_fields}
        return ["__str__", *[name for name in ("state", "minutes_state", "published_at", "revision") if name in names]]

    def get_list_filter(self, request: HttpRequest) -> list[str]:
        names = {field.name for field in self.model._meta.concrete_fields}
        return [name for name in ("state", "minutes_state") if name in names]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Submitted and published only where a draft is somebody's own (docs/rules.md)."""
        rows = super().get_queryset(request)
        related = [f.name for f in self.model._meta.concrete_fields if isinstance(f, models.ForeignKey)]
        if related:
            rows = rows.select_related(*related)
        if self.model._meta.model_name in ("reportback", "statusreport"):
            rows = rows.exclude(state="DRAFT")
        return rows

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# Frozen drafts shared with another organisation are read where they were shared, not here.
HIDDEN = {"draftshare"}

for model in apps.get_app_config("incidents").get_models():
    if not model.__name__.startswith("Historical") and model._meta.model_name not in HIDDEN:
        admin.site.register(model, Inspection)
