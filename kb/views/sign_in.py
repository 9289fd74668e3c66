"""Signing in by a one-time link."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kb.sign_in import spend, user_of


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def one_time_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Asks before it signs in: mail programs and chats open links to preview them, which must not spend a token."""
    user = spend(token) if request.method == "POST" else user_of(token)
    if user is None:
        response = render(request, "registration/link_expired.html", status=403)
    elif request.method == "POST":
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        response = redirect("home")
    else:
        response = render(request, "registration/link.html", {"invited": user})
    # Without the path, which holds the token; "no-referrer" would empty the Origin header that the CSRF check reads.
    response["Referrer-Policy"] = "strict-origin"
    return response
