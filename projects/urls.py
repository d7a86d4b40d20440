from django.urls import path
from django.utils.translation import pgettext_lazy

from projects.views import compare, figures, partners, project_detail, project_list, shared

app_name = "projects"

# What stands under clusters/ and is no cluster comes before members' own addresses (cluster_portal.urls).
urlpatterns = [
    path(pgettext_lazy("URL path", "projects/"), project_list.project_list, name="project-list"),
    path(pgettext_lazy("URL path", "projects/<slug:slug>/"), project_detail.project_detail, name="project-detail"),
    path(
        pgettext_lazy("URL path", "clusters/<slug:slug>/projects/"),
        project_list.cluster_projects,
        name="cluster-projects",
    ),
    path(pgettext_lazy("URL path", "key-figures/"), figures.network, name="figures"),
    path(pgettext_lazy("URL path", "clusters/compare/"), compare.compare, name="compare"),
    path(pgettext_lazy("URL path", "clusters/shared-members/"), shared.shared, name="shared"),
    path(pgettext_lazy("URL path", "clusters/<slug:slug>/key-figures/"), figures.cluster, name="cluster-figures"),
    path(pgettext_lazy("URL path", "regions/<slug:slug>/key-figures/"), figures.region, name="region-figures"),
    path(pgettext_lazy("URL path", "themes/<slug:slug>/key-figures/"), figures.theme, name="theme-figures"),
    path(pgettext_lazy("URL path", "partners/"), partners.partner_search, name="partners"),
]
