"""What browsers and proxies may cache."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control


class NoStoreMiddleware:
    """Lets nobody keep a page: after signing out, the back button and the disk of a shared machine show nothing.

    Static files are served before this middleware is reached: they hold nothing private and stay cached.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        patch_cache_control(response, private=True, no_store=True)
        return response
