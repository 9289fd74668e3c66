"""How a browser wants to see the site: its theme, its time zone, and whether keys are shortcuts. Kept in cookies."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

THEMES = {"": "same as the system", "light": "light", "dark": "dark"}
_YEAR = 365 * 24 * 3600


@cache
def time_zones() -> frozenset[str]:
    """The names of all time zones, read once since looking through their files takes 10 ms."""
    return frozenset(zoneinfo.available_timezones())


@dataclass(frozen=True, slots=True)
class Preferences:
    """theme: a key of THEMES. zone: a name of the IANA database, empty for the site's own."""

    theme: str = ""
    zone: str = ""
    keys: bool = True


def preferences_of(request: HttpRequest) -> Preferences:
    """What the cookies say. Values that mean nothing are left out."""
    theme, zone = request.COOKIES.get("theme", ""), unquote(request.COOKIES.get("zone", ""))
    return Preferences(
        theme=theme if theme in THEMES else "",
        zone=zone if zone in time_zones() else "",
        keys=request.COOKIES.get("keys", "") != "off",
    )


def set_preferences(response: HttpResponse, preferences: Preferences) -> None:
    """Puts preferences into cookies. Scripts can read the zone's, and set it to the browser's zone if there is none."""
    values = {"theme": preferences.theme, "keys": "" if preferences.keys else "off", "zone": preferences.zone}
    for name, value in values.items():
        if value:
            response.set_cookie(name, value, max_age=_YEAR, samesite="Lax")
        else:
            response.delete_cookie(name, samesite="Lax")


def preferences(request: HttpRequest) -> dict[str, Preferences]:
    """A context processor: `preferences` in every template."""
    return {"preferences": preferences_of(request)}


class ZoneMiddleware:
    """Shows times in the zone of the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = preferences_of(request).zone
        if not zone:
            return self._get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(zone)):
            return self._get_response(request)
