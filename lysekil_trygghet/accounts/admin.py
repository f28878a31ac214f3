"""Reference data (organisations, functions) and inspection. Roles are given on /arbete/personer/, not here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from lysekil_trygghet.privacy.admin import PrivateAdminMixin
from lysekil_trygghet.privacy.kinds import Kind

from .models import Delegation, Function, Membership, Organisation, User


class Inspection(admin.ModelAdmin):
    """To read only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReferenceData(admin.ModelAdmin):
    """Added and edited here, never removed: history and memberships point at it."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(PrivateAdminMixin, ReferenceData):
    privacy_expected = {"function_mailbox": [Kind.EMAIL]}
    list_display = ["name", "short_name", "kind", "board", "is_own_authority", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name", "short_name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Function)
class FunctionAdmin(PrivateAdminMixin, ReferenceData):
    list_display = ["label", "organisation", "is_key"]
    list_filter = ["is_key", "organisation"]
    search_fields = ["label"]
    prepopulated_fields = {"code": ["label"]}


@admin.register(User)
class UserAdmin(Inspection):
    list_display = ["name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "is_active", "is_staff", "date_joined", "last_login"]


@admin.register(Membership)
class MembershipAdmin(Inspection):
    list_display = ["user", "role", "organisation", "function", "valid_from", "valid_to"]
    list_filter = ["role", "organisation"]
    list_select_related = ["user", "organisation", "function"]


@admin.register(Delegation)
class DelegationAdmin(Inspection):
    list_display = ["user", "power", "organisation", "reference", "valid_from", "valid_to"]
    list_filter = ["power", "organisation"]
    list_select_related = ["user", "organisation"]
