"""The settings of a browser."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kb.forms.settings import PreferencesForm
from kb.people.preferences import preferences_of, set_preferences


def settings_page(request: HttpRequest) -> HttpResponse:
    """Theme, time zone and shortcuts, for this browser."""
    data = request.POST if request.method == "POST" else None
    form = PreferencesForm(data, initial=asdict(preferences_of(request)))
    if not form.is_valid():
        return render(request, "settings.html", {"form": form})
    messages.success(request, "Settings saved.")
    response = redirect("settings")
    set_preferences(response, form.preferences())
    return response
