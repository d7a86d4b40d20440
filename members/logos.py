"""Logos that staff upload: a picture small enough to serve as it is, and never a script."""

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_BYTES = 512 * 1024
MAX_SIDE = 2000  # pixels
EXTENSIONS = ("png", "jpg", "jpeg", "webp")  # SVG can carry a script


def validate_logo(file) -> None:
    if file.size > MAX_BYTES:
        raise ValidationError(_("The logo is larger than 512 kB: reduce it first."))
    width, height = getattr(file, "width", 0), getattr(file, "height", 0)
    if max(width or 0, height or 0) > MAX_SIDE:
        raise ValidationError(_("The logo is larger than 2000 pixels: reduce it first."))


def logo_field(folder: str) -> models.ImageField:
    return models.ImageField(
        _("logo"),
        upload_to=f"logos/{folder}/",
        blank=True,
        validators=[FileExtensionValidator(EXTENSIONS), validate_logo],
        help_text=_("PNG, JPEG or WebP, at most 512 kB. Any shape: it is fitted, never stretched."),
    )
