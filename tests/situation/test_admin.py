"""The inspection shows what is adopted, and changes nothing."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from situation.lifecycle import PictureKind
from situation.models import PictureComment

from .. import make_situation as make

pytestmark = pytest.mark.django_db


def registered() -> list[type]:
    return [model for model in admin.site._registry if model._meta.app_label == "situation"]


def test_everything_can_be_read_and_nothing_changed(client_as):
    make.picture(state="PUBLISHED")
    client = client_as("administrator")
    models = registered()
    assert len(models) == 6
    assert PictureComment not in models
    for model in models:
        name = f"admin:situation_{model._meta.model_name}"
        assert client.get(reverse(f"{name}_changelist")).status_code == 200
        assert client.get(reverse(f"{name}_add")).status_code == 403
        for row in model._base_manager.all():
            page = reverse(f"{name}_change", args=[row.pk])
            assert client.get(page).status_code == 200
            assert client.post(page, {"title": "x"}).status_code == 403


@pytest.mark.parametrize(("kind", "by"), [("JOINT", "coordinator"), (PictureKind.OWN, "police_liaison")])
def test_no_draft_is_in_the_inspection(client_as, kind, by):
    picture = make.picture(kind=kind, by=by, title="Utkastets ord")
    make.picture(kind=kind, by=by, state="REVIEW", title="Utkastets ord")
    problem = picture.problems.get()
    parts = [picture, picture.sources.get(), picture.findings.get(), problem, problem.causes.get()]
    client = client_as("administrator")
    for part in parts:
        name = f"admin:situation_{part._meta.model_name}"
        assert str(part) not in client.get(reverse(f"{name}_changelist")).content.decode()
        assert client.get(reverse(f"{name}_change", args=[part.pk])).status_code == 302
