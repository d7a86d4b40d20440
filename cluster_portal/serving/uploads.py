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
    except SuspiciousFileOperation as outside:  # every robot tries; it is no error of ours
        raise Http404 from outside
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
