"""The report as PDF/UA-1: tagged, with title, language and alternative texts, set by Typst.

Texts go in as data, never as markup, so nothing somebody wrote can change the document.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typst
from django.conf import settings

from . import chart
from .content import Report

TEMPLATE = Path(settings.BASE_DIR) / "templates" / "pledges" / "report" / "set.typ"


def pdf_of(report: Report) -> bytes:
    """The bytes of the document. Raises typst.TypstError when it cannot be set, which is a fault of ours."""
    data = {
        **asdict(report),
        "chart": chart.bars(report.deliveries),
        "chart_words": chart.in_words(report.deliveries),
    }
    made = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made
