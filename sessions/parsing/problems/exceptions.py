"""Exception classes and error codes in a text, and the objects it names: what distinguishes one error from another."""

from __future__ import annotations

import re

from sessions.parsing.vocabulary import any_of, fold, words

_CLASS = re.compile(
    r"(?<![\w.])((?:[A-Za-z_]\w{0,60}\.){0,6}[A-Z]\w{2,60}(?:Error|Exception|Fault|Warning|Interrupt))(?!\w)"
)
_DOTTED = re.compile(r"(?<![\w.])((?:[a-z_]\w{1,40}\.){1,5}[A-Z][A-Za-z]{3,60})(?=[:\s`]|$)")
_NAMED = re.compile(
    r"(?<![\w.])(Undefined(?:Table|Column|Function|Object)|(?:Unique|NotNull|ForeignKey)Violation|DoesNotExist"
    r"|[A-Z][a-z]{1,20}(?:[A-Z][a-z]{1,20}){1,5}(?=: ))(?!\w)"
)
# What POSIX, Node and npm call their errors. Other words in capital letters that begin with E are words: ERROR, EMPTY.
ERRNO = any_of(
    """
    EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EBADENGINE EBADF EBADMSG EBUSY ECANCELED ECHILD
    ECONNABORTED ECONNREFUSED ECONNRESET EDEADLK EDESTADDRREQ EDQUOT EEXIST EFAULT EFBIG EHOSTDOWN EHOSTUNREACH EILSEQ
    EINPROGRESS EINTEGRITY EINTR EINVAL EISCONN EISDIR ELIFECYCLE ELOOP EMFILE EMLINK EMSGSIZE ENAMETOOLONG ENEEDAUTH
    ENETDOWN ENETUNREACH ENFILE ENOBUFS ENODATA ENODEV ENOENT ENOEXEC ENOLCK ENOLINK ENOMEM ENOMSG ENOPROTOOPT ENOSPC
    ENOSYS ENOTCONN ENOTDIR ENOTEMPTY ENOTFOUND ENOTSOCK ENOTSUP ENOTTY ENXIO EOPNOTSUPP EOVERFLOW EPERM EPIPE EPROTO
    EPROTONOSUPPORT EPROTOTYPE ERANGE ERESOLVE EROFS ESOCKETTIMEDOUT ESPIPE ESRCH ESTALE ETARGET ETIMEDOUT ETXTBSY
    EUSAGE EWOULDBLOCK EXDEV
    """.split()  # noqa: SIM905 - a list of words reads best as text
)
_CODE = re.compile(
    r"(?<![\w/-])((?:TS|CS|MSB|NU|BC|C|E|LNK|ORA-|SQL|ERR_|NETSDK|RUF|AADSTS|CVE-\d{4}-)\d{3,6}|ERR_[A-Z_]{4,40}"
    rf"|{ERRNO}"
    r"|0x[0-9A-Fa-f]{4,8}|SIG(?:KILL|SEGV|TERM|ABRT)|OOMKilled|CrashLoopBackOff"
    r"|[A-Z]{3,15}_(?:ERROR|FAILED|TIMEOUT|DENIED)|Errno -?\d{1,4}|WinError \d{1,5}"
    r"|P\d{4}|[0-9A-Z]{5}(?= error))(?![\w-])"
)
_HTTP = re.compile(
    r"(?:(?<=HTTP )|(?<=status )|(?<=status: )|(?<=code )|(?<![A-Za-z0-9_.:/#+-]))([45]\d\d)(?![A-Za-z0-9_.%:-]|,\d)"
    rf"(?! (?:{any_of(words('counted'))}|px|ms|MB|KB))"
)
_STATUS_WORDS = re.compile(any_of(words("status_words")), re.IGNORECASE)
_OBJECT = re.compile(
    r"`([^`\s]{3,80})`|[\"“]([\w./-]{3,60})[\"”]|'([\w./-]{3,60})'|(?<![\w/])(/[a-z][\w/{}:.-]{2,80})"
    r"|(?<![\w.])(\w{1,40}(?:\.\w{1,40})?_\w{1,60})"
    r"|(?<![\w.])([\w/-]{1,80}\.(?:py|tsx?|jsx?|go|rs|java|rb|php|cs|sql|ya?ml|toml|json|css|html|sh|vue|cpp|asm|kt))(?!\w)"
    r"|(?<![\w.])([a-z]{2,30}[A-Z]\w{1,40})(?!\w)"
)


def exception_of(*texts: str) -> str:
    """Returns the exception class, error code or HTTP status of the first text that names one, as written."""
    for text in texts:
        for pattern in (_CLASS, _DOTTED, _NAMED, _CODE):
            if match := pattern.search(text[:1000]):
                return match[1]
        if (status := _HTTP.search(text[:300])) and _STATUS_WORDS.search(text[:300]):
            return status[1]
    return ""


def objects_of(*texts: str) -> frozenset[str]:
    """Returns the tables, columns, files, routes and functions the texts name, folded, also by their last part."""
    names: set[str] = set()
    for text in texts:
        for match in _OBJECT.finditer(text[:1000]):
            name = fold(next(group for group in match.groups() if group)).strip("().,:;`")
            if len(name) < 3 or name.isdigit() or _is_exception(name):
                continue
            names.add(name.rsplit("/", 1)[-1] if not name.startswith("/") else name)
            if "." in name and "/" not in name and "_" in name:
                names.add(name.rsplit(".", 1)[-1])
    return frozenset(names)


def _is_exception(name: str) -> bool:
    return name.endswith(("error", "exception")) or name.rsplit(".", 1)[-1].startswith("undefined")
