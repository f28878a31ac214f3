"""Ranking of problems by the group: my organisation's points, everybody's, and the joint order."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.desk.views import GET_POST, posted
from situation.forms.ranking import PointsForm
from situation.models.problem import ProblemPoints
from situation.operations import ranking

from .doors import back_to, is_fixed, writers_door


@require_http_methods(GET_POST)
@answering
def problem_points(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    if is_fixed(request, picture):
        return see_other(picture)
    problems = list(picture.problems.all())
    mine = ProblemPoints.objects.filter(problem__picture=picture, organisation=request.actor.organisation)
    form = PointsForm(posted(request), problems=problems, given=dict(mine.values_list("problem", "points")))
    form.cancel_url = picture.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            ranking.give_points(picture, points=form.points(), by=request.actor, now=timezone.now())
            messages.success(request, _("Poängen är sparade."))
            return see_other("situation:problem_points", picture.pk)
    members, rows = ranking.ranked(picture)
    context = {"title": _("Rangordna problemen"), "picture": picture, "members": members, "rows": rows}
    return page(request, "situation/staff/problem_points.html", form, **context)


@require_POST
@answering
def problem_points_order(request: HttpRequest, pk: int) -> HttpResponse:
    picture = writers_door(request, pk)
    if is_fixed(request, picture):
        return see_other(picture)
    form = AskForm(request.POST)
    if form.is_valid():
        with trying(form):
            ranking.order_by_points(picture, by=request.actor, now=timezone.now())
            messages.success(request, _("Problemen står i den ordning poängen gav. Skriv varför vid vart och ett."))
            return back_to(picture, "problem")
        messages.error(request, " ".join(form.non_field_errors()))
    return see_other("situation:problem_points", picture.pk)
