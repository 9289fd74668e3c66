"""Tokens of machines, which act in somebody's name. A token is shown once; only its digest is stored.

Failed attempts are not limited, since 256 random bits cannot be guessed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from contextlib import suppress

from django.contrib.auth.models import User
from django.db import OperationalError
from django.utils import timezone

from kb.models import ApiToken

_PREFIX = "dfx_"
_NOTED_EVERY = dt.timedelta(minutes=1)


def make_token(owner: User, name: str, *, may_read: bool = False) -> str:
    """Creates a token for a person. Returns it in clear, for the only time."""
    token = _PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(owner=owner, name=name, digest=_digest(token), may_read=may_read)
    return token


def token_of(header: str) -> ApiToken | None:
    """Returns the token in an Authorization header ("Bearer dfx_…") with its owner, or None unless it is valid."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    valid = ApiToken.objects.filter(digest=_digest(token.strip()), revoked_at=None, owner__is_active=True)
    row = valid.select_related("owner").first()
    if row is None:
        return None
    _note_use(row)
    return row


def revoke(token: ApiToken) -> None:
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])


def _note_use(token: ApiToken) -> None:
    """Notes that a token was used, once a minute. A database that cannot be written just now need not know."""
    now = timezone.now()
    if token.used_at is None or now - token.used_at > _NOTED_EVERY:
        with suppress(OperationalError):
            ApiToken.objects.filter(pk=token.pk).update(used_at=now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
