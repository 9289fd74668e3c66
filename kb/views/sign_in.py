"""Signing in by a one-time link, what is said of too many wrong passwords, and setting a password."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kb.people.sign_in import spend, user_of
from kb.people.sign_in_attempts import locked_for
from kb.views.pages import person


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


def locked_out(request: HttpRequest, _response: HttpResponse, credentials: Mapping[str, Any] | None) -> HttpResponse:
    """In place of the sign-in page after too many wrong passwords; the same whether the name exists or not."""
    left = locked_for(request, credentials)
    minutes = math.ceil(left.total_seconds() / 60)
    told = {"attempts": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    seconds = str(math.ceil(left.total_seconds()))
    response = render(request, "registration/locked_out.html", told, status=429)
    response["Retry-After"] = seconds
    return response


@sensitive_post_parameters()
def password_page(request: HttpRequest) -> HttpResponse:
    """Sets a password; the old one is asked for if there is one, which whoever came by a link may not have."""
    kind: type[SetPasswordForm[User]] = PasswordChangeForm if person(request).has_usable_password() else SetPasswordForm
    form = kind(person(request), request.POST if request.method == "POST" else None)
    if form.is_valid():
        update_session_auth_hash(request, form.save())
        return redirect(f"{reverse('password')}?changed=yes")
    return render(request, "registration/password.html", {"form": form, "changed": "changed" in request.GET})
