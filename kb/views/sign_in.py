"""Signing in by a one-time link."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kb.sign_in import user_of


@login_not_required
def one_time_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Signs in with a good token; a used or old one says how to get another."""
    user = user_of(token)
    if user is None:
        return render(request, "registration/link_expired.html", status=403)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home")
