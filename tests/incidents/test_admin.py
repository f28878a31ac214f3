"""The inspection shows, and changes nothing; drafts that belong to a department are not shown."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from .. import make_incidents as make

pytestmark = pytest.mark.django_db


def test_every_model_can_be_opened_and_none_can_be_changed(client_as):
    client = client_as("administrator")
    make.submitted_report()
    models = [m for m in admin.site._registry if m._meta.app_label == "incidents"]
    assert len(models) > 25
    for model in models:
        listed = client.get(reverse(f"admin:incidents_{model._meta.model_name}_changelist"))
        assert listed.status_code == 200, model
        added = client.get(reverse(f"admin:incidents_{model._meta.model_name}_add"))
        assert added.status_code == 403, model


def test_a_department_s_draft_is_not_in_the_inspection(client_as):
    draft = make.report_draft(done_text="Utkastets ord")
    page = client_as("administrator").get(reverse("admin:incidents_reportback_change", args=[draft.pk]))
    assert page.status_code == 302
    listed = client_as("administrator").get(reverse("admin:incidents_reportback_changelist"))
    assert "0 " in listed.content.decode()


def test_organisations_are_looked_through_in_the_admin_too(client_as, people):
    organisation = make.department()
    page = reverse("admin:accounts_organisation_change", args=[organisation.pk])
    data = {
        "name": "Enheten 19121212-1212",
        "short_name": "Enheten",
        "slug": organisation.slug,
        "kind": "DEPARTMENT",
        "board": "",
        "function_mailbox": "",
        "is_active": "on",
    }
    answer = client_as("administrator").post(page, data)
    assert answer.status_code == 200
    organisation.refresh_from_db()
    assert organisation.name == "Socialförvaltningen"
