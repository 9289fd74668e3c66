"""Calls of the API: who may make them, and what a machine is told if one cannot be answered. It never gets a page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

from kb.api.issues import Json
from kb.models import ApiToken
from kb.people.api_tokens import token_of

_NO_TOKEN = "Send a token: Authorization: Bearer dfx_…"  # noqa: S105
_MAY_NOT_READ = "This token may only import. Create one that may read at {}, and send that."
_NOWHERE = "There is nothing at this address. Use one of: {}."
_UNREADABLE = "The request cannot be read. Check its form, its Host header and its address."
_FAILED = "Something went wrong; no stored data was lost. See the server log for details, and report it."
_API = "/api/"
_CALLS = (("GET", "api-search"), ("POST", "api-met"), ("POST", "api-import"))
_log = logging.getLogger(__name__)

ApiView = Callable[[HttpRequest, ApiToken], HttpResponse]
View = Callable[[HttpRequest], HttpResponse]


def told(body: Json, status: int = 200, **headers: str) -> JsonResponse:
    """JSON in plain characters: whoever reads it as text would see nothing but escapes of a log in Japanese."""
    return JsonResponse(body, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def problem(status: int, sentence: str, **headers: str) -> JsonResponse:
    return told({"problem": sentence}, status, **headers)


def api_call(method: str, *, wrong_method: str, later: str, reads: bool = False) -> Callable[[ApiView], View]:
    """Makes a view a call of the API: by one method, with a token in force, and JSON whatever happens.

    later  what to do if the database cannot be used just now
    reads  whether the token must be one that may read
    """

    def decorate(view: ApiView) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def call(request: HttpRequest) -> HttpResponse:
            if request.method != method and not (request.method == "HEAD" and method == "GET"):
                return problem(405, wrong_method, Allow=method)
            try:
                token = token_of(request.headers.get("Authorization", ""))
                if token is None:
                    return problem(401, _NO_TOKEN, **{"WWW-Authenticate": "Bearer"})
                if reads and not token.may_read:
                    return problem(403, _MAY_NOT_READ.format(reverse("tokens")))
                return view(request, token)
            except OperationalError as error:
                _log.error("%s failed", request.path, exc_info=error)
                return problem(503, later)

        return call

    return decorate


@csrf_exempt
@login_not_required
def nowhere(_request: HttpRequest) -> HttpResponse:
    """Every other address below /api/."""
    return problem(404, _NOWHERE.format(", ".join(f"{method} {reverse(name)}" for method, name in _CALLS)))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The handler of requests that Django refuses before a view could."""
    return problem(400, _UNREADABLE) if request.path.startswith(_API) else defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """The handler of what no view expected."""
    return problem(500, _FAILED) if request.path.startswith(_API) else defaults.server_error(request)
