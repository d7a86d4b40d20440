"""Logos that staff upload: a picture small enough to serve as it is, and never a script."""

from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

MAX_BYTES = 512 * 1024
MAX_SIDE = 2000  # pixels
# what a picture is, by the end of its name; SVG can carry a script
FORMATS = {"png": ("PNG",), "jpg": ("JPEG", "MPO"), "jpeg": ("JPEG", "MPO"), "webp": ("WEBP",)}
NO_PICTURE = _("The file is no picture in PNG, JPEG or WebP, or it has far too many pixels: choose another.")


def validate_logo(file) -> None:
    if getattr(file, "_committed", False):  # the one that is there already, and is left as it is
        return
    if file.size > MAX_BYTES:
        raise ValidationError(_("The logo is larger than 512 kB: reduce it first."))
    kind, width, height = _picture(file)
    if kind not in FORMATS.get(PurePath(file.name).suffix.lower().removeprefix("."), ()):
        raise ValidationError(_("The logo is not of the kind that its name says: give it its own name."))
    if max(width, height) > MAX_SIDE:
        raise ValidationError(_("The logo is larger than 2000 pixels: reduce it first."))


def _picture(file) -> tuple[str | None, int, int]:
    """Format, width and height, as its first bytes tell them."""
    file.seek(0)
    try:
        picture = Image.open(file, formats=("PNG", "JPEG", "WEBP"))
    except (UnidentifiedImageError, Image.DecompressionBombError) as unread:
        raise ValidationError(NO_PICTURE) from unread
    file.seek(0)
    return picture.format, *picture.size


class LogoUpload(forms.ImageField):
    """Says which pictures are taken, where the stock field would list the forty that can be read."""

    default_error_messages = {"invalid_image": NO_PICTURE}
    default_validators = []


class LogoField(models.ImageField):
    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": LogoUpload, **kwargs})

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ImageField", args, kwargs


def logo_field(folder: str) -> LogoField:
    return LogoField(
        _("logo"),
        upload_to=f"logos/{folder}/",
        blank=True,
        validators=[validate_logo],
        help_text=_("PNG, JPEG or WebP, at most 512 kB. Any shape: it is fitted, never stretched."),
    )
