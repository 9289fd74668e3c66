"""The settings of a browser."""

from __future__ import annotations

from django import forms

from kb.forms.fields import PageForm
from kb.people.preferences import THEMES, Preferences, time_zones


def _zones() -> list[tuple[str, str]]:
    return [("", "the site's"), *((zone, zone) for zone in sorted(time_zones()))]


class PreferencesForm(PageForm):
    theme = forms.ChoiceField(label="Colours", required=False, choices=list(THEMES.items()))
    zone = forms.ChoiceField(label="Time zone", required=False, choices=_zones)
    keys = forms.BooleanField(label="Enable single-key shortcuts (press ? to see them)", required=False)

    def preferences(self) -> Preferences:
        return Preferences(**self.cleaned_data)
