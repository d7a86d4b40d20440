from django.urls import path
from django.utils.translation import pgettext_lazy

from contributions.views import alerts, answer, follow, join, reach, send, take_part
from members.models import Cluster, Organisation
from projects.models import Project

app_name = "contributions"

urlpatterns = [
    path(pgettext_lazy("URL path", "take-part/"), take_part.take_part, name="take-part"),
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
    path(pgettext_lazy("URL path", "projects/<slug:slug>/propose-an-outcome/"), join.outcome, name="project-outcome"),
    path(
        pgettext_lazy("URL path", "members/<slug:slug>/write/"),
        reach.write,
        {"model": Organisation},
        name="organisation-write",
    ),
    path(
        pgettext_lazy("URL path", "projects/<slug:slug>/write/"),
        reach.write,
        {"model": Project},
        name="project-write",
    ),
    path(pgettext_lazy("URL path", "messages/confirm/"), reach.confirm, name="message-confirm"),
    path(pgettext_lazy("URL path", "messages/no-more/"), reach.no_more, name="no-more-messages"),
    path(pgettext_lazy("URL path", "still-right/"), answer.still_right, name="still-right"),
    path(pgettext_lazy("URL path", "something-changed/"), answer.changed, name="something-changed"),
    path(pgettext_lazy("URL path", "no-more-questions/"), answer.no_more_questions, name="no-more-questions"),
    path(pgettext_lazy("URL path", "proposals/sent/"), follow.sent, name="sent"),
    path(pgettext_lazy("URL path", "proposals/confirm/"), follow.confirm, name="confirm"),
    path(pgettext_lazy("URL path", "proposals/"), follow.follow, name="follow"),
    path(pgettext_lazy("URL path", "alerts/members/"), alerts.follow, {"which": "members"}, name="members-follow"),
    path(pgettext_lazy("URL path", "alerts/projects/"), alerts.follow, {"which": "projects"}, name="projects-follow"),
    path(pgettext_lazy("URL path", "alerts/clusters/"), alerts.follow, {"which": "clusters"}, name="clusters-follow"),
    path(
        pgettext_lazy("URL path", "alerts/clusters/<slug:slug>/members/"),
        alerts.follow,
        {"which": "cluster-members"},
        name="cluster-members-follow",
    ),
    path(
        pgettext_lazy("URL path", "alerts/clusters/<slug:slug>/projects/"),
        alerts.follow,
        {"which": "cluster-projects"},
        name="cluster-projects-follow",
    ),
    path(pgettext_lazy("URL path", "alerts/sent/"), alerts.sent, name="alert-sent"),
    path(pgettext_lazy("URL path", "alerts/confirm/"), alerts.confirm, name="alert-confirm"),
    path(pgettext_lazy("URL path", "alerts/keep/"), alerts.keep, name="alert-keep"),
    path(pgettext_lazy("URL path", "alerts/stop/"), alerts.stop, name="alert-stop"),
]
