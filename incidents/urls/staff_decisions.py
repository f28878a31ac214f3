"""Staff addresses: steering decisions, revisions, shared drafts, follow-up rounds."""

from django.urls import path

from incidents.views import decisions, revisions, rounds

urlpatterns = [
    path("insatser/<int:response_pk>/beslut/nytt/", decisions.decision_new, name="decision_new"),
    path("beslut/<int:pk>/", decisions.decision, name="decision"),
    path("beslut/<int:pk>/redigera/", decisions.decision_edit, name="decision_edit"),
    path("beslut/<int:pk>/besluta/", decisions.decision_decide, name="decision_decide"),
    path("beslut/<int:pk>/utfarda/", decisions.decision_issue, name="decision_issue"),
    path(
        "beslut/<int:pk>/besluta-och-utfarda/", decisions.decision_decide_and_issue, name="decision_decide_and_issue"
    ),
    path("beslut/<int:pk>/dela/", decisions.decision_share, name="decision_share"),
    path("beslut/<int:pk>/kasta/", decisions.decision_discard, name="decision_discard"),
    path("beslut/<int:pk>/folj-upp/", decisions.decision_follow_up, name="decision_follow_up"),
    path("beslut/<int:pk>/avsluta/", decisions.decision_end, name="decision_end"),
    path("beslut/<int:pk>/revidera/", revisions.decision_revise, name="decision_revise"),
    path("beslut/<int:pk>/uppdragsval/", revisions.decision_choices, name="decision_choices"),
    path("beslut/<int:pk>/uppdrag/nytt/", revisions.assignment_new, name="assignment_new"),
    path("uppdrag/<int:pk>/redigera/", revisions.assignment_edit, name="assignment_edit"),
    path("uppdrag/<int:pk>/ta-bort/", revisions.assignment_remove, name="assignment_remove"),
    path("beslut/<int:pk>/avstamning/ny/", rounds.round_new, name="round_new"),
    path("avstamning/<int:pk>/", rounds.round_view, name="round"),
    path("avstamning/<int:pk>/uppdrag/<int:number>/", rounds.round_item, name="round_item"),
    path("avstamning/<int:pk>/avsluta/", rounds.round_close, name="round_close"),
    path("avstamning/<int:pk>/text/", rounds.round_summary, name="round_summary"),
]
