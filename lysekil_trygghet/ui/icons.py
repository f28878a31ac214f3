"""The portal's icons: our own 24 × 24 line drawings, inlined so that they take the colour of the text.

An icon never stands alone for a meaning: the word stands beside it, so every icon is hidden from readers
of the accessibility tree.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class UnknownIcon(LookupError):
    """A template asked for an icon that is not drawn."""


RING = '<circle cx="12" cy="12" r="9"/>'

ICONS: dict[str, str] = {
    "alert": '<path d="M12 4 2.8 20h18.4L12 4zM12 10v4.5M12 17.3v.2"/>',
    "arrow-down": '<path d="M12 5v14m-6-6 6 6 6-6"/>',
    "arrow-left": '<path d="M19 12H5m6-6-6 6 6 6"/>',
    "arrow-right": '<path d="M5 12h14m-6-6 6 6-6 6"/>',
    "arrow-up": '<path d="M12 19V5m-6 6 6-6 6 6"/>',
    "bell": '<path d="M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15L6 17zM10 21h4"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10.5h16M8 3.5v4m8-4v4"/>',
    "camera": '<path d="M3 8h4l2-3h6l2 3h4v11H3z"/><circle cx="12" cy="13" r="3.5"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "check-circle": RING + '<path d="m8 12.3 2.8 2.8L16 9.8"/>',
    "chevron-down": '<path d="m6 9 6 6 6-6"/>',
    "chevron-right": '<path d="m9 6 6 6-6 6"/>',
    "clock": RING + '<path d="M12 7v5.2l3.3 2"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "cross-circle": RING + '<path d="m9 9 6 6m0-6-6 6"/>',
    "document": '<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6m-6 4h6"/>',
    "dot": '<circle cx="12" cy="12" r="4" fill="currentColor"/>',
    "download": '<path d="M12 4v11m-5-5 5 5 5-5M5 20h14"/>',
    "draft": '<path d="M5 19l1-4L16.5 4.5l3 3L9 18l-4 1zM14 7l3 3"/>',
    "external": '<path d="M10 5H5v14h14v-5M13 5h6v6M19 5l-9 9"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/>'
    '<circle cx="12" cy="12" r="3"/>',
    "flag": '<path d="M6 21V4h11l-2 4 2 4H6"/>',
    "globe": RING + '<path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"/>',
    "group": '<circle cx="9" cy="8" r="3.2"/><path d="M3 20c0-4 2.5-6.5 6-6.5s6 2.5 6 6.5M16 5.2a3.2 3.2 0 0 1 '
    '0 5.8M17.5 14c2.2.8 3.5 3 3.5 6"/>',
    "history": '<path d="M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5M12 8v4.3l2.8 1.7"/>',
    "home": '<path d="m3.5 11.5 8.5-7 8.5 7M6 10v10h12V10M10 20v-6h4v6"/>',
    "info": RING + '<path d="M12 11v6M12 7.5v.2"/>',
    "list": '<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.1M4.5 12h.1M4.5 18h.1"/>',
    "lock": '<path d="M5.5 11h13v9.5h-13zM8 11V7.5a4 4 0 0 1 8 0V11"/>',
    "log-in": '<path d="M10 4h9v16h-9M4 12h10m-4-4 4 4-4 4"/>',
    "log-out": '<path d="M14 4H5v16h9M10 12h10m-4-4 4 4-4 4"/>',
    "mail": '<path d="M3 6h18v13H3zM3 7l9 7 9-7"/>',
    "megaphone": '<path d="M4 10v4h3l9 4V6l-9 4H4zM8 14.5V20h3v-4M19 10v4"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "minus-circle": RING + '<path d="M8 12h8"/>',
    "pause": RING + '<path d="M10 9v6m4-6v6"/>',
    "phone": '<path d="M6 3.5 9.5 4l1 4.5L8 10.5a12 12 0 0 0 5.5 5.5l2-2.5 4.5 1 .5 3.5c-.5 2-2 2.5-3.5 2.5'
    'C9.5 20.5 3.5 14.5 3.5 7c0-1.5.5-3 2.5-3.5z"/>',
    "pin": '<path d="M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.5 12 21 12 21z"/><circle cx="12" cy="9.5" r="2.5"/>',
    "play": RING + '<path d="m10 8.5 5.5 3.5-5.5 3.5z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z"/>',
    "return": '<path d="M9 6 4 11l5 5M4 11h10a5.5 5.5 0 0 1 0 11h-2"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "send": '<path d="M4 12 20 4l-5 16-4-6.5L4 12zM11 13.5 20 4"/>',
    "shield": '<path d="M12 3 5 6v5c0 4.5 2.8 8 7 10 4.2-2 7-5.5 7-10V6l-7-3z"/>',
    "trash": '<path d="M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6m4-6v6"/>',
    "waiting": '<path d="M6 3h12M6 21h12M7 3c0 5 5 6 5 9s-5 4-5 9M17 3c0 5-5 6-5 9s5 4 5 9"/>',
}


def icon(name: str) -> SafeString:
    """The drawing as inline SVG, decorative."""
    try:
        drawing = ICONS[name]
    except KeyError:
        raise UnknownIcon(f"no icon is called {name!r}; drawn are: {', '.join(sorted(ICONS))}") from None
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"'
        ' stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"'
        ' focusable="false">{}</svg>',
        mark_safe(drawing),  # noqa: S308  only the constants above
    )
