"""The settings of a browser."""

from __future__ import annotations

import zoneinfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kb.preferences import THEMES, Preferences, keep


def settings_page(request: HttpRequest) -> HttpResponse:
    """Theme, keys and time zone; they hold for this browser."""
    if request.method == "POST":
        zone = request.POST.get("zone", "")
        response = redirect("settings")
        keep(
            response,
            Preferences(
                request.POST.get("theme", "") if request.POST.get("theme", "") in THEMES else "",
                "keys" in request.POST,
                zone if zone in zoneinfo.available_timezones() else "",
            ),
        )
        return response
    return render(request, "settings.html", {"themes": THEMES, "zones": sorted(zoneinfo.available_timezones())})
