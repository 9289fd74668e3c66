"""The API, with which machines import by token, and search before they repair."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from typing import cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from kb.api.hits import page_as_json
from kb.api.imports import results_as_json
from kb.api.issues import Site
from kb.api.met import met
from kb.forms.api import TOO_LONG, MetForm, SearchCallForm
from kb.forms.imports import ApiImportForm
from kb.forms.search import MAX_PASTE
from kb.importing import Imported, Refused
from kb.importing.namesakes import Upload
from kb.importing.runs import begin, finish, import_content, refuse
from kb.importing.sources.uploads import is_over_limit, logs_of, over_limit_message
from kb.models import ApiToken, Import, ImportOrigin
from kb.people import clock
from kb.search.language.pasted import is_pasted, query_from
from kb.search.results.find import search as find
from kb.views.api_calls import api_call, problem, told
from sessions.parsing.decoding import decode
from sessions.project_names import project_of_path
from sessions.sources import SourceError

_MOST_FILES = 100
_LOST = "The log came without its line ends, which curl -d takes away. Send it by --data-binary @log.md, or in a form."

_LOST_TRACE = "The trace came without its line ends, which curl -d takes away. Send it by --data-binary @trace.txt."
_NO_TEXT = 'Send the error or the trace itself as the body, in text/plain, or JSON: {"text": "KeyError: total"}.'
_BYTES_A_CHARACTER = 4
_LONGEST_LINE = 600  # bytes: a longer one is a trace that lost its line ends
_LATER = "The database cannot be read just now. Ask again later."


@api_call(
    "POST",
    wrong_method="Send logs by POST.",
    later="The database cannot be written just now. Send the files again later.",
)
def import_by_token(request: HttpRequest, token: ApiToken) -> HttpResponse:
    """Imports the files of a form, or the body as a log named by ?name=. Returns what became of each."""
    if is_over_limit(request):
        return problem(413, over_limit_message())
    fields = request.POST.dict() if _is_form(request) else {}
    form = ApiImportForm({**fields, **request.GET.dict()})
    if not form.is_valid():
        return problem(400, form.problem)
    try:
        files = _files(request, form.cleaned_data["name"])
        if _lost_its_line_ends(request):
            return problem(415, _LOST)
    except RequestDataTooBig:
        return problem(413, f"The body is more than {settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,} bytes. Split the log.")
    return _import_files(files, form.cleaned_data["project"], token, request.build_absolute_uri)


@api_call("GET", wrong_method="Search by GET.", later=_LATER, reads=True)
def search(request: HttpRequest, _token: ApiToken) -> HttpResponse:
    """Returns the best hits of a query in the language of the search page."""
    form = SearchCallForm(request.GET)
    if not form.is_valid():
        return problem(400, form.problem)
    text = form.cleaned_data["q"]
    text = query_from(text) if is_pasted(text) else text
    page = find(text, limit=form.cleaned_data["limit"], facets=False)
    return told(page_as_json(text, page, clock.today(), request.build_absolute_uri))


@api_call("POST", wrong_method="Post the error or the trace.", later=_LATER, reads=True)
def met_before(request: HttpRequest, _token: ApiToken) -> HttpResponse:
    """Returns the issues that a pasted error would be linked with: the body itself, or `text` of a body in JSON."""
    if _is_form(request):
        return problem(415, _NO_TEXT)
    try:
        body = request.body
    except RequestDataTooBig:
        return problem(413, TOO_LONG)
    if len(body) > _BYTES_A_CHARACTER * MAX_PASTE:
        return problem(413, TOO_LONG)
    if _lost_its_line_ends(request) and len(body) > _LONGEST_LINE:
        return problem(415, _LOST_TRACE)
    text = _text_in_json(body) if request.content_type == "application/json" else _text(body)
    if text is None:
        return problem(400, _NO_TEXT)
    form = MetForm({"text": text})
    if not form.is_valid():
        return problem(413 if form.is_too_long else 400, form.problem)
    return told(met(form.cleaned_data["text"], clock.today()).as_json(request.build_absolute_uri))


def _text(body: bytes) -> str | None:
    decoded = decode(body)
    return decoded.text if decoded.is_text else None


def _text_in_json(body: bytes) -> str | None:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return None
    text = sent.get("text", "") if isinstance(sent, dict) else None
    return text if isinstance(text, str) else None


def _is_form(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data"


def _lost_its_line_ends(request: HttpRequest) -> bool:
    """Whether the body is a log without its line ends, or a form without files."""
    is_encoded = request.content_type == "application/x-www-form-urlencoded"
    return is_encoded and bool(request.body) and not any(end in request.body for end in b"\r\n")


def _files(request: HttpRequest, name: str) -> list[tuple[str, bytes]]:
    if _is_form(request):
        uploads = cast("list[UploadedFile[bytes]]", [f for key in request.FILES for f in request.FILES.getlist(key)])
        return [(file.name or "log.md", file.read()) for file in uploads]
    return [(name, request.body)] if name and request.body else []


def _import_files(files: list[tuple[str, bytes]], project: str, token: ApiToken, site: Site) -> JsonResponse:
    if not files:
        return problem(400, "Send files in a form, or a log as the body with ?name=2026-01-31.md in the address.")
    if len(files) > _MOST_FILES:
        return problem(413, f"{len(files)} files are more than the limit of {_MOST_FILES} a call. Use several calls.")
    if twice := [name for name, count in Counter(name for name, _ in files).items() if count > 1]:
        return problem(400, f"{twice[0]} is there twice. Send files of one name in calls of their own, by project.")
    by = token.owner
    run = begin(ImportOrigin.API, by, ", ".join(name for name, _ in files[:3]), total=len(files))
    try:
        results = [log for name, content in files for log in _import_upload(run, name, content, project, by.username)]
    finally:
        with suppress(OperationalError):
            finish(run)
    all_refused = all(isinstance(result, Refused) for result in results)
    logs = results_as_json(results, clock.today(), site, with_fixes=token.may_read)
    return JsonResponse({"import": run.pk, "logs": logs}, status=422 if all_refused else 200)


def _import_upload(run: Import, name: str, content: bytes, project: str, owner: str) -> list[Imported | Refused]:
    """Imports a log, or the logs of an archive."""
    try:
        logs = list(logs_of(name, content))
    except SourceError as error:
        return [refuse(run, name, str(error))]
    return [
        import_content(run, path, text, project or project_of_path(path), Upload.of(path, project, owner))
        for path, text in logs
    ]
