"""Archives: their logs come out whole, and a broken limit is said clearly and takes nothing."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from pytest_django import Settings

from kb.importing.sources.archives import logs_in_archive
from sessions.sources import SourceError


def packed(files: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if change:
                change(info)
            archive.writestr(info, content)
    return target.getvalue()


def as_link(info: zipfile.ZipInfo) -> None:
    info.external_attr = (stat.S_IFLNK | 0o777) << 16


def test_logs_come_out_and_the_rest_is_left() -> None:
    content = packed({"harbor/a.md": b"# A", "harbor/b.TXT": b"b", "logo.png": b"x", ".git/c.md": b"c", "d/": b""})
    assert list(logs_in_archive("logs.zip", content)) == [("harbor/a.md", b"# A"), ("harbor/b.TXT", b"b")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (packed({"../../etc/a.md": b"x"}), "leads out of the archive"),
        (packed({"/etc/a.md": b"x"}), "leads out of the archive"),
        (packed({"C:/a.md": b"x"}), "leads out of the archive"),
        (packed({"a.md": b"/etc/passwd"}, as_link), "is a link"),
        (packed({"a.md": b"x", "more.zip": b"x"}), "an archive in the archive"),
        (packed({"a/" * 30 + "a.md": b"x"}), "31 folders deep"),
        (packed({"a.md": b"0" * 3_000_000}), "times smaller"),
        (packed({"logo.png": b"x"}), "holds no .md"),
        (b"PK no archive", "cannot be read as a zip archive"),
        (packed({"a.md": b"x" * 500})[:-90], "cannot be read as a zip archive"),
    ],
)
def test_what_is_unfit_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said) as problem:
        list(logs_in_archive("logs.zip", content))
    assert str(problem.value).startswith("logs.zip: ")


@pytest.mark.parametrize(
    ("setting", "value"),
    [("ARCHIVE_SIZE_LIMIT", 50), ("ARCHIVE_FILES_LIMIT", 1), ("ARCHIVE_UNPACKED_LIMIT", 100)],
)
def test_each_limit_is_a_setting(settings: Settings, setting: str, value: int) -> None:
    setattr(settings, setting, value)
    with pytest.raises(SourceError, match=f"raise {setting}"):
        list(logs_in_archive("logs.zip", packed({"a.md": b"0123456789" * 10, "b.md": b"abcdefghij" * 10})))
