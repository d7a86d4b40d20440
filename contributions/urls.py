from django.urls import path
from django.utils.translation import pgettext_lazy

from contributions.views import answer, follow, join, send
from members.models import Cluster, Organisation
from projects.models import Project

app_name = "contributions"

urlpatterns = [
    path(
        pgettext_lazy("URL path", "members/<slug:slug>/report/"),
        send.report,
        {"model": Organisation},
        name="organisation-report",
    ),
    path(
        pgettext_lazy("URL path", "members/<slug:slug>/propose/"),
        send.propose,
        {"model": Organisation},
        name="organisation-propose",
    ),
    path(pgettext_lazy("URL path", "clusters/<slug:slug>/join/"), join.join, name="cluster-join"),
    path(pgettext_lazy("URL path", "clusters/<slug:slug>/propose-a-project/"), join.project, name="cluster-project"),
    path(
        pgettext_lazy("URL path", "clusters/<slug:slug>/report/"),
        send.report,
        {"model": Cluster},
        name="cluster-report",
    ),
    path(
        pgettext_lazy("URL path", "clusters/<slug:slug>/propose/"),
        send.propose,
        {"model": Cluster},
        name="cluster-propose",
    ),
    path(
        pgettext_lazy("URL path", "projects/<slug:slug>/report/"),
        send.report,
        {"model": Project},
        name="project-report",
    ),
    path(
        pgettext_lazy("URL path", "projects/<slug:slug>/propose/"),
        send.propose,
        {"model": Project},
        name="project-propose",
    ),
    path(pgettext_lazy("URL path", "still-right/"), answer.still_right, name="still-right"),
    path(pgettext_lazy("URL path", "something-changed/"), answer.changed, name="something-changed"),
    path(pgettext_lazy("URL path", "no-more-questions/"), answer.no_more_questions, name="no-more-questions"),
    path(pgettext_lazy("URL path", "proposals/sent/"), follow.sent, name="sent"),
    path(pgettext_lazy("URL path", "proposals/confirm/"), follow.confirm, name="confirm"),
    path(pgettext_lazy("URL path", "proposals/"), follow.follow, name="follow"),
]
