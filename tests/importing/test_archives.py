"""Archives: their logs come out whole, and a broken limit is said clearly and takes nothing."""

from __future__ import annotations

import random
import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from pytest_django import Settings

from kb.importing.namesakes import Upload
from kb.importing.sources.archives import logs_in_archive
from sessions.sources import Source, SourceError, find_sources


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
        (packed({"a.md": b"x", "more.zip": b"x"}), "an archive within the archive"),
        (packed({"a/" * 30 + "a.md": b"x"}), "31 folders deep"),
        (packed({"a.md": b"0" * 3_000_000}), "compressed 1,0.. times"),
        (packed({"logo.png": b"x"}), "contains no .md"),
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


def packed_on_another_system(names: list[str], encoding: str) -> bytes:
    """An archive whose names are bytes of a code page, as systems pack them that set no UTF-8 flag."""
    stand_ins = {
        chr(ord("A") + at) * len(name.encode(encoding)): name.encode(encoding) for at, name in enumerate(names)
    }
    content = packed(dict.fromkeys(stand_ins, b"# A"))
    for stand_in, raw in stand_ins.items():
        content = content.replace(stand_in.encode(), raw)
    return content


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp932", ["会議記録.md"]),
        ("cp932", ["日誌/表示の不具合.md", "日誌/ログイン修正.md"]),
        ("gbk", ["会议记录.md"]),
        ("gbk", ["项目/登录修复.md", "项目/交接文档2026-03-04.md"]),
        ("cp949", ["개발 일지/로그인 오류.md"]),
        ("cp437", ["größe.md", "résumé.md"]),
        ("utf-8", ["Übersicht/März.md", "会議.md"]),
    ],
)
def test_names_are_decoded_that_do_not_say_how(encoding: str, names: list[str]) -> None:
    content = packed_on_another_system(names, encoding)
    assert [path for path, _content in logs_in_archive("logs.zip", content)] == names


def test_a_name_with_decomposed_accents_is_the_same_name() -> None:
    content = packed({"me\u0301mo/re\u0301sume\u0301.md": b"# A"})
    assert [path for path, _content in logs_in_archive("logs.zip", content)] == ["mémo/résumé.md"]


def test_a_name_that_is_not_what_it_says_is_refused() -> None:
    content = packed({"é.md": b"# A"}).replace("é".encode(), b"\xff\xfe")
    with pytest.raises(SourceError, match="cannot be read as a zip archive"):
        list(logs_in_archive("logs.zip", content))


def test_a_damaged_archive_is_read_or_refused() -> None:
    whole = packed({"harbor/crane.md": b"# Crane\n" * 20, "größe.md": b"# Ledger\n" * 20, "c.txt": b"x"}, as_large)
    chance = random.Random(7)
    for _ in range(2_000):
        content = damaged(whole, chance)
        with suppress(SourceError):
            list(logs_in_archive("logs.zip", content))


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Changes or drops some bytes, as a broken transfer does."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 4])):
        at = chance.randrange(len(changed))
        if chance.random() < 0.3:
            del changed[at : at + chance.randrange(1, 60)]
        else:
            changed[at] = chance.choice([0, 1, 127, 128, 255, chance.randrange(256)])
    return bytes(changed)


def as_large(info: zipfile.ZipInfo) -> None:
    info.extra = b"\x01\x00\x08\x00" + b"\xff" * 8  # a field of a file of more than four gigabytes


def test_a_folder_s_file_with_decomposed_accents_is_known_by_the_composed_name(tmp_path: Path) -> None:
    folder = tmp_path / "re\u0301union"
    folder.mkdir()
    (folder / "cafe\u0301.md").write_bytes(b"# A")
    (source,) = find_sources([str(folder)])
    assert isinstance(source, Source)
    assert source.path == str(tmp_path / "réunion" / "café.md")
    assert source.project == "réunion"
    assert source.read(1000) == b"# A"


def test_an_upload_is_known_by_the_composed_name() -> None:
    decomposed, composed = Upload.of("cafe\u0301.md", "re\u0301union", "dana"), Upload.of("café.md", "réunion", "dana")
    assert decomposed == composed
