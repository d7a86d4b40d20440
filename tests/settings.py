"""The site's settings as production has them, but on http and with cheap passwords."""

import os
from pathlib import Path

import polib

os.environ.update(
    DEBUG="off",
    HTTPS="off",
    MAINTENANCE="off",
    SECRET_KEY="only-for-the-tests-only-for-the-tests-only-for-the-tests",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    CSRF_TRUSTED_ORIGINS="",
    SITE_URL="",
    GEOCODER_URL="",  # a test that asks has a service of its own
    COMPANY_SEARCH_URL="",
    KEPT_PAGES_MB="0",  # a test of a page is about the page; those of what is kept turn it on
)

# translations that have changed are compiled before Django reads them
for source in Path(__file__).parent.parent.glob("locale/*/LC_MESSAGES/*.po"):
    compiled = source.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
        polib.pofile(str(source)).save_as_mofile(str(compiled))

from cluster_portal.settings import *  # noqa: E402, F403
from cluster_portal.settings import DATABASES, STORAGES  # noqa: E402

MAIL_BESIDE_THE_ANSWER = False  # a test reads them at once; one turns it on
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# the manifest needs collectstatic first; what is served in the tests are the files themselves
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

# no test ever works on the site's own data, even one that forgets to ask for the test database
DATABASES["default"] |= {"NAME": "nothing_but_tests", "TEST": {"NAME": "test_portal"}}
