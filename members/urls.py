from django.urls import path
from django.utils.translation import pgettext_lazy

from members.views import cluster_page, clusters, organisation_page, organisations, places, themes

app_name = "members"


# A path in the language of the interface, so that an address reads as its page does.
urlpatterns = [
    path(
        pgettext_lazy("URL path", "members/"),
        organisations.organisation_list,
        name="organisation-list",
    ),
    path(
        pgettext_lazy("URL path", "members/<slug:slug>/"),
        organisation_page.organisation_detail,
        name="organisation-detail",
    ),
    path("clusters/", clusters.cluster_list, name="cluster-list"),
    path("clusters/<slug:slug>/", cluster_page.cluster_detail, name="cluster-detail"),
    path(
        pgettext_lazy("URL path", "clusters/<slug:slug>/members/"),
        organisations.cluster_members,
        name="cluster-members",
    ),
    path("regions/", places.region_list, name="region-list"),
    path("regions/<slug:slug>/", places.region_detail, name="region-detail"),
    path("themes/", themes.theme_list, name="theme-list"),
    path("themes/<slug:slug>/", themes.theme_detail, name="theme-detail"),
]
