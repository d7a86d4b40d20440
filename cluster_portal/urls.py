from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path
from django.utils.translation import pgettext_lazy
from django.views.generic import RedirectView

from cluster_portal import sitemaps, views
from cluster_portal.uploads import uploaded_file

handler400 = "cluster_portal.errors.bad_request"
handler403 = "cluster_portal.errors.forbidden"
handler404 = "cluster_portal.errors.not_found"
handler500 = "cluster_portal.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("media/<path:path>", uploaded_file),
    path("robots.txt", views.robots, name="robots"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
    path("favicon.ico", RedirectView.as_view(url="/static/favicon.svg")),
    path("sitemap.xml", sitemaps.index, name="sitemap-index"),
    path(
        "sitemap-<section>.xml",
        sitemap_views.sitemap,
        {"sitemaps": sitemaps.SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    *i18n_patterns(
        path("", views.home, name="home"),
        path(pgettext_lazy("URL path", "what-is-a-cluster/"), views.about, name="about"),
        path("suggestions/", views.suggest, name="suggest"),
        path(pgettext_lazy("URL path", "legal/"), views.text_page, {"key": "legal"}, name="legal"),
        path(
            pgettext_lazy("URL path", "accessibility/"),
            views.text_page,
            {"key": "accessibility"},
            name="accessibility",
        ),
        path("", include("projects.urls")),
        path("", include("members.urls")),
    ),
]
