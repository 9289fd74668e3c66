"""Signing in by a one-time link, the page shown after too many wrong passwords, and setting a password."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kb.people.sign_in import spend, user_of
from kb.people.sign_in_attempts import locked_for
from kb.views.pages import person


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def one_time_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Asks before signing in: mail programs and chats open links to preview them, which must not use up a token."""
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
    """Replaces the sign-in page after too many wrong passwords, whether the name exists or not."""
    seconds = math.ceil(locked_for(request, credentials).total_seconds())
    context = {"attempts": settings.AXES_FAILURE_LIMIT, "minutes": math.ceil(seconds / 60)}
    response = render(request, "registration/locked_out.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


@sensitive_post_parameters()
def password_page(request: HttpRequest) -> HttpResponse:
    """Sets a password. The old one is asked for if there is one; people who came by a link may have none."""
    has_password = person(request).has_usable_password()
    form_class: type[SetPasswordForm[User]] = PasswordChangeForm if has_password else SetPasswordForm
    form = form_class(person(request), request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "registration/password.html", {"form": form})
    update_session_auth_hash(request, form.save())
    messages.success(request, "Your password was saved. You have been signed out of all other browsers.")
    return redirect("password")
