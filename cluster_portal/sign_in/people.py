"""Who is meant by what somebody typed, and whether she may come in."""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend

from cluster_portal.records.scope import ENTER_ADMIN


def person_named(typed: str):
    """Whose user name it is, else whose e-mail address, if it is one person's alone."""
    people = get_user_model()._default_manager
    if not typed or "\0" in typed:
        return None
    return people.filter(username=typed).first() or person_at(typed)


def person_at(address: str):
    """Whose e-mail address it is, if it is one person's alone. Addresses that an account had before are nobody's."""
    found = list(get_user_model()._default_manager.filter(email__iexact=address)[:2]) if "@" in address else []
    return found[0] if len(found) == 1 else None


def may_enter(user) -> bool:
    return user.is_active and user.has_perm(ENTER_ADMIN)


class StaffBackend(ModelBackend):
    """By user name or e-mail address, and password. Whoever may not come in is told what a wrong password is told, in the
    same time: one password is always hashed, and once."""

    def authenticate(self, request, username=None, password=None, **also):
        if username is None or password is None:
            return None
        user = person_named(username)
        if user is None:
            get_user_model()().set_password(password)
            return None
        return user if user.check_password(password) and may_enter(user) else None
