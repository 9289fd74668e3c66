"""How a browser wants to see the site: its theme, whether keys do anything, its time zone. Kept in cookies."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

THEMES = {"": "as the system", "light": "light", "dark": "dark"}
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """theme: a key of THEMES. zone: a name of the IANA database, empty for the site's own."""

    theme: str = ""
    keys: bool = True
    zone: str = ""


def preferences_of(request: HttpRequest) -> Preferences:
    """What the cookies say; values that mean nothing are left out."""
    theme = request.COOKIES.get("theme", "")
    zone = request.COOKIES.get("zone", "").replace("%2F", "/")
    return Preferences(
        theme if theme in THEMES else "",
        request.COOKIES.get("keys", "") != "off",
        zone if zone in zoneinfo.available_timezones() else "",
    )


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
