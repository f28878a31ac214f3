from django.apps import AppConfig
from django.db.models import fields
from django.utils.translation import gettext_lazy as _


class StartConfig(AppConfig):
    name = "lysekil_trygghet.start"
    label = "start"

    def ready(self) -> None:
        # Django's own words for "nothing chosen yet" have no Swedish; this is the documented place to set them.
        fields.BLANK_CHOICE_LABEL = _("Välj")
