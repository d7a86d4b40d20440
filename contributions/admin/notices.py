"""When, and in which language, somebody of staff wants to be told by mail of what waits for her."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from contributions.models import Matter, NoticeChoice, NoticeLanguage, NoticeTime
from contributions.notices import AT_FIRST


class Choices(forms.Form):
    language = forms.ChoiceField(label=gettext_lazy("Language of the mails"), choices=settings.LANGUAGES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for matter in Matter:
            self.fields[matter.value] = forms.ChoiceField(label=matter.label, choices=NoticeTime.choices)


def page(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Hers, and nobody else's."""
    own = NoticeChoice.objects.filter(user=request.user.pk)
    known = {matter.value: AT_FIRST.value for matter in Matter} | dict(own.values_list("matter", "time"))
    language = NoticeLanguage.objects.filter(user=request.user.pk).values_list("language", flat=True).first()
    form = Choices(request.POST or None, initial={**known, "language": language or get_language()})
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            hers = {"language": form.cleaned_data.pop("language")}
            NoticeLanguage.objects.update_or_create(user_id=request.user.pk, defaults=hers)
            for matter, time in form.cleaned_data.items():
                NoticeChoice.objects.update_or_create(user_id=request.user.pk, matter=matter, defaults={"time": time})
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(request.path)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Notices by mail"),
        "subtitle": None,
        "opts": model_admin.opts,
        "form": form,
        "email": request.user.email,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/contributions/notices.html", context)
