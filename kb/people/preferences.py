"""How a browser wants to see the site: its theme, whether keys do anything, its time zone. Kept in cookies."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

THEMES = {"": "as the system", "light": "light", "dark": "dark"}
_YEAR = 365 * 24 * 3600


@cache
def time_zones() -> frozenset[str]:
    """The names of all time zones, read once: looking through their files takes 10 ms."""
    return frozenset(zoneinfo.available_timezones())


@dataclass(frozen=True, slots=True)
class Preferences:
    """theme: a key of THEMES. zone: a name of the IANA database, empty for the site's own."""

    theme: str = ""
    keys: bool = True
    zone: str = ""

    @classmethod
    def of(cls, theme: str, zone: str, *, keys: bool) -> Preferences:
        """What a browser asks for; values that mean nothing are left out."""
        return cls(theme if theme in THEMES else "", keys, zone if zone in time_zones() else "")


def preferences_of(request: HttpRequest) -> Preferences:
    """What the cookies say."""
    cookies = request.COOKIES
    zone = unquote(cookies.get("zone", ""))
    return Preferences.of(cookies.get("theme", ""), zone, keys=cookies.get("keys", "") != "off")


def keep(response: HttpResponse, wanted: Preferences) -> None:
    """Puts preferences into cookies. The zone's can be read by scripts, which fill it in where it is not set."""
    values = {"theme": wanted.theme, "keys": "" if wanted.keys else "off", "zone": wanted.zone}
    for name, value in values.items():
        if value:
            response.set_cookie(name, value, max_age=_YEAR, samesite="Lax")
        else:
            response.delete_cookie(name, samesite="Lax")


def preferences(request: HttpRequest) -> dict[str, Preferences]:
    """A context processor: `preferences` in every template."""
    return {"preferences": preferences_of(request)}


class ZoneMiddleware:
    """Times are shown in the zone of the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = preferences_of(request).zone
        if not zone:
            return self._get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(zone)):
            return self._get_response(request)
