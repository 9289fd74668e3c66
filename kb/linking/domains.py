"""What kind of thing an error is about: a column is not a module, though both may be missing and share a name."""

from __future__ import annotations

import re
from enum import StrEnum


class Domain(StrEnum):
    DATABASE = "database"
    TYPES = "types"  # of a compiler or checker
    MODULE = "module"
    FILE = "file"
    SETTING = "setting"  # environment variables, configuration
    PAYLOAD = "payload"
    ROUTE = "route"
    SERVICE = "service"
    PAGE = "page"


_WORDS = {
    Domain.DATABASE: r"columns?|tables?|relations?|undefined(?:column|table)|\w*violation|constraint|migrations?|sql\w*"
    r"|rows?|insert|psycopg2?|列|表|数据库|таблиц\w*|колонк\w*|columna|tabla|colonne|spalte|tabelle|kolom|coluna|tabela",
    Domain.TYPES: r"ts\d{3,5}|type check|on type|typescript|mypy|not assignable",
    Domain.MODULE: r"modules?|modulenotfound\w*|importerror|packages?|imports?|requirements"
    r"|dependency|dependencies|pip|npm install",
    Domain.FILE: r"enoent|filenotfound\w*|files?|directory|folder|open '|文件|файл\w*|archivo|fichier"
    r"|datei|bestand|arquivo",
    Domain.SETTING: r"environment|env var\w*|env|configuration|setting|secret|переменн\w*",
    Domain.PAYLOAD: r"keyerror|payload|request body|response body|json key",
    Domain.ROUTE: r"/api/[\w/-]+|endpoint|route|http \d{3}|接口|ruta|rota",
    Domain.SERVICE: r"econn\w+|services?|container|port|pod|redis|docker|connection",
    Domain.PAGE: r"css|button|dialog|modal|footer|header|sidebar|page layout|panel|按钮|页面|кнопк\w*"
    r"|boton|bouton|knopf|knop",
}
_PATTERNS = {domain: re.compile(rf"(?<!\w)(?:{words})(?!\w)") for domain, words in _WORDS.items()}


def domains_of(folded: str) -> frozenset[Domain]:
    """Returns the domains that a folded text mentions."""
    return frozenset(domain for domain, pattern in _PATTERNS.items() if pattern.search(folded[:600]))
