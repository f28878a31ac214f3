"""Staff addresses: events, responses, convening, meetings, directives, situation reports."""

from django.urls import path

from incidents.views import convenings, meetings, responses, status_reports

urlpatterns = [
    path("handelser/", responses.event_list, name="events"),
    path("handelser/ny/", responses.event_new, name="event_new"),
    path("handelser/<int:pk>/", responses.event, name="event"),
    path("handelser/<int:pk>/redigera/", responses.event_edit, name="event_edit"),
    path("insatser/", responses.response_list, name="responses"),
    path("insatser/ny/", responses.response_new, name="response_new"),
    path("insatser/<int:pk>/", responses.response, name="response"),
    path("insatser/<int:pk>/redigera/", responses.response_edit, name="response_edit"),
    path("insatser/<int:pk>/avsluta/", responses.response_end, name="response_end"),
    path("insatser/<int:response_pk>/kallelse/ny/", convenings.convening_new, name="convening_new"),
    path("kallelser/<int:pk>/", convenings.convening, name="convening"),
    path("kallelser/<int:pk>/redigera/", convenings.convening_edit, name="convening_edit"),
    path("kallelser/<int:pk>/skicka/", convenings.convening_send, name="convening_send"),
    path("kallelser/<int:pk>/stall-in/", convenings.convening_cancel, name="convening_cancel"),
    path("insatser/<int:response_pk>/moten/nytt/", meetings.meeting_new, name="meeting_new"),
    path("moten/<int:pk>/", meetings.meeting, name="meeting"),
    path("moten/<int:pk>/redigera/", meetings.meeting_edit, name="meeting_edit"),
    path("moten/<int:pk>/godkann/", meetings.meeting_approve, name="meeting_approve"),
    path("moten/<int:pk>/fragor/ny/", meetings.question_new, name="question_new"),
    path("moten/<int:pk>/fragor/<int:handling_pk>/", meetings.question_handle, name="question_handle"),
    path("moten/<int:pk>/direktiv/nytt/", meetings.directive_new, name="directive_new"),
    path("moten/<int:pk>/atagande/nytt/", meetings.undertaking_new, name="undertaking_new"),
    path("direktiv/<int:pk>/", meetings.directive_settle, name="directive_settle"),
    path("insatser/<int:pk>/lagesrapporter/", status_reports.status_report_list, name="status_reports"),
    path("insatser/<int:pk>/lagesrapporter/ny/", status_reports.status_report_new, name="status_report_new"),
    path("lagesrapporter/<int:pk>/", status_reports.status_report, name="status_report"),
    path("lagesrapporter/<int:pk>/redigera/", status_reports.status_report_edit, name="status_report_edit"),
    path("lagesrapporter/<int:pk>/lamna-in/", status_reports.status_report_submit, name="status_report_submit"),
]
