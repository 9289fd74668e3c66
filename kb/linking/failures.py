"""How something failed, according to the words, the exception or the status code of an error.

Two errors that name the same thing are still two problems if one says that it is missing and the other that it is slow.
"""

from __future__ import annotations

from enum import StrEnum

from sessions.parsing.vocabulary import PhraseTable


class Failure(StrEnum):
    """In order of precedence: what is rare and specific comes before what is common."""

    MEMORY = "memory"
    LOCKED = "locked"
    SLOW = "slow"  # timeout, hang
    DENIED = "denied"  # 401, 403, permission
    UNREACHABLE = "unreachable"  # connection refused, DNS, gateway
    DUPLICATE = "duplicate"
    NULL = "null"
    ABSENT = "absent"  # missing, undefined, not found
    SYNTAX = "syntax"  # does not parse or compile
    TYPE = "type"  # of the wrong type or shape
    LIMIT = "limit"  # too many, too large, full
    STALE = "stale"
    CRASH = "crash"
    WRONG = "wrong"  # a wrong value or look


_PHRASES = {
    Failure.MEMORY: """out of memory, oom, oomkilled, memory leak, heap limit, heap out of memory, leak, leaks, leaked,
        leaking, memoryerror, 内存泄漏, 内存溢出, メモリリーク, 메모리 누수, утечка памяти""",
    Failure.LOCKED: """deadlock, deadlocks, deadlocked, dead lock, could not obtain lock, database is locked,
        locknotavailable, lock timeout, lock wait, 死锁, デッドロック""",
    Failure.SLOW: """timeout, timeouts, time out, timed out, times out, timing out, timeouterror, hang, hangs, hung,
        hanging, slow, slowly, too long, unresponsive, stuck, never returns, never ends, never finishes, 超时, 卡死,
        タイムアウト, 타임아웃, таймаут, зависает, зависал, tiempo de espera, se cuelga, delai depasse,
        zeituberschreitung, hangt, duurt te lang, 504""",
    Failure.DENIED: """401, 403, forbidden, unauthorized, unauthorised, permission denied, permission, permissions,
        permissionerror, access denied, accessdenied, denied, not allowed, not authenticated, cors, csrf,
        invalid token, invalid credentials, expired token, 权限, 拒绝, 未授权, 拒否, 거부, запрещен, запрещено,
        нет доступа, sin permiso, acceso denegado, zugriff verweigert, acces refuse""",
    Failure.UNREACHABLE: """connection refused, connection reset, connection closed, connection lost, connection error,
        econnrefused, econnreset, enotfound, ehostunreach, unreachable, refused, refuses,
        refuses connections, refuses connection, 502, 503, bad gateway,
        service unavailable, dns, name resolution, getaddrinfo, network error, failed to fetch, offline, disconnects,
        disconnected, not listening, connectionerror, connectionrefusederror, 无法连接, 连接失败, 接続できない,
        connexion refusee, conexion rechazada, verbindung abgelehnt, не слушал, недоступен""",
    Failure.DUPLICATE: """duplicate, duplicates, duplicated, duplicate key, uniqueviolation, unique constraint,
        integrityerror, already exists, already defined, twice, two times, double, doubled, 重复, 重複, 중복,
        дубли, дублируется, duplicado, duplicados, duplicada, doublon, doublons, doppelt, doppelte, dubbel""",
    Failure.ABSENT: """404, does not exist, doesn't exist, did not exist, not exist, not found, no such, missing,
        undefined, undefinedcolumn, undefinedtable, undefinedfunction, gone, lacks, lacked, lacking, absent,
        unknown column, unknown table, unknown module, cannot find, can't find, could not find,
        cannot resolve, could not resolve,
        keyerror, nameerror, attributeerror, modulenotfounderror, importerror, filenotfounderror, enoent,
        not defined, not installed, not registered, not included, never added, never created, never ran, was not there,
        不存在, 缺少, 缺失, 找不到, 未找到, 未定义, 没有, 存在しない, 見つからない, 없음, 찾을 수 없,
        не найден, не найдена, не найдено, отсутствует, отсутствовал, не существует, no existe, falta, faltaba,
        faltante, no encontrado, introuvable, manque, manquant, manquante, n'existe pas, fehlt, fehlte, fehlende,
        nicht gefunden, existiert nicht, ontbreekt, ontbrak, ontbrekende, nao existe, nao encontrado, manca""",
    Failure.SYNTAX: """syntax error, syntaxerror, unexpected token, unexpected end, unexpected identifier, parse error,
        parsing, does not parse, does not compile, malformed, invalid json, invalid yaml, jsondecodeerror,
        compile error, compilation, indentation, indentationerror, 语法错误, 解析失败""",
    Failure.NULL: """null, nonetype, nan, null pointer, nullpointerexception, nil pointer, notnullviolation,
        cannot read property, cannot read properties, undefined is not, 空指针""",
    Failure.TYPE: """typeerror, type error, type mismatch, mismatch, mismatched, incompatible, not assignable,
        cannot assign, wrong type, cannot convert, valueerror, 类型错误, 不匹配, 型エラー""",
    Failure.LIMIT: """too many, too large, too big, quota, rate limit, rate limited, 429, 413, overflow, overflows,
        no space left, enospc, disk full, exceeds, exceeded, truncated, cut off, 溢出, 超出""",
    Failure.STALE: "stale, outdated, out of date, not refreshed, old version, cached, 过期, 古い, устарел, устаревший",
    Failure.CRASH: """crash, crashes, crashed, crashing, panic, panics, panicked, segfault, sigsegv, sigkill, 500,
        internal server error, aborts, aborted, exits, 崩溃, 闪退, クラッシュ, 크래시, падает, упал,
        absturz, sturzt ab""",
    Failure.WRONG: """wrong, wrongly, incorrect, incorrectly, unexpected, misaligned, overlap, overlaps, invisible,
        not shown, not visible, not displayed, not rendered, blank, empty, broken, 不正确, 错误的, 不对, 空白,
        неверный, неверно, неправильно, falsch, falsche, incorrecto, incorreto, sbagliato, verkeerd""",
}

_TABLE = PhraseTable((failure, words.replace("\n", " ").split(", ")) for failure, words in _PHRASES.items())
_ORDER = list(Failure)


def without_failures(text: str) -> str:
    """Returns a folded text without the words that describe a failure. What is left says what failed."""
    return _TABLE.without(text)


def failure_of(text: str) -> Failure | None:
    """Returns the kind of failure that the first 400 characters of a text mention."""
    return min((match.meaning for match in _TABLE.find_all(text)), key=_ORDER.index, default=None)
