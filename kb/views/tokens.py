"""The page on which people make the tokens of the API, and revoke them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kb.forms.imports import TokenForm
from kb.models import ApiToken
from kb.people.api_tokens import make_token, revoke
from kb.queries.imports import active_tokens
from kb.views.pages import person


def token_page(request: HttpRequest) -> HttpResponse:
    """A person's tokens. A new one is shown only once."""
    owner, form, token = person(request), TokenForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        token = make_token(owner, form.cleaned_data["name"], may_read=form.cleaned_data["may_read"])
        form = TokenForm()
    elif form.is_bound:
        messages.error(request, form.problem)
    return render(request, "tokens.html", {"form": form, "tokens": active_tokens(owner), "token": token})


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, owner=person(request), revoked_at=None)
    revoke(token)
    messages.success(request, f"Revoked the token “{token.name}”.")
    return redirect("tokens")
