from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "lysekil_trygghet.subscriptions"
    label = "subscriptions"
    verbose_name = "Prenumerationer"
