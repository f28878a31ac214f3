"""Staff addresses: assignments, report-backs, requests, shared drafts, the registrar's list."""

from django.urls import path

from incidents.views import assignments, diary, reports

urlpatterns = [
    path("uppdrag/<int:pk>/", assignments.assignment, name="assignment"),
    path("uppdrag/<int:pk>/mottaget/", assignments.acknowledge, name="assignment_acknowledge"),
    path("uppdrag/<int:pk>/notering/", assignments.progress, name="assignment_progress"),
    path("uppdrag/<int:pk>/handlaggare/", assignments.officer, name="assignment_officer"),
    path("uppdrag/<int:pk>/mer-tid/", assignments.more_time, name="assignment_more_time"),
    path("uppdrag/<int:pk>/avboj/", assignments.decline, name="assignment_decline"),
    path("uppdrag/<int:pk>/dag/", assignments.move_day, name="assignment_move_day"),
    path("uppdrag/<int:pk>/utgar/", assignments.cancel, name="assignment_cancel"),
    path("uppdrag/<int:pk>/undantag/", assignments.exception, name="assignment_exception"),
    path("begaran/<int:pk>/svar/", assignments.request_answer, name="request_answer"),
    path("begaran/<int:pk>/ta-tillbaka/", assignments.request_withdraw, name="request_withdraw"),
    path("uppdrag/<int:pk>/rapport/", reports.report, name="report"),
    path("uppdrag/<int:pk>/rapport/spara/", reports.autosave, name="report_autosave"),
    path("uppdrag/<int:pk>/rapport/dela/", reports.share, name="report_share"),
    path("uppdrag/<int:pk>/rapport/svar/", reports.judge, name="report_judge"),
    path("delat/", reports.shared_list, name="shared_drafts"),
    path("delat/<int:pk>/", reports.shared_draft, name="shared_draft"),
    path("diarium/", diary.diary, name="diary"),
    path("diarium/lista.csv", diary.export, name="diary_export"),
    path("diarium/<str:kind>/<int:pk>/", diary.set_number, name="diary_set"),
]
