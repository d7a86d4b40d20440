"""People of staff who sign in, and what their devices would show."""

import base64
import hashlib
import hmac
import time

from django.contrib.auth import get_user_model
from django.test import Client

from members.models import RoleAssignment

PASSWORD = "une-phrase-assez-longue"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0"


def person(name: str, role: str | None = "network_editor", cluster=None, password: str | None = PASSWORD, **values):
    user = get_user_model().objects.create_user(name, f"{name}@portal.example", password, **values)
    if role:
        RoleAssignment.objects.create(user_id=user.pk, role=role, cluster=cluster)
    return user


def browser(**headers: str) -> Client:
    return Client(headers={"accept-language": "en", "user-agent": CHROME, **headers})


def sign_in(client: Client, name: str, password: str = PASSWORD, address: str = "198.51.100.1", **more):
    return client.post("/admin/login/", {"login": name, "password": password, **more}, REMOTE_ADDR=address)


def code_of(secret: str, at: float | None = None) -> str:
    """What an authenticator app shows (RFC 6238), computed here and not by what checks it."""
    moment = int(time.time() if at is None else at) // 30
    digest = hmac.digest(base64.b32decode(secret), moment.to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
