"""What the pages and the API for importing are sent: logs, choices in a preview, verdicts, meanings and tokens."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from kb.forms.fields import FilterForm, KeysField, PageForm, project_field
from kb.importing.sources.folders import allowed_folder
from kb.importing.taught import TEACHABLE
from kb.models import SecretVerdict
from sessions.parsing.tree.roles import heading_key
from sessions.project_names import UNNAMED
from sessions.sources import SUFFIXES, SourceError

_ACCEPTED = ".md,.markdown,.txt,.zip,text/markdown,text/plain,application/zip"
_HEADING_LENGTH = 200
_NAMES_SHOWN = 3


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files, as a list."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(_FilesField, self).clean(file, initial) for file in data or [None]]


class _TextsField(forms.Field):
    """All values of a name, as a list."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> list[str]:
        return list(value or ())


def _default_project(otherwise: str) -> forms.CharField:
    """The project of logs that name none. `otherwise`: which it is if the field is left empty."""
    widget = forms.TextInput(attrs={"placeholder": otherwise})
    return forms.CharField(label="Default project", required=False, max_length=200, widget=widget)


class UploadForm(PageForm):
    """Files to stage. A script sends their `paths` in a dropped folder, and the `batch` that it goes on filling."""

    logs = _FilesField(
        label="Files",
        allow_empty_file=True,
        widget=_FilesInput(attrs={"accept": _ACCEPTED}),
        error_messages={"required": "Choose at least one file to import."},
    )
    project = _default_project("the name of its folder")
    paths = _TextsField(required=False)
    batch = forms.SlugField(required=False, widget=forms.HiddenInput)

    def label(self) -> str:
        """Returns the names of the first files, to recognise the import by."""
        files: list[UploadedFile[bytes]] = self.cleaned_data["logs"]
        more = f" and {len(files) - _NAMES_SHOWN} more" if len(files) > _NAMES_SHOWN else ""
        return ", ".join(file.name or "" for file in files[:_NAMES_SHOWN]) + more


class PasteForm(PageForm):
    """A log that is pasted. Under the name of an earlier one it is an edit of that."""

    use_required_attribute = True
    text = forms.Field(
        label="Log",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Paste the text of a log first."},
    )
    name = forms.CharField(
        label="Name (pasting under the same name again updates the log)", required=False, max_length=200
    )
    project = _default_project(UNNAMED)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError("Paste the text of a log first.")
        return text.replace("\r\n", "\n")

    def clean_name(self) -> str:
        return self.cleaned_data["name"] or f"pasted-{timezone.localtime():%Y-%m-%d-%H%M%S}"

    def file_name(self) -> str:
        name: str = self.cleaned_data["name"]
        return name if name.lower().endswith(SUFFIXES) else f"{name}.md"


class FolderForm(PageForm):
    """A folder on the server, which must be one of IMPORT_FOLDERS or below one."""

    use_required_attribute = True
    folder = forms.CharField(
        max_length=1000,
        widget=forms.TextInput(attrs={"list": "folders"}),
        error_messages={"required": "Enter the path of a folder on the server."},
    )

    def clean_folder(self) -> Path:
        try:
            return allowed_folder(self.cleaned_data["folder"])
        except SourceError as error:
            raise forms.ValidationError(str(error)) from error


class WatchFolderForm(FolderForm):
    """A folder on the server to keep watching, bound to IMPORT_FOLDERS like one to import."""

    folder = forms.CharField(
        label="Folder on the server",
        max_length=1000,
        widget=forms.TextInput(attrs={"list": "folders"}),
        error_messages={"required": "Enter the path of a folder on the server."},
    )


class SelectionForm(PageForm):
    """Which logs of a batch to import: `all`, or all but those that were `shown` and whose `log` was unchecked."""

    all = forms.BooleanField(required=False)
    shown = KeysField(required=False)
    log = KeysField(required=False)

    def selected(self, numbers: Collection[int]) -> set[int]:
        self.is_valid()
        unchecked = set(self.cleaned_data["shown"]) - set(self.cleaned_data["log"])
        return set(numbers) if self.cleaned_data["all"] else set(numbers) - unchecked


class LogChoiceForm(PageForm):
    """Which log a staged upload is, as "number of the upload:position of the namesake in its preview"."""

    choice = forms.RegexField(r"^[0-9]{1,6}:[0-9]{1,4}$", error_messages={"invalid": "Choose a log of the preview."})

    def clean_choice(self) -> tuple[int, int]:
        number, _, position = self.cleaned_data["choice"].partition(":")
        return int(number), int(position)


class RunActionForm(PageForm):
    """What to do with an import."""

    action = forms.ChoiceField(choices=[("cancel", "stop"), ("resume", "continue"), ("undo", "undo")])


class SecretFilterForm(FilterForm):
    """Which masked credentials to show; without a verdict those to review."""

    verdict = forms.ChoiceField(
        required=False, choices=[("", "to review"), *SecretVerdict.choices], widget=forms.HiddenInput
    )
    rule = forms.CharField(required=False, max_length=60)

    def __init__(self, data: Any, rules: Collection[str] = ()) -> None:
        super().__init__(data)
        self.fields["rule"].widget = forms.Select(choices=[("", "all"), *((rule, rule) for rule in rules)])


class VerdictForm(PageForm):
    """A verdict on a masked credential; an empty one withdraws it."""

    verdict = forms.ChoiceField(required=False, choices=[("", "none"), *SecretVerdict.choices])


class CoverageFilterForm(FilterForm):
    project = project_field()


class TeachForm(PageForm):
    """What a heading means. Until it is `confirmed`, the effect is only shown."""

    heading = forms.CharField(error_messages={"required": "Enter the words of the heading."})
    meaning = forms.ChoiceField(
        choices=[(meaning, meaning) for meaning in TEACHABLE],
        error_messages={
            "required": "Choose a meaning.",
            "invalid_choice": f"“%(value)s” is not a meaning. Choose one of: {', '.join(TEACHABLE)}.",
        },
    )
    confirmed = forms.BooleanField(required=False)

    def clean_heading(self) -> str:
        heading: str = self.cleaned_data["heading"][:_HEADING_LENGTH]
        if not heading_key(heading):
            raise forms.ValidationError("Enter the words of the heading.")
        return heading


class TokenForm(PageForm):
    """The name of a new API token, and whether it may read."""

    use_required_attribute = True
    name = forms.CharField(
        label="Purpose",
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "nightly job"}),
        error_messages={"required": "Say what the token is for."},
    )
    may_read = forms.BooleanField(label="may also search and read", required=False)


class ApiImportForm(PageForm):
    """The query string of an API call: the name of a log sent as the body, and the project of logs that name none."""

    name = forms.CharField(
        required=False, max_length=300, error_messages={"max_length": "A name has at most %(limit_value)d characters."}
    )
    project = forms.CharField(
        required=False,
        max_length=200,
        error_messages={"max_length": "A project has at most %(limit_value)d characters."},
    )
