"""What every residents' page shows of the whole portal: the rooms below may not import it.

{% load changes %}{% changes_url as url %}
"""

from __future__ import annotations

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from lysekil_trygghet.publishing.languages import WRITTEN_IN
from lysekil_trygghet.start.changes import PAGES, is_changed
from lysekil_trygghet.ui import links

register = template.Library()


@register.simple_tag(takes_context=True)
def changes_url(context: template.Context) -> str:
    """Where the changes of this page's texts stand; empty when there are none, and for previews."""
    request = context.get("request")
    match = request.resolver_match if request is not None else None
    if match is None or match.view_name not in PAGES:
        return ""
    path = request.path if links.current_language() == WRITTEN_IN else links.in_other_language(request.path)
    return f"{reverse('start:changes')}?{urlencode({'sida': path})}" if path and is_changed(path) else ""
