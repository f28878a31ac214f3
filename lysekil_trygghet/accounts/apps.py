from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lysekil_trygghet.accounts"
    label = "accounts"
    verbose_name = "Konton och organisation"
