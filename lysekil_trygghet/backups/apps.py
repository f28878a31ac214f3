from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "lysekil_trygghet.backups"
    label = "backups"
    verbose_name = "Säkerhetskopior"
