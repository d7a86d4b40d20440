"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from cluster_portal.postgresql import watched

# No page is worth more of the server's time, and nobody waits longer; commands may take what they need.
os.environ.setdefault("PGOPTIONS", "-c statement_timeout=15s")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_portal.settings")
watched.visitors_wait = True
application = get_wsgi_application()
