"""The rules by which a credential is known: an ordered table. In each pattern the group `secret` is what is masked."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What a secret is called, in the languages of the logs. Longer names first, so that "access key" is not "key".
_NAMES = (
    r"pass(?:word|wd|phrase|code)|(?<=_)pass|pwd|secret(?:[ _-]?(?:access[ _-]?)?key)?|client[ _-]?secret|api[ _-]?(?:key|secret|token)"
    r"|(?:access|auth|bearer|refresh|session|deploy|bot|personal[ _-]access)[ _-]?(?:token|key)|token|private[ _-]?key"
    r"|encryption[ _-]?key|signing[ _-]?key|master[ _-]?key|account[ _-]?key|credentials?"
    r"|contraseña|clave(?: de acceso)?|senha|mot de passe|passwort|kennwort|wachtwoord|parol[aă]|пароль|токен|секрет"
    r"|密码|口令|密钥|令牌|パスワード|トークン|暗証番号|비밀번호|암호|토큰|كلمة المرور|كلمة السر"
)
_VALUE = r"[^\s`\"'|,;)\]}<>*（）「」]"
# Words that stand where a value would and are none: prose, types, placeholders, references to where the value lies.
_NO_VALUE = (
    r"(?!(?:\*{2,}|x{3,}|\.{3}|…|_{3,}|-{3,}|<|\$|%|\{\{|\[|process\.env|os\.|env\.|secrets?\.|vault|your|the\b|a\b|an\b|is\b|was\b|are\b"
    r"|not\b|no\b|none\b|null\b|nil\b|true\b|false\b|undefined\b|string\b|str\b|text\b|int\b|bool\b|boolean\b|number\b|required\b|optional\b"
    r"|missing\b|expired\b|invalid\b|valid\b|changed\b|reset\b|set\b|unset\b|empty\b|hash|bcrypt|argon|field\b|input\b|auth|login\b|change"
    r"|placeholder|example|redacted|masked|hidden|stored\b|removed\b|in\b|from\b|for\b|and\b|or\b|to\b|on\b|with\b|must\b|should\b|only\b"
    r"|n/a\b|tbd\b|ok\b|yes\b|see\b|same\b|using\b|via\b|✅|❌|⚠|encrypted\b|generated\b|rotated\b|working\b|fixed\b|complete|pending\b))"
)
_SECRET = rf"{_NO_VALUE}(?P<secret>{_VALUE}{{4,200}})"
_MARKS = r"(?:[ \t`\"'*_]|</?[a-z]{1,6}>){0,8}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its plain-English name. `keep`: how many characters of the secret stay, to tell what it was."""

    name: str
    pattern: re.Pattern[str]
    keep: int = 0


def _rule(name: str, pattern: str, keep: int = 0, flags: int = re.IGNORECASE) -> Rule:
    return Rule(name, re.compile(pattern, flags), keep)


RULES: tuple[Rule, ...] = (
    _rule("JSON web token", r"(?<![\w-])(?P<secret>eyJ[\w-]{10,2000}\.eyJ[\w-]{6,4000}(?:\.[\w-]{0,1000})?)", 3, 0),
    _rule("AWS access key id", r"(?<!\w)(?P<secret>(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16})(?!\w)", 4, 0),
    _rule("GitHub token", r"(?<!\w)(?P<secret>gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255})", 4, 0),
    _rule("GitLab token", r"(?<!\w)(?P<secret>gl(?:pat|dt|rt|cbt)-[\w-]{16,100})", 6, 0),
    _rule("Slack token", r"(?<!\w)(?P<secret>xox[abeoprs]-[\w-]{10,200}|xapp-[\w-]{10,200})", 5, 0),
    _rule("Slack webhook", r"hooks\.slack\.com/services/(?P<secret>[\w/]{20,120})", 0),
    _rule("Google API key", r"(?<!\w)(?P<secret>AIza[\w-]{30,50}|ya29\.[\w-]{20,300})", 4, 0),
    _rule("Stripe key", r"(?<!\w)(?P<secret>(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,200}|whsec_[A-Za-z0-9+/=]{16,100})", 8, 0),
    _rule("model provider key", r"(?<![\w-])(?P<secret>sk-(?:ant-|proj-|or-)?[A-Za-z0-9][\w-]{18,250})", 3, 0),
    _rule("package registry token", r"(?<!\w)(?P<secret>npm_[A-Za-z0-9]{30,60}|pypi-[\w-]{30,300})", 4, 0),
    _rule("SendGrid key", r"(?<!\w)(?P<secret>SG\.[\w-]{16,40}\.[\w-]{16,80})", 3, 0),
    _rule("Twilio key", r"(?<!\w)(?P<secret>(?:SK|AC)[0-9a-f]{32})(?!\w)", 2, 0),
    _rule("Telegram bot token", r"(?<!\w)(?P<secret>\d{8,10}:AA[\w-]{30,40})", 0, 0),
    _rule("Discord token", r"(?<!\w)(?P<secret>[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40})", 0, 0),
    _rule("Hugging Face token", r"(?<!\w)(?P<secret>hf_[A-Za-z0-9]{24,60})", 3, 0),
    _rule("cloud provider token", r"(?<!\w)(?P<secret>do[opr]_v1_[0-9a-f]{40,80}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{20,64}|dapi[0-9a-f]{32}|hvs\.[\w-]{20,120}|AGE-SECRET-KEY-1[A-Z0-9]{40,70}|re_[A-Za-z0-9]{8}_[A-Za-z0-9]{16,40}|sbp_[0-9a-f]{30,60}|vercel_[A-Za-z0-9]{20,60}|lin_api_[A-Za-z0-9]{20,60}|ATATT[\w=-]{30,300}|glsa_[\w]{20,80}|phc_[A-Za-z0-9]{20,80}|figd_[\w-]{20,80}|EAA[A-Za-z0-9]{40,300})", 4, 0),
    _rule("storage account key", r"(?:AccountKey|SharedAccessKey|sig)=(?P<secret>[A-Za-z0-9+/%]{20,200}={0,2})"),
    _rule("authorization header", r"\bauthorization[\"']?[ \t]*[:=][ \t]*[\"'`]?(?:bearer|basic|token)[ \t]+(?P<secret>(?![<$*{]|your|xxx)[\w.~+/=-]{6,4000})"),
    _rule("bearer token", r"\bbearer[ \t]+(?P<secret>(?=[\w.~+/=-]{0,100}\d)[\w.~+/=-]{16,4000})"),
    _rule("credentials in an address", r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@`\"'<>]{0,100}:(?P<secret>(?![<$*{\[])[^\s/@`\"'<>]{1,200})@"),
    _rule("user and password on a command line", r"(?:^|\s)(?:-u|--user)[ =][\"']?[\w.@-]{1,60}:(?P<secret>(?![<$*{])[^\s\"'`@]{3,100})"),
    _rule("password option", r"(?:^|\s)--?(?:password|passwd|pass|pwd|token|secret|api-key|apikey|auth-token)[ =][\"']?" + _SECRET),
    _rule("mysql password option", r"\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|]{0,120}?\s-p(?P<secret>(?![<$*{])[^\s\"'`-][^\s\"'`]{3,80})"),
    _rule("sshpass", r"\bsshpass[ \t]+-p[ \t]*[\"']?(?P<secret>(?![<$*{])[^\s\"'`]{3,80})"),
    _rule("secret in a query string", rf"[?&](?:{_NAMES}|key|sig)=(?P<secret>(?![<$*{{])[^\s&`\"'<>)\]]{{6,300}})"),
    _rule("assigned secret", rf"(?<![A-Za-z])[\w.-]{{0,60}}(?:{_NAMES})[\w]{{0,20}}[\"'`]?[ \t]*(?:=|:=|=>)[ \t]*[\"'`]?" + _SECRET),
    _rule("named secret", rf"(?<![A-Za-z])(?:[\w-]{{1,30}}[ _-]){{0,3}}(?:{_NAMES}){_MARKS}[:：]{_MARKS}" + _SECRET),
    _rule("secret in a table", rf"\|{_MARKS}(?:[\w-]{{1,30}}[ _-]){{0,3}}(?:{_NAMES}){_MARKS}\|{_MARKS}" + _SECRET + r"(?=[`*_\"' \t]*\|)"),
    _rule("secret in prose", rf"\b(?:{_NAMES})[ \t]+(?:is|was|to|es|ist|est|é|è)[ \t]+(?P<secret>(?=[^\s`\"']{{0,60}}\d){_NO_VALUE}[^\s`\"',;)]{{5,100}}|[`\"'](?=[^`\"']{{0,60}}[\d!@#$%])[^\s`\"']{{5,100}})"),
    _rule("login pair", r"\b(?:login|credentials?|log in|sign in|account|user)\b[^\n:]{0,30}[:：][ \t]*[`\"']?[\w.@-]{2,60}[`\"']?[ \t]*[/:][ \t]*[`\"']?(?P<secret>(?=[^\s`\"'/|]{0,40}[\d!@#$%^&])(?![<$*{])[^\s`\"'/|,;)]{5,60})"),
)  # fmt: skip

# One cheap look decides whether a line is worth the rules at all.
HINT = re.compile(
    _NAMES
    + r"|eyJ|AKIA|ASIA|AROA|AIDA|gh[pousr]_|github_pat|gl(?:pat|dt|rt|cbt)-|xox|xapp-|hooks\.slack|AIza|ya29|_(?:live|test)_|whsec|sk-"
    r"|npm_|pypi-|SG\.|(?:SK|AC)[0-9a-f]{32}|:AA|[MNO][\w-]{23}|hf_|do[opr]_v1|shp(?:at|ca|pa|ss)_|dapi|hvs\.|SECRET-KEY|re_|sbp_|vercel_|lin_api"
    r"|ATATT|glsa_|phc_|figd_|EAA|AccountKey|SharedAccessKey|sig=|authorization|bearer|://|-u |--user|mysql|mariadb|sshpass|[?&]key="
    r"|login|log in|sign in|account",
    re.IGNORECASE,
)
# What HINT cannot match without, folded: looking for plain text costs a tenth of the expression.
_WORDS_OF_HINT = """
    pass pwd secret key token credential contraseña clave senha kennwort wachtwoord parol пароль токен секрет 密码 口令 密钥
    令牌 パスワード トークン 暗証番号 비밀번호 암호 토큰 كلمة eyj akia asia aroa aida ghp_ gho_ ghu_ ghs_ ghr_ github_pat glpat-
    gldt- glrt- glcbt- xox xapp- hooks.slack aiza ya29 _live_ _test_ whsec sk- npm_ pypi- sg. :aa hf_ _v1 shp dapi hvs. re_
    sbp_ vercel_ lin_api atatt glsa_ phc_ figd_ eaa sig= authorization bearer :// --user mysql mariadb sshpass login account
"""
_NEEDLES = (*_WORDS_OF_HINT.split(), "mot de", "-u ", "log in", "sign in")
_LONG_WORD = re.compile(r"[\w-]{24}")


def is_hinted(line: str) -> bool:
    """The line is worth the rules."""
    folded = line.casefold()
    worth = any(needle in folded for needle in _NEEDLES) or _LONG_WORD.search(line)
    return bool(worth and HINT.search(line))


KEY_BLOCK_BEGIN = re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----")
KEY_BLOCK_END = re.compile(r"-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----")
TABLE_SECRET_COLUMN = re.compile(rf"^[`*_\"' \t]*(?:[\w-]{{1,30}}[ _-]){{0,2}}(?:{_NAMES})[`*_\"' \t]*$", re.IGNORECASE)
# Values that only look secret: names with slashes, hashes and ids, function calls, counts, files, plain words of prose.
HARMLESS = re.compile(
    r"^(?:[\w.-]+/[\w./-]+|[0-9a-f]{7,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w.]+\(.*|[\d.,]+[a-z%]{0,3}|~?[\d.,]+(?:[kmb]|/\w+)?"
    r"|[\w-]+\.(?:py|ts|tsx|js|json|md|yml|yaml|env|txt|sh|go|rs|html|css)(?::\d+)?|https?:.*|[a-z_]+\.[a-z_.]+|[A-Z_]{6,}|[\w.-]*\*{3,}.*"
    r"|[A-Za-z]+[.:!?]?|[^\x00-\x7f]+)$",
)
