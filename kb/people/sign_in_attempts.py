"""Wrong passwords: how they are counted, and for how long too many of them lock a name."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Mapping
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

_UNKNOWN = "::"


def client_address(request: HttpRequest) -> str:
    """Returns the address a request comes from. For IPv6 it is the 64-bit network, which one client has to itself.

    Behind a proxy it is the last in X-Forwarded-For: the proxy adds that one, and a client can make up the others.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        given = request.headers.get("X-Forwarded-For", given).rpartition(",")[2].strip()
    if given.count(":") == 1:  # some proxies add the port to an IPv4 address
        given = given.partition(":")[0]
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return _UNKNOWN
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.IPv6Address(int(address) >> 64 << 64))
    return str(address)


def counted_name(_request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The name that attempts count for. An unknown one is kept as a digest: people type passwords there."""
    name = str((credentials or {}).get("username") or "")
    if User.objects.filter(username=name).exists():
        return name
    return salted_hmac("kb.sign-in-attempts", name).hexdigest()


def locked_for(request: HttpRequest, credentials: Mapping[str, Any] | None) -> dt.timedelta:
    """How much longer a name is locked for an address, at least a second."""
    attempts = AccessAttempt.objects.filter(
        username=counted_name(request, credentials), ip_address=client_address(request)
    )
    latest = attempts.aggregate(latest=Max("attempt_time"))["latest"] or timezone.now()
    return max(latest + settings.AXES_COOLOFF_TIME - timezone.now(), dt.timedelta(seconds=1))
