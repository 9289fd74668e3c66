"""The data folder and the files in it: for the account Dejafix runs as, and for no other."""

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


def make_new_files_private() -> None:
    """From now on this process makes files for its own account only; SQLite's -wal and -shm follow the main file."""
    os.umask(_OTHERS)


def secret_key(folder: Path) -> str:
    """The key kept in the data folder, made by whichever process asks first.

    Raises ImproperlyConfigured if the file is empty, or belongs to a stranger, who could sign in as anybody.
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
        # A link appears with its content and never replaces a file: of two processes at once, one key counts.
        with suppress(FileExistsError):
            os.link(draft.name, keyfile)


def database_file(database: Mapping[str, Any]) -> Path | None:
    """The file of an entry of DATABASES; None for a server or a database in memory."""
    name = str(database["NAME"])
    is_file = database["ENGINE"].endswith("sqlite3") and ":memory:" not in name
    return Path(name).resolve() if is_file else None


def close_to_others(folder: Path, database: Path | None) -> int:
    """Takes every right of other accounts away. Returns how many files and folders were changed.

    What belongs to another account, and a data folder that is shared with other things, is left as it is.
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
    """The data folder and those files of Dejafix that another account has any right to."""
    folder = folder.resolve()
    files = _tree(folder) if _is_own(folder, database) else (folder, folder / _KEY, *_tree(folder / _STAGED))
    databases = [database.with_name(database.name + end) for end in _DATABASE_ENDINGS] if database else []
    return [path for path in dict.fromkeys((*files, *databases)) if _is_open(path)]


def _tree(folder: Path) -> Iterator[Path]:
    yield folder
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def _is_own(folder: Path, database: Path | None) -> bool:
    """Whether the folder is Dejafix's: nobody else may write to it, and it holds nothing but what Dejafix makes."""
    if not folder.is_dir() or folder.stat().st_uid != os.geteuid() or _mode(folder) & (stat.S_IWOTH | stat.S_ISVTX):
        return False
    names = (_KEY, f".{_KEY}-", _STAGED, _DATABASE, database.name if database else _DATABASE, "lost+found")
    return all(path.name.startswith(names) for path in folder.iterdir())


def _is_open(path: Path) -> bool:
    """A link has no rights of its own, and a file that has just gone or cannot be seen has none to take away."""
    try:
        return not path.is_symlink() and bool(_mode(path) & _OTHERS)
    except OSError:
        return False


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
