"""The settings of a browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kb.people.preferences import THEMES, Preferences, keep, time_zones


def settings_page(request: HttpRequest) -> HttpResponse:
    """Theme, keys and time zone; they hold for this browser."""
    if request.method == "POST":
        asked = request.POST
        response = redirect("settings")
        keep(response, Preferences.of(asked.get("theme", ""), asked.get("zone", ""), keys="keys" in asked))
        return response
    return render(request, "settings.html", {"themes": THEMES, "zones": sorted(time_zones())})
