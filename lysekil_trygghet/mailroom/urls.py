"""The log of mail, /arbete/utskick/; mounted at /arbete/."""

from django.urls import path

from .views import hold, ladders, log, mine

app_name = "mailroom"
urlpatterns = [
    path("mejl/", mine.mine, name="mine"),
    path("mejl/rytm/", mine.rhythm, name="rhythm"),
    path("mejl/borta/", mine.absence_new, name="absence_new"),
    path("mejl/borta/<int:pk>/bort/", mine.absence_end, name="absence_end"),
    path("mejl/ny-adress/", mine.new_address, name="new_address"),
    path("utskick/", log.log, name="log"),
    path("utskick/uppehall/", hold.hold, name="hold"),
    path("utskick/uppehall/pausa/", hold.hold_begin, name="hold_begin"),
    path("utskick/uppehall/<int:pk>/slapp/", hold.hold_release, name="hold_release"),
    path("utskick/stegar/", ladders.ladders_page, name="ladders"),
    path("utskick/stegar/<slug:kind>/", ladders.ladder, name="ladder"),
    path("utskick/stegar/<slug:kind>/tillbaka/", ladders.ladder_restore, name="ladder_restore"),
    path("utskick/<int:pk>/", log.message, name="message"),
    path("utskick/<int:pk>/igen/", log.send_again, name="send_again"),
    path("utskick/<int:pk>/framme/", log.arrived, name="arrived"),
    path("utskick/<int:pk>/sagt/", log.set_aside, name="set_aside"),
]
