"""One-time sign-in links, by which the first user gets in without a password, as with notebooks."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.utils import timezone

MINUTES_VALID = 15
_SALT = "kb.sign-in"
_NO_NAMES = ("*", "localhost", "127.0.0.1", "[::1]")  # hosts that name no site others can reach


def make_token(user: User) -> str:
    """Returns a token that signs the user in once, within 15 minutes: it holds the time they last signed in."""
    return signing.dumps([user.pk, _last_login(user)], salt=_SALT)


def site_address() -> str:
    """Returns where the site is reached as far as its settings say, else where `./run` serves it."""
    hosts = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if host not in _NO_NAMES]
    return f"{'https' if settings.HTTPS else 'http'}://{hosts[0] if hosts else '127.0.0.1:8000'}"


def user_of(token: str) -> User | None:
    """Returns the user a token is for, or None if it is forged, too old or used."""
    try:
        pk, last_login = signing.loads(token, salt=_SALT, max_age=MINUTES_VALID * 60)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user if user is not None and _last_login(user) == last_login else None


def spend(token: str) -> User | None:
    """Uses up a token. Returns its user, who may now be signed in, or None as `user_of` does.

    Of several requests with one token, the database lets only one change the time of the last sign-in.
    """
    user = user_of(token)
    if user is None:
        return None
    unspent = User.objects.filter(pk=user.pk, is_active=True, last_login=user.last_login)
    return user if unspent.update(last_login=timezone.now()) else None


def _last_login(user: User) -> str:
    return user.last_login.isoformat() if user.last_login else ""
