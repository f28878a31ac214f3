"""Addresses of the situation picture where staff work, under /arbete/."""

from django.urls import include, path

from situation.views import imports, parts, pictures, sources, steps

app_name = "situation"

of_picture = [
    path("", pictures.picture, name="picture"),
    path("redigera/", pictures.picture_edit, name="picture_edit"),
    path("las/", pictures.picture_read, name="picture_read"),
    path("historik/", pictures.picture_history, name="picture_history"),
    path("underlag/", pictures.picture_sources, name="picture_sources"),
    path("hamta/", pictures.picture_copy, name="picture_copy"),
    path("kasta/", pictures.picture_discard, name="picture_discard"),
    path("kommentera/", pictures.picture_comment, name="picture_comment"),
    path("diarienummer/", pictures.picture_diary, name="picture_diary"),
    path("granska/", steps.picture_review, name="picture_review"),
    path("skicka-tillbaka/", steps.picture_send_back, name="picture_send_back"),
    path("visa-for-polisen/", steps.picture_open, name="picture_open"),
    path("bekrafta/", steps.picture_confirm, name="picture_confirm"),
    path("bekrafta-skriftligt/", steps.picture_confirm_in_writing, name="picture_confirm_in_writing"),
    path("anta/", steps.picture_adopt, name="picture_adopt"),
    path("publicera/", steps.picture_publish, name="picture_publish"),
    path("avpublicera/", steps.picture_withdraw, name="picture_withdraw"),
    path("forhandsvisa/", steps.picture_preview, name="picture_preview"),
    path("iakttagelser/ny/", parts.finding_new, name="finding_new"),
    path("iakttagelser/ordning/", parts.finding_order, name="finding_order"),
    path("iakttagelser/<int:finding_pk>/", parts.finding_edit, name="finding_edit"),
    path("iakttagelser/<int:finding_pk>/ta-bort/", parts.finding_remove, name="finding_remove"),
    path("problem/nytt/", parts.problem_new, name="problem_new"),
    path("problem/ordning/", parts.problem_order, name="problem_order"),
    path("problem/<int:problem_pk>/", parts.problem_edit, name="problem_edit"),
    path("problem/<int:problem_pk>/ta-bort/", parts.problem_remove, name="problem_remove"),
    path("problem/<int:problem_pk>/orsaker/ny/", parts.cause_new, name="cause_new"),
    path("orsaker/ordning/", parts.cause_order, name="cause_order"),
    path("orsaker/<int:cause_pk>/", parts.cause_edit, name="cause_edit"),
    path("orsaker/<int:cause_pk>/ta-bort/", parts.cause_remove, name="cause_remove"),
]
urlpatterns = [
    path("lagesbild/", pictures.picture_list, name="pictures"),
    path("lagesbild/ny/gemensam/", pictures.picture_new, {"kind": "gemensam"}, name="picture_new"),
    path("lagesbild/ny/egen/", pictures.picture_new, {"kind": "egen"}, name="picture_new_own"),
    path("lagesbild/underlag/", sources.source_list, name="sources"),
    path("lagesbild/underlag/nytt/", sources.source_new, name="source_new"),
    path("lagesbild/underlag/<int:pk>/", sources.source, name="source"),
    path("lagesbild/underlag/<int:pk>/redigera/", sources.source_edit, name="source_edit"),
    path("lagesbild/underlag/<int:pk>/ta-bort/", sources.source_discard, name="source_discard"),
    path("lagesbild/omraden/", sources.area_list, name="areas"),
    path("lagesbild/omraden/nytt/", sources.area_new, name="area_new"),
    path("lagesbild/omraden/<int:pk>/", sources.area_edit, name="area_edit"),
    path("lagesbild/<int:pk>/", include(of_picture)),
    path("siffror/inlasningar/", imports.import_list, name="imports"),
    path("siffror/inlasningar/ny/", imports.import_new, name="import_new"),
    path("siffror/inlasningar/<int:pk>/", imports.import_shown, name="import"),
    path("siffror/inlasningar/<int:pk>/kolumner/", imports.import_columns, name="import_columns"),
    path("siffror/inlasningar/<int:pk>/spara/", imports.import_store, name="import_store"),
    path("siffror/inlasningar/<int:pk>/slang/", imports.import_drop, name="import_drop"),
]
