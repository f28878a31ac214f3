from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "lysekil_trygghet.history"
    label = "history"
    verbose_name = "Historik"
