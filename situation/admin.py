"""Inspection only: areas, and what is adopted. Drafts and what was said about them stay with those who write them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from .lifecycle import PICTURES_ADOPTED
from .models import Area, CauseAnalysis, Finding, Problem, SituationPicture, Source


class Inspection(admin.ModelAdmin):
    list_per_page = 50
    show_full_result_count = False
    # The way from the row to the picture's state; empty where drafts have nothing to do with it.
    state_at: ClassVar[str] = "picture__state"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        if not self.state_at:
            return rows
        adopted = self.model._base_manager.filter(**{f"{self.state_at}__in": PICTURES_ADOPTED})
        return rows.filter(pk__in=adopted.values("pk"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SituationPicture)
class PictureInspection(Inspection):
    state_at = "state"
    list_display = ["title", "kind", "organisation", "state", "adopted_on", "published_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["organisation"]


@admin.register(Source)
class SourceInspection(Inspection):
    state_at = "pictures__state"
    list_display = ["title", "kind", "organisation", "method", "n"]
    list_filter = ["kind", "method"]
    list_select_related = ["organisation"]


@admin.register(CauseAnalysis)
class CauseInspection(Inspection):
    state_at = "problem__picture__state"


@admin.register(Area)
class AreaInspection(Inspection):
    state_at = ""
    list_display = ["name", "kind", "code", "version", "is_active"]
    list_filter = ["kind", "is_active"]


admin.site.register([Finding, Problem], Inspection)
