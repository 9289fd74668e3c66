"""Keeps the data folder and its files private to the account that Dejafix runs as."""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_DATABASE = "knowledge.sqlite3"
_DATABASE_ENDINGS = ("", "-wal", "-shm", "-journal")
_KEY = "secret_key"
_STAGED = "staged"
_LEARNED = "meaning"


def make_new_files_private() -> None:
    """Makes every new file of this process private. SQLite's -wal and -shm take their mode from the main file."""
    os.umask(_OTHERS)


def secret_key(folder: Path) -> str:
    """Returns the key kept in the data folder, and makes it if there is none.

    Raises ImproperlyConfigured if the file is empty, or if it belongs to a stranger, who could sign in as anybody.
    """
    keyfile = folder / _KEY
    if not keyfile.exists():
        _make_key(keyfile)
    if keyfile.stat().st_uid not in (os.geteuid(), folder.stat().st_uid, 0):
        raise ImproperlyConfigured(
            f"{keyfile} belongs to another account. Remove it, or set DATA_DIR to another folder."
        )
    if key := keyfile.read_text(encoding="ascii").strip():
        return key
    raise ImproperlyConfigured(f"{keyfile} is empty. Remove it to have a new key made; everybody is then signed out.")


def _make_key(keyfile: Path) -> None:
    keyfile.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=keyfile.parent, prefix=f".{_KEY}-") as draft:
        draft.write(secrets.token_urlsafe(60))
        draft.flush()
        # A link appears with its content and never replaces a file, so two processes end up with one key.
        with suppress(FileExistsError):
            os.link(draft.name, keyfile)


def database_file(database: Mapping[str, Any]) -> Path | None:
    """Returns the file of an entry of DATABASES, or None for a server or a database in memory."""
    name = str(database["NAME"])
    is_file = database["ENGINE"].endswith("sqlite3") and ":memory:" not in name
    return Path(name).resolve() if is_file else None


def close_to_others(folder: Path, database: Path | None) -> int:
    """Removes all permissions of other accounts. Returns how many files and folders were changed.

    Leaves alone what belongs to another account, and a data folder that holds other things too.
    """
    kept = None if _is_own(folder, database) else folder.resolve()
    changed = 0
    for path in open_to_others(folder, database):
        with suppress(OSError):
            if path != kept and path.stat().st_uid == os.geteuid():
                path.chmod(_mode(path) & ~_OTHERS)
                changed += 1
    return changed


def open_to_others(folder: Path, database: Path | None) -> list[Path]:
    """Returns the data folder and files of Dejafix that another account has any permission for."""
    folder = folder.resolve()
    files = _tree(folder) if _is_own(folder, database) else _own_files(folder)
    databases = [database.with_name(database.name + end) for end in _DATABASE_ENDINGS] if database else []
    return [path for path in dict.fromkeys((*files, *databases)) if _is_open(path)]


def _own_files(folder: Path) -> Iterator[Path]:
    yield from (folder, folder / _KEY, *_tree(folder / _STAGED), *_tree(folder / _LEARNED))


def _tree(folder: Path) -> Iterator[Path]:
    yield folder
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def _is_own(folder: Path, database: Path | None) -> bool:
    """Whether nobody else may write to the folder, and it holds nothing but what Dejafix makes."""
    if not folder.is_dir() or folder.stat().st_uid != os.geteuid() or _mode(folder) & (stat.S_IWOTH | stat.S_ISVTX):
        return False
    names = (_KEY, f".{_KEY}-", _STAGED, _LEARNED, _DATABASE, database.name if database else _DATABASE, "lost+found")
    return all(path.name.startswith(names) for path in folder.iterdir())


def _is_open(path: Path) -> bool:
    """Links have no permissions of their own; files that just vanished or cannot be seen have none to remove."""
    try:
        return not path.is_symlink() and bool(_mode(path) & _OTHERS)
    except OSError:
        return False


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
