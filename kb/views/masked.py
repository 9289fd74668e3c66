"""The review of masked credentials, each with its rule and the masked text around it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kb.forms.imports import SecretFilterForm, VerdictForm
from kb.importing.masked import judge
from kb.models import MaskedSecret, SecretVerdict
from kb.queries.masked import TO_REVIEW, masked_secrets, secret_rules, verdict_counts
from kb.views.pages import page_number, person

_SECRETS_A_PAGE = 50


def secret_page(request: HttpRequest) -> HttpResponse:
    """Credentials to review, or those with a verdict."""
    form = SecretFilterForm(request.GET, secret_rules())
    filters = {"verdict": TO_REVIEW, **form.filters()}
    context = {
        "form": form,
        "page": Paginator(masked_secrets(**filters), _SECRETS_A_PAGE).get_page(page_number(request)),
        "verdict": filters["verdict"],
        "verdicts": verdict_counts(),
    }
    return render(request, "secrets.html", context)


@require_POST
def judge_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Stores or withdraws a verdict. The text stays masked: what was masked was never stored."""
    secret, form = get_object_or_404(MaskedSecret, pk=pk), VerdictForm(request.POST)
    if form.is_valid():
        verdict = form.cleaned_data["verdict"]
        judge(secret, verdict, person(request))
        label = SecretVerdict(verdict).label if verdict else "to review"
        messages.success(request, f"Marked as {label}.")
    else:
        messages.error(request, form.problem)
    return redirect(f"{reverse('secrets')}?{request.GET.urlencode()}")
