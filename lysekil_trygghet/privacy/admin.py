"""The same checks in Django's admin, which makes its forms itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpRequest, HttpResponse

from .forms import CONFIRM, DIGEST, private_form
from .kinds import Kind

# Only the type checker needs Django's classes here; at run time the mixins stand in front of them.
if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.options import InlineModelAdmin

    _AdminBase = ModelAdmin[Any]
    _InlineBase = InlineModelAdmin[Any, Any]
else:
    _AdminBase = _InlineBase = object


class PrivateAdminMixin(_AdminBase):
    """Put it first among the parents of a ModelAdmin: its form is looked through as all forms are."""

    privacy_exempt: ClassVar[Collection[str]] = ()
    privacy_expected: ClassVar[Mapping[str, Collection[Kind]]] = {}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = private_form(
            kwargs.get("form") or self.form,
            privacy_exempt=self.privacy_exempt,
            privacy_expected=self.privacy_expected,
        )
        return super().get_form(request, obj, change, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The box to tick appears only when there is a warning, so it is in no fieldset beforehand."""
        adminform = context.get("adminform")
        if adminform is not None and CONFIRM in adminform.form.fields:
            adminform.fieldsets = [*adminform.fieldsets, (None, {"fields": [CONFIRM, DIGEST]})]
        return super().render_change_form(request, context, *args, **kwargs)


class PrivateInlineMixin(_InlineBase):
    """For rows inside another object's admin page: identity numbers stop, other signs pass (no box fits there)."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["form"] = private_form(kwargs.get("form") or self.form, privacy_warns=False)
        return super().get_formset(request, obj, **kwargs)
