"""Two accounts to look around with: an administrator and an editor, with random passwords in a file that only
their owner reads. Made where a demo network is, never beside real members."""

import os
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from .network import has_members_of_its_own

ADMINISTRATOR, EDITOR = "admin", "editor"
EDITABLE = ("portal", "members", "projects")


def account_lines() -> list[str]:
    """What to print: each account with its password, made now or read from the file."""
    file = settings.VAR_DIR / "demo-accounts.txt"
    if has_members_of_its_own():
        return ["No demo accounts: this database holds members of its own."]
    passwords = dict(line.split(" ", 1) for line in file.read_text().splitlines()) if file.exists() else {}
    users = get_user_model()
    for name in (ADMINISTRATOR, EDITOR):
        user = users.objects.filter(username=name).first()
        if user:
            if not user.check_password(passwords.get(name, "")):
                passwords.pop(name, None)  # somebody's own account of that name, or a password of their own
            continue
        passwords.setdefault(name, secrets.token_urlsafe(12))
        user = users(username=name, is_staff=True, is_superuser=name == ADMINISTRATOR)
        user.set_password(passwords[name])
        user.save()
        if name == EDITOR:
            user.user_permissions.set(
                Permission.objects.filter(content_type__app_label__in=EDITABLE, codename__regex="^(view|add|change)_")
            )
    _write(file, "".join(f"{name} {password}\n" for name, password in sorted(passwords.items())))
    return [f"{name}: {password}" for name, password in sorted(passwords.items())] + [f"(kept in {file})"]


def _write(file, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    file.chmod(0o600)
