"""POST /api/v1/import: logs from machines, by token. And the page where tokens are made."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kb.importing import Imported, Refused
from kb.importing.namesakes import Upload
from kb.importing.runs import begin, finish, refuse, take_bytes
from kb.importing.sources.uploads import is_over_limit, logs_of, over_limit_sentence
from kb.models import ApiToken, Import
from kb.people.api_tokens import make_token, owner_of
from kb.views.pages import person
from sessions.sources import SourceError, project_of_path

_MOST_FILES = 100


@csrf_exempt
@login_not_required
def import_by_token(request: HttpRequest) -> HttpResponse:
    """Imports the files of a form, or the body as one log named by ?name=. Answers with what became of each."""
    if request.method != "POST":
        return _problem(405, "Send logs by POST.", Allow="POST")
    by = owner_of(request.headers.get("Authorization", ""))
    if by is None:
        return _problem(401, "Send a token: Authorization: Bearer dfx_…", **{"WWW-Authenticate": "Bearer"})
    if is_over_limit(request):
        return _problem(413, over_limit_sentence())
    try:
        files = _files(request)
    except RequestDataTooBig:
        return _problem(413, f"The body is more than {settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,} bytes. Split the log.")
    if not files:
        return _problem(400, "Send files in a form, or a log as the body with ?name=2026-01-31.md in the address.")
    if len(files) > _MOST_FILES:
        return _problem(413, f"{len(files)} files are more than the {_MOST_FILES} of one call. Send them in parts.")
    project = request.GET.get("project", "").strip()[:200]
    run = begin(Import.Source.API, by, ", ".join(name for name, _ in files[:3]), total=len(files))
    results = [result for name, content in files for result in _take(run, name, content, project, by.username)]
    finish(run)
    refused = all(isinstance(result, Refused) for result in results)
    return JsonResponse(
        {"import": run.pk, "logs": [_told(result) for result in results]}, status=422 if refused else 200
    )


def _files(request: HttpRequest) -> list[tuple[str, bytes]]:
    if request.content_type == "multipart/form-data":
        uploaded = cast("list[UploadedFile[bytes]]", [f for name in request.FILES for f in request.FILES.getlist(name)])
        return [(file.name or "log.md", file.read()) for file in uploaded]
    name = request.GET.get("name", "").strip()[:300]
    return [(name, request.body)] if name and request.body else []


def _take(run: Import, name: str, content: bytes, project: str, owner: str) -> list[Imported | Refused]:
    try:
        logs = list(logs_of(name, content))
    except SourceError as problem:
        return [refuse(run, name, str(problem))]
    return [
        take_bytes(run, path, text, project or project_of_path(path), Upload.of(path, project, owner))
        for path, text in logs
    ]


def _told(result: Imported | Refused) -> dict[str, object]:
    if isinstance(result, Refused):
        return {"path": result.path, "outcome": "refused", "reason": result.reason}
    change = result.change
    return {
        "path": result.path,
        "outcome": result.outcome,
        "records": {"added": change.added, "changed": change.changed, "removed": change.removed, "kept": change.kept},
        "masked": result.masked,
        "issues": [
            {"title": str(one.issue), "sessions": one.standing.session_count, "state": str(one.standing.state)}
            for one in result.errors
        ],
    }


def _problem(status: int, sentence: str, **headers: str) -> JsonResponse:
    return JsonResponse({"problem": sentence}, status=status, headers=headers)


def token_page(request: HttpRequest) -> HttpResponse:
    """The tokens of a person; a new one is shown this once."""
    owner = person(request)
    made = make_token(owner, request.POST.get("name", "")) if request.method == "POST" else ""
    tokens = ApiToken.objects.filter(owner=owner, revoked_at=None)
    return render(request, "tokens.html", {"tokens": tokens, "made": made})


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, owner=person(request), revoked_at=None)
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    return redirect("tokens")
