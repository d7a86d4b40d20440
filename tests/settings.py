"""The site's settings as production has them, but on http and with cheap passwords."""

import os

os.environ.update(
    DEBUG="off",
    HTTPS="off",
    MAINTENANCE="off",
    SECRET_KEY="only-for-the-tests-only-for-the-tests-only-for-the-tests",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    CSRF_TRUSTED_ORIGINS="",
    SITE_URL="",
)

from cluster_portal.settings import *  # noqa: E402, F403
from cluster_portal.settings import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# the manifest needs collectstatic first; what is served in the tests are the files themselves
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
