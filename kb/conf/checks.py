"""System checks for what Django itself cannot know about an installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.checks import CheckMessage, Tags, Warning, register

from kb.conf.data_folder import database_file, open_to_others


@register(Tags.security)
def data_is_private(**_options: Any) -> list[CheckMessage]:
    """Whoever can read the database or the key can sign in as anybody."""
    paths = open_to_others(settings.DATA_DIR, database_file(settings.DATABASES["default"]))
    if not paths:
        return []
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return [
        Warning(
            f"Other accounts of this machine can get into {', '.join(map(str, paths[:3]))}{more}.",
            hint="They belong to another account, or the folder is shared with other things. Set DATA_DIR to a folder "
            "that holds nothing else, or take the rights away: chmod -R go= PATH.",
            id="kb.W001",
        )
    ]


@register(Tags.staticfiles, deploy=True)
def static_files_are_collected(**_options: Any) -> list[CheckMessage]:
    """Without them every page fails, since a page names each file by its content."""
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return []
    names = {name for finder in get_finders() for name, _ in finder.list([])}
    missing = sorted(names - staticfiles_storage.hashed_files.keys())
    if not missing:
        return []
    return [
        Warning(
            f"{len(missing)} static files have not been collected, among them {missing[0]}.",
            hint="Run manage.py collectstatic --no-input, here and after every update, and restart the site.",
            id="kb.W002",
        )
    ]
