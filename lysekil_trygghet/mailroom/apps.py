from django.apps import AppConfig


class MailroomConfig(AppConfig):
    name = "lysekil_trygghet.mailroom"
    label = "mailroom"
    verbose_name = "Utskick"
