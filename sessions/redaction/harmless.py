"""What may be in the place of a secret without being one: placeholders, references, types, prose, technical terms.

Each rule decides which of these excuses it accepts. Each function takes a value without its quotes.
"""

from __future__ import annotations

import re

from sessions.redaction.names import ABOUT, FUNCTION_WORDS, NAME, fold

_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûãõåøæıаеёиоуыэюяіїєα")
SHORT_COUNT = re.compile(r"[\d.,]{1,5}")
_ASCII_WORD = re.compile(r"[A-Za-z]+")
_SLASH = re.compile(r"[/\\]")
_DRIVE = re.compile(r"[A-Za-z]:\\\w")
_WORDS_JOINED = re.compile(r"[^\W\d]+(?:[-.][^\W\d]+)*")
_CONSONANTS = re.compile(rf"[^{''.join(sorted(_VOWELS))}_.-]{{5}}")
_OPTIONAL_TYPE = re.compile(r"(?:\[\]|\?|(?<!\s)\s*\|.*)$")
_STAND_IN = re.compile(
    r"<[\w .:/|-]*>|\[[\w .:/|-]*\]|\{[\w .:/|-]*\}|\([\w .:/|-]*\)|\{\{.*\}\}|\$\{\w{2,}.*|\$\([a-z]{2,}.*|\$\{\{.*|%[A-Z_]{3,}%|%[sdvqr]|%\(\w+\)[sd]"
    r"|\$[A-Z_][A-Z0-9_]+|\$env:\w+|[.…*•●·_#?=~✓✔-]{2,}|[xX•]{3,}|(?:[xX]{2,}-?)+|([^\d])\1{3,}|.{0,24}(?:\.\.\.|…).{0,8}|@\w+@"
)
_TEMPLATE = re.compile(
    r"\$\{[A-Za-z_]{3,}[^}]*\}|\{\{ ?[A-Za-z_]{3,}[\w .|()-]*\}\}|\{(?:id|(?=[a-z_]*[aeiou])[a-z_]{4,}[\w.]*)\}|<[A-Za-z]{3,}[A-Za-z _-]*>|\$\([a-z]+ [^)]*\)|[xX]{5,}|\.\.\.$|…$"
)
_VARIABLE = re.compile(r"\$(?=[a-zA-Z_]*[aeiou])[a-z][a-z_]{2,}[A-Za-z_]*(?:->|\[|\.[A-Za-z]{3,}|$)")
_BRACKETED = re.compile(r"[<\[【（({]{1,2}[^\W\d_]{2,}[^<>\[\]{}=]*[>\]】）)}]|<[^<>]*[^\x00-\x7f]{2,}[^<>]*>")
_OBJECTS = (
    "os|process|env|environ|System|Deno|import|secrets?|vault|vars?|local|self|this|cls|settings|config|cfg|conf|app|ctx|context|request|req"
    "|response|resp|result|res|data|body|payload|params?|args?|options|opts|props|state|user|account|session|creds?|credentials|auth|event|row|obj|item"
    "|form|input|document|window|localStorage|sessionStorage|Rails|ENV|Env|Config|Settings|builder|configuration|module|client|values|inputs|github|steps|each|field"
)
_REFERENCE = re.compile(
    rf"(?:{_OBJECTS})\s*(?:\?\.|\.|\[|\(|->|::)|[A-Za-z_]{{3,}}\w*\[(?:[\"'][^\"']*[\"']|\w+)\]|[A-Za-z_]{{3,}}(?:\.|::)[A-Za-z_]{{3,}}\w*\(|!(?:secret|ref|vault|env|sub|GetAtt|ImportValue)\b"
    r"|[a-z]\.[a-z]{3,}\w*\(|(?=[A-Za-z_]*[aeiouy])[a-z_]{3,}\w*(?:\.\w+)*!?\((?:[^()]|\([^()]*\))*(?:\)|$)|\[\]\w+[({]|\[[A-Z][\w.]+\]::|(?:[A-Z][a-z]{2,}[A-Za-z]*|[A-Z]{3}[A-Z0-9_]*)(?:\.\w+)*\((?:[^()]|\([^()]*\))*(?:\)|$)"
    r"|(?:await|new|async|function|lambda|not|if|return|typeof|func|fn|def)\s|(?:async|function)\b|\([\w\s,:]*\)\s*(?:=>|->|:|\{)|[A-Za-z_]\w*\s+=>\s"
    r"|(?:arn|vault|op|ssm|env|file|gcp|aws|k8s|doppler|keychain|https?|s3|gs):\S|@(?:[a-z]{3,}|Value|Microsoft\.KeyVault)\(|[&*](?:mut )?(?:str|String|const|char)\b|[%#]\{[\w.]+\}"
    r"|(?:Optional|Union|Option|Vec|Array|Promise|Record|Map|Dict|List|Annotated|Literal|Maybe|Box|Arc|Some|Field|Column|Secret)[\[<(]"
)
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:(?:\.|\?\.|->|::)[A-Za-z_]\w*)+")
_FILE = re.compile(
    r"[\w@./\\~-]*[\w-]\.(?:py|tsx?|jsx?|json|mdx?|ya?ml|env|txt|sh|go|rs|html|s?css|pem|key|crt|toml|ini|conf|cfg|php|rb|java|kt|cs|sql|log|lock|xml|properties|gpg|vue|swift)(?::\d+)?|\.env[\w.]*"
)
_ABSOLUTE = re.compile(r"(?:~|\.{1,2}|[A-Z]:)?(?:[/\\][a-z0-9_.*{}:-]+)+[/\\]?", re.ASCII)
_PARTS = re.compile(r"[_\-./:]+")
_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_TECHNICAL = re.compile(
    r"[~<>≤≥≈+-]?\d{1,3}(?:[.,]\d{3})+|[~<>≤≥≈+-]{0,2}\d{1,5}(?:[.,]\d{1,3})?(?:[+x×%]|\s?-?(?:k|m|b|ms|s|sec|min|h|hr|hrs|d|days?|hours?|minutes?|px|rem|em|kb|mb|gb|bits?|bytes?|chars?|characters|digits?|tokens?))"
    r"|[\^~]?v?\d+(?:\.\d+)+(?:[-+.]\w+)?|v\d{1,3}(?:(?:alpha|beta|rc)\d{0,2})?|\d{4}-\d\d-\d\d(?:[T ].*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}:\d\d(?::\d\d)?|\d{1,3}[/-]\d{1,3}|#\d+|p[0-4]|l\d{1,4}|\d{1,3}-\d{1,3}"
    r"|(?:bcrypt|argon2(?:id|i|d)?|scrypt|pbkdf2|sha-?(?:1|2|3|224|256|384|512)|hs(?:256|384|512)|rs(?:256|384|512)|es(?:256|384|512)|md[45]|aes(?:-?(?:128|192|256))?|rsa-?\d*|ed25519|x25519|base(?:32|58|62|64)(?:url)?|utf-?(?:8|16)"
    r"|oauth-?[12]?(?:\.0)?|openid|oidc|jwt|jws|jwe|rfc-?\d+|totp|hotp|uuid-?v?\d?|ulid|nanoid|hmac|pkcs-?\d+|x\.?509|2fa|mfa|iso-?\d+|http/[\d.]+|e2e|p256|secp256k1|gcm|cbc)(?:[-_/ ](?:\w{1,8}))*"
    r"|(?:[✅❌⚠☑✔✓✗✘🔒🔑🔴🟢🟡⏳🚧]\S*)|n/a",
    re.IGNORECASE,
)  # fmt: skip
_DIGEST = re.compile(
    r"(?:sha\d+[:-])?[0-9a-f]{7,128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|0x[0-9a-f]+", re.IGNORECASE
)
_PROSE_ENDING = re.compile(r"(?:ing|ed|tion|tions|sion|ment|ments|able|ible|ity|ly|ness|ized|ised)$")
_LETTERS = re.compile(r"[^\W\d_]+")
_STAND_IN_PARTS = frozenset(["your", "yours", "example", "placeholder", "changeme", "replace", "replaceme", "insert", "dummy", "fake", "sample", "todo", "tbd", "redacted", "masked", "here", "generated", "change"])  # fmt: skip
_DEFAULTS = frozenset(
    [
        "changeme",
        "change_me",
        "change-me",
        "changeit",
        "changethis",
        "change_this",
        "replaceme",
        "replace_me",
        "todo",
        "tbd",
        "fixme",
        "none",
        "null",
        "n/a",
    ]
)


def is_placeholder(value: str) -> bool:
    """Whether the value is a placeholder: `<your-key>`, `${VAR}`, `xxx`, `...`, `changeme`."""
    if _STAND_IN.fullmatch(value) or _BRACKETED.fullmatch(value) or _TEMPLATE.search(value) or fold(value) in _DEFAULTS:
        return True
    parts = [part for part in _PARTS.split(fold(value)) if part]
    return (
        len(parts) > 1
        and not _STAND_IN_PARTS.isdisjoint(parts)
        and sum(part.isalpha() for part in parts) >= len(parts) - 1
    )


def is_reference(value: str, rest: str) -> bool:
    """Whether the unquoted value, with what follows it in `rest`, says where the secret is kept, or computes it."""
    return bool(
        _REFERENCE.match(rest)
        or _BRACKETED.match(rest)
        or _VARIABLE.match(value)
        or _FILE.fullmatch(value)
        or (
            _DOTTED.fullmatch(value)
            and all(is_pronounceable(part) for part in _ASCII_WORD.findall(value))
            and names_something(value)
        )
    )


def is_path(value: str) -> bool:
    """Whether the value is the path of a file or a page: `/accounts/reset/`, `config/secrets`, `projects/quay/db-3f`."""
    if _FILE.fullmatch(value):
        return True
    parts = [part for part in _SLASH.split(value.strip("~./\\")) if part]
    worded = sum(is_pronounceable(part) for part in parts)
    if _DRIVE.match(value):
        return True
    if _ABSOLUTE.fullmatch(value) and len(value) >= 5:
        return worded * 2 >= len(parts)
    return (
        len(parts) > 1
        and len(value) >= 8
        and worded >= max(2, len(parts) - 1)
        and bool(_ABSOLUTE.fullmatch("/" + value))
    )


def is_pronounceable(part: str) -> bool:
    """Whether the letters could be a word: at least three, with a vowel, without five consonants in a row."""
    letters = part.casefold().strip("_-.")
    if len(letters) < 3 or not _WORDS_JOINED.fullmatch(letters) or _VOWELS.isdisjoint(letters):
        return False
    return not _CONSONANTS.search(letters)


def is_word(value: str) -> bool:
    """Whether the value is a word that is said of secrets, in any language, or a type."""
    folded = fold(value).strip(" .,;:!?*'\"()✅❌⚠️🔒")
    bare = _OPTIONAL_TYPE.sub("", folded)
    return not bare or bare in ABOUT or bare in FUNCTION_WORDS


def names_something(value: str, *, humps: bool = True) -> bool:
    """Whether the value is an identifier of several parts with a known one: `page_token`, `JwtToken`, `auth.password`."""
    parts = [part for part in _PARTS.split(value) if part]
    if humps:
        parts = [
            hump for part in parts for hump in (_HUMPS.findall(part) if part.isascii() and part.isalpha() else [part])
        ]
    if len(parts) < 2 or not all(fold(part) in ABOUT or is_pronounceable(part) for part in parts):
        return False
    return any(len(part) > 2 and fold(part) in ABOUT for part in parts)


def is_identifier(value: str) -> bool:
    """Whether the value is made of pronounceable parts in one case, joined by `_`, `-` or `.`."""
    parts = [part for part in _PARTS.split(value) if part]
    worded = [part for part in parts if is_pronounceable(part)]
    return (
        len(parts) > 1
        and value in (value.lower(), value.upper())
        and len(worded) * 2 >= len(parts)
        and all(p.isalnum() for p in parts)
    )


def is_prose(phrase: str, *, quoted: bool) -> bool:
    """Whether several words are a sentence and not a passphrase.

    In quotes that takes two known words or the name of a secret. Without quotes, a third of the words must be known, occur
    only in prose, or end like English verbs and abstract nouns.
    """
    listed = _LETTERS.findall(fold(phrase))
    if not quoted:
        telling = [word for word in listed if word in ABOUT or word in FUNCTION_WORDS or _PROSE_ENDING.search(word)]
        return len(telling) * 3 >= len(listed)
    known = [word for word in listed if word in ABOUT]
    function = [word for word in listed if word in FUNCTION_WORDS and word not in ABOUT]
    named = any(len(match[0]) > 4 for match in NAME.finditer(fold(phrase)))
    return named or (bool(known) and len(known) + len(function) > 1) or len(known) == len(listed)


def is_technical(value: str) -> bool:
    """Whether the value is a count, a size, a version, a date, a duration, an algorithm or a mark."""
    return bool(_TECHNICAL.fullmatch(value.strip(" .,;")))


def is_digest(value: str) -> bool:
    """Whether the value is a hash, a commit id, a UUID or a memory address."""
    return bool(_DIGEST.fullmatch(value))


def is_mixed(value: str) -> bool:
    """Whether the value has both letters and digits, which is rare in prose."""
    return any(char.isdigit() for char in value) and any(char.isalpha() for char in value)
