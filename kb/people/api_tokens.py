"""Tokens by which machines import in somebody's name. A token is shown once; its digest is kept.

Wrong tokens are not counted: of 256 random bits nobody guesses one.
"""

from __future__ import annotations

import hashlib
import secrets

from django.contrib.auth.models import User
from django.utils import timezone

from kb.models import ApiToken

_PREFIX = "dfx_"


def make_token(owner: User, name: str) -> str:
    """A new token for a person."""
    token = _PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(owner=owner, name=name.strip()[:100] or "token", digest=_digest(token))
    return token


def owner_of(header: str) -> User | None:
    """Whose token an Authorization header holds ("Bearer dfx_…"); None for none, a wrong or a revoked one."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    found = ApiToken.objects.filter(digest=_digest(token.strip()), revoked_at=None, owner__is_active=True)
    known = found.select_related("owner").first()
    if known is None:
        return None
    ApiToken.objects.filter(pk=known.pk).update(used_at=timezone.now())
    return known.owner


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
