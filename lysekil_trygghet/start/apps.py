from django.apps import AppConfig


class StartConfig(AppConfig):
    name = "lysekil_trygghet.start"
    label = "start"
