"""What the sitemaps of every app share: both languages, the public address of the site, parts of a bearable size."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Model


class PortalSitemap(Sitemap):
    i18n = True
    alternates = True
    limit = 10_000  # addresses in one file: a fifth of what the standard allows, so that each is made in a second

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme or super().get_protocol(protocol)

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc or super().get_domain(site)


class PublishedSitemap(PortalSitemap):
    """Published rows of a model, with the day they last changed."""

    model: type[Model]

    def items(self):
        return self.model.objects.published().order_by("pk").only("pk", "slug", "updated_at")

    def lastmod(self, item):
        return item.updated_at
