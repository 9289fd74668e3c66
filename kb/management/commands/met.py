"""`manage.py met`: says whether an error was met before, and which fix held, for people or for programs."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from textwrap import indent
from typing import Any

from django.core.management.base import CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.template.defaultfilters import pluralize

from kb.api.issues import issue_address, short_title, verdict_in_words
from kb.api.met import Met, lines_of_fix, met
from kb.forms.api import MetForm
from kb.management.database_command import DatabaseCommand
from kb.people import clock
from kb.people.sign_in import site_address
from kb.queries.advice import Advice
from kb.queries.met_before import Answer
from kb.templatetags.badges import standing_words
from sessions.parsing.decoding import decode

_NO_TEXT = "Give the error or the trace as an argument, or on standard input."


class Command(DatabaseCommand):
    help = "Print the issues that an error or a trace would be linked with, each with the fix that held longest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", nargs="?", metavar="TEXT", help="the error; without it, standard input is read")
        parser.add_argument("--json", action="store_true", help="one JSON object, as POST /api/v1/met answers")

    def handle(self, *args: Any, **options: Any) -> None:
        found = met(self._text(options["text"]), clock.today())
        if options["json"]:
            told = found.as_json(_on_site)
            self.stdout.write(json.dumps(told, ensure_ascii=False, cls=DjangoJSONEncoder))
        else:
            self.stdout.write("\n".join(_report(found)))

    def _text(self, given: str | None) -> str:
        """Returns the error to look for. Raises CommandError if there is none."""
        if given is None and sys.stdin.isatty():
            self.stderr.write("Paste the error or the trace, and press Ctrl-D on a line of its own.")
        form = MetForm({"text": decode(sys.stdin.buffer.read()).text if given is None else given})
        if not form.is_valid():
            raise CommandError(form.problem if form.is_too_long else _NO_TEXT)
        return str(form.cleaned_data["text"])


def _on_site(path: str) -> str:
    return site_address() + path


def _report(found: Met) -> Iterator[str]:
    yield f"Looked for: {found.query}"
    if not found.issues:
        yield "Not met before: no issue is like this error."
    for answer, advised in found.issues:
        yield ""
        yield from _of_issue(answer)
        yield from (indent(part, "    ") for part in _of_fix(advised))


def _of_issue(answer: Answer) -> Iterator[str]:
    count, words = answer.standing.session_count, standing_words(answer.standing)
    yield short_title(" ".join(str(answer.issue).split()))
    yield f"    {issue_address(answer.issue.pk, _on_site)}"
    yield f"    {answer.standing.state}: met in {count} session{pluralize(count)}{', ' if words else ''}{words}"
    matched = f": {', '.join(answer.matched)}" if answer.matched else ""
    yield f"    in {', '.join(answer.projects)}; similarity {answer.score:.2f}{matched}"


def _of_fix(advised: Advice) -> Iterator[str]:
    best = advised.best
    if best is None:
        yield "No session mentions a fix yet."
        return
    session = best.error.session
    yield f"Best fix, which {verdict_in_words(best)} ({session.title}, {session.date or 'undated'}):"
    text = lines_of_fix(advised)
    yield indent(text, "    ")
    commands = [command.text for command in advised.commands if command.text.strip() not in text]
    if commands:
        yield "Commands:"
        yield from (indent(command, "    ") for command in commands)
    if best.error.root_cause:
        yield f"Cause: {best.error.root_cause}"
