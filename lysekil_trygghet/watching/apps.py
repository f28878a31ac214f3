from django.apps import AppConfig


class WatchingConfig(AppConfig):
    name = "lysekil_trygghet.watching"
    label = "watching"
    verbose_name = "Övervakning"

    def ready(self) -> None:
        from . import ticks

        ticks.listen()
