from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import path

handler400 = "cluster_portal.errors.bad_request"
handler403 = "cluster_portal.errors.forbidden"
handler404 = "cluster_portal.errors.not_found"
handler500 = "cluster_portal.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    *i18n_patterns(),
]
