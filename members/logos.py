"""Logos that staff upload: a picture small enough to serve as it is, and never a script."""

from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

MAX_BYTES = 512 * 1024
MAX_SIDE = 2000  # pixels
# what a picture is, by the end of its name; SVG can carry a script
FORMATS = {"png": ("PNG",), "jpg": ("JPEG", "MPO"), "jpeg": ("JPEG", "MPO"), "webp": ("WEBP",)}
# how files begin that people take for logos, so that the refusal can name what they chose
OTHER_KINDS = {
    b"GIF8": "GIF", b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF", b"%PDF": "PDF", b"\0\0\1\0": "ICO", b"8BPS": "PSD",
}  # fmt: skip
CONTAINERS = {b"ftypavif": "AVIF", b"ftypheic": "HEIC", b"ftypheix": "HEIC", b"ftypmif1": "HEIF"}

TAKEN = _("PNG, JPEG and WebP are accepted, up to 512 kB and 2000 pixels a side.")
TOO_LARGE = format_lazy("{} {}", _("The file is larger than 512 kB: reduce it first."), TAKEN)
TOO_MANY_PIXELS = format_lazy("{} {}", _("The picture is wider or higher than 2000 pixels: reduce it first."), TAKEN)
OTHER_KIND = format_lazy("{} {}", _("This is a %(kind)s file."), TAKEN)
OTHER_NAME = format_lazy("{} {}", _("This is a %(kind)s file under another name."), TAKEN)
NO_PICTURE = format_lazy("{} {}", _("The file is not a picture that can be read."), TAKEN)


def validate_logo(file) -> None:
    if getattr(file, "_committed", False):  # the one that is there already, and is left as it is
        return
    if file.size > MAX_BYTES:
        raise ValidationError(TOO_LARGE)
    suffix = PurePath(file.name).suffix.lower().removeprefix(".")
    kind, width, height = _picture(file, suffix)
    if kind not in FORMATS.get(suffix, ()):
        raise ValidationError(OTHER_NAME, params={"kind": kind})
    if max(width, height) > MAX_SIDE:
        raise ValidationError(TOO_MANY_PIXELS)


def _picture(file, suffix: str) -> tuple[str, int, int]:
    """Format, width and height, as its first bytes tell them."""
    file.seek(0)
    try:
        picture = Image.open(file, formats=("PNG", "JPEG", "WEBP"))
    except Image.DecompressionBombError as bomb:
        raise ValidationError(TOO_MANY_PIXELS) from bomb
    except UnidentifiedImageError as unread:
        file.seek(0)
        kind = _other_kind(file.read(1024))
        sentence = NO_PICTURE if not kind else OTHER_KIND if suffix == kind.lower() else OTHER_NAME
        raise ValidationError(sentence, params={"kind": kind}) from unread
    finally:
        file.seek(0)
    return picture.format or "", *picture.size


def _other_kind(beginning: bytes) -> str:
    if b"<svg" in beginning:
        return "SVG"
    others = (kind for start, kind in OTHER_KINDS.items() if beginning.startswith(start))
    return CONTAINERS.get(beginning[4:12]) or next(others, "")


class LogoUpload(forms.ImageField):
    """Says what is wrong with a picture before the stock field says that it cannot be read."""

    default_error_messages = {"invalid_image": NO_PICTURE}
    default_validators = []

    def to_python(self, data):
        if data not in self.empty_values and data.size:
            validate_logo(data)
        return super().to_python(data)

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "accept": "image/png,image/jpeg,image/webp"}


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
