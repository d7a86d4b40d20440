from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import pgettext_lazy
from django.views.generic import RedirectView

from cluster_portal import sitemaps
from cluster_portal.serving.uploads import uploaded_file
from cluster_portal.views import about, home, robots, search, suggestions, text_page

handler400 = "cluster_portal.serving.errors.bad_request"
handler403 = "cluster_portal.serving.errors.forbidden"
handler404 = "cluster_portal.serving.errors.not_found"
handler429 = "cluster_portal.serving.errors.too_many_requests"
handler500 = "cluster_portal.serving.errors.server_error"

urlpatterns = [
    path("admin/", include("cluster_portal.sign_in.urls")),  # before the admin's own ways in and out
    path("admin/", include("members.staff_urls")),
    path("admin/", admin.site.urls),
    path("media/<path:path>", uploaded_file),
    path("robots.txt", robots.robots, name="robots"),
    path("opensearch.xml", robots.opensearch, name="opensearch"),
    path(".well-known/security.txt", robots.security, name="security"),
    *[
        path(asked, RedirectView.as_view(url=f"/static/{icon}"))
        for asked, icon in [
            ("favicon.ico", "favicon.ico"),
            ("favicon.svg", "favicon.svg"),
            ("apple-touch-icon.png", "touch-icon.png"),
            ("apple-touch-icon-precomposed.png", "touch-icon.png"),
        ]
    ],
    path("sitemap.xml", sitemaps.index, name="sitemap-index"),
    path("sitemap-<section>.xml", sitemaps.sitemap, name="sitemap"),
    *i18n_patterns(
        path("", home.home, name="home"),
        path(pgettext_lazy("URL path", "what-is-a-cluster/"), about.about, name="about"),
        path(pgettext_lazy("URL path", "search/"), search.search, name="search"),
        path("suggestions/", suggestions.suggest, name="suggest"),
        path(pgettext_lazy("URL path", "legal/"), text_page.text_page, {"key": "legal"}, name="legal"),
        path(
            pgettext_lazy("URL path", "accessibility/"),
            text_page.text_page,
            {"key": "accessibility"},
            name="accessibility",
        ),
        path("", include("contributions.urls")),
        path("", include("projects.urls")),
        path("", include("members.urls")),
    ),
]
