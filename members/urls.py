from django.urls import path
from django.utils.translation import pgettext_lazy

from members.views import (
    cluster_detail,
    cluster_list,
    organisation_detail,
    organisation_list,
    region_detail,
    region_list,
    theme_detail,
    theme_list,
)

app_name = "members"


# A path in the language of the interface, so that an address reads as its page does.
urlpatterns = [
    path(
        pgettext_lazy("URL path", "members/"),
        organisation_list.organisation_list,
        name="organisation-list",
    ),
    path(
        pgettext_lazy("URL path", "members/<slug:slug>/"),
        organisation_detail.organisation_detail,
        name="organisation-detail",
    ),
    path("clusters/", cluster_list.cluster_list, name="cluster-list"),
    path("clusters/<slug:slug>/", cluster_detail.cluster_detail, name="cluster-detail"),
    path(
        pgettext_lazy("URL path", "clusters/<slug:slug>/members/"),
        organisation_list.cluster_members,
        name="cluster-members",
    ),
    path("regions/", region_list.region_list, name="region-list"),
    path("regions/<slug:slug>/", region_detail.region_detail, name="region-detail"),
    path("themes/", theme_list.theme_list, name="theme-list"),
    path("themes/<slug:slug>/", theme_detail.theme_detail, name="theme-detail"),
]
