"""The files that staff upload: logos, checked to be images when they come in."""

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve


def uploaded_file(request: HttpRequest, path: str) -> HttpResponseBase:
    # few and small, so the site serves them itself; the security headers keep a browser from taking one for a page
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except (SuspiciousFileOperation, OSError) as nothing:  # outside, or no name of a file: every robot tries
        raise Http404 from nothing
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
