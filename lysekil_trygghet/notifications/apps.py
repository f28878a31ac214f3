from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "lysekil_trygghet.notifications"
    label = "notifications"
    verbose_name = "Meddelanden"
