"""People to look around as: an administrator, an editor of the network, and staff of three clusters, with random
passwords in a file that only their owner reads. Made where a demo network is, never beside real members."""

import os
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.translation import override

from members.models import Cluster, Role, RoleAssignment

from .network import has_members_of_its_own

ADMINISTRATOR = "admin"  # a superuser
# name -> the role, and the clusters (by slug) where it has one
CAST: dict[str, tuple[Role | None, tuple[str, ...]]] = {
    ADMINISTRATOR: (None, ()),
    "network": (Role.NETWORK_EDITOR, ()),
    "cara": (Role.CLUSTER_MANAGER, ("cara",)),
    "cara-editor": (Role.CLUSTER_EDITOR, ("cara",)),
    "minalogic": (Role.CLUSTER_EDITOR, ("minalogic",)),
    "both": (Role.CLUSTER_EDITOR, ("cara", "minalogic")),
}


def account_lines() -> list[str]:
    """What to print: each account with its password, made now or read from the file."""
    file = settings.VAR_DIR / "demo-accounts.txt"
    if has_members_of_its_own():
        return ["No demo accounts: this database holds members of its own."]
    passwords = dict(line.split(" ", 1) for line in file.read_text().splitlines()) if file.exists() else {}
    passwords = {name: password for name, password in passwords.items() if name in CAST}
    users = get_user_model()
    clusters = {cluster.slug: cluster for cluster in Cluster.objects.filter(slug__in=["cara", "minalogic"])}
    for name, (role, of) in CAST.items():
        user = users.objects.filter(username=name).first()
        if user:
            if not user.check_password(passwords.get(name, "")):
                passwords.pop(name, None)  # somebody's own account of that name, or a password of their own
            continue
        passwords.setdefault(name, secrets.token_urlsafe(12))
        user = users(username=name, email=f"{name}@portal.example", is_superuser=name == ADMINISTRATOR)
        user.set_password(passwords[name])
        user.save()
        if role:
            held = [clusters[slug] for slug in of if slug in clusters] if of else [None]
            for cluster in held:
                RoleAssignment.objects.create(user_id=user.pk, role=role, cluster=cluster)
    _write(file, "".join(f"{name} {passwords[name]}\n" for name in CAST if name in passwords))
    return [
        *(f"{name}: {passwords[name]}  ({_words(*CAST[name])})" for name in CAST if name in passwords),
        f"(kept in {file})",
    ]


def _words(role: Role | None, of: tuple[str, ...]) -> str:
    with override("en"):
        return ", ".join([str(role.label) if role else "everything", *(slug.upper() for slug in of)])


def _write(file, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    file.chmod(0o600)
