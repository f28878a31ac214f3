"""What other rooms' templates show of the promises: the rooms below may not import this one.

{% load pledges %}{% promises_by_problem picture.problems read as promises %}
{% for promise in promises|of_problem:problem %}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from lysekil_trygghet.publishing.languages import Reader
from pledges.residents.sets import PromiseLink, promise_links

register = template.Library()


@register.simple_tag
def promises_by_problem(problems: Iterable[Any], read: Reader) -> dict[int, list[PromiseLink]]:
    """The published promises on each problem shown, by the problem's key; few queries however many there are."""
    return promise_links([problem.row.pk for problem in problems], read=read)


@register.filter
def of_problem(promises: Mapping[int, list[PromiseLink]], problem: Any) -> list[PromiseLink]:
    return promises.get(problem.row.pk, [])
