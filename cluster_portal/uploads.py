"""The files that staff upload: logos, checked to be images when they come in."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve


def uploaded_file(request: HttpRequest, path: str) -> HttpResponseBase:
    # few and small, so the site serves them itself; the security headers keep a browser from taking one for a page
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
