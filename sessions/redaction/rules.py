"""Credentials known by their own shape: an ordered table. The group `secret` of each pattern is what is masked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sessions.redaction.harmless import is_placeholder
from sessions.redaction.names import SAMPLES, alternation, fold
from sessions.redaction.spans import MASK, Span


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its plain-English name.

    needles  folded texts of which every match contains one, so that a line without them is not searched; empty if
             matches have no constant part
    keep     how many characters of the secret are kept, to show what it was
    stated   the value is whatever somebody wrote, so a placeholder is left alone
    """

    name: str
    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    keep: int = 0
    stated: bool = False


def _rule(name: str, needles: str, pattern: str, keep: int = 0, *, stated: bool = False) -> Rule:
    return Rule(name, tuple(needles.split()), re.compile(pattern), keep, stated)


RULES: tuple[Rule, ...] = (
    _rule("JSON web token", "eyj", r"(?<![\w-])(?P<secret>eyJ[\w-]{10,2000}\.eyJ[\w-]{6,4000}(?:\.[\w-]{0,1000})?)", 3),
    _rule("AWS secret access key", "akia asia", r"(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])(?:[^\n]{1,80}?(?<![\w/+=])(?=[A-Za-z0-9/+]{40}(?![\w/+=]))|[\"'`*]{0,3}[ \t]*[/:,|][ \t]*[\"'`*]{0,3})(?P<secret>[A-Za-z0-9/+=]{16,128})(?![\w/+=-])"),
    _rule("AWS access key id", "akia asia aroa aida", r"(?<!\w)(?P<secret>(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16})(?!\w)", 4),
    _rule("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"(?<!\w)(?P<secret>gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255})", 4),
    _rule("GitLab token", "glpat- gldt- glrt- glcbt-", r"(?<!\w)(?P<secret>gl(?:pat|dt|rt|cbt)-[\w-]{16,100})", 6),
    _rule("Slack token", "xox xapp-", r"(?<!\w)(?P<secret>xox[abeoprs]-[\w-]{10,200}|xapp-[\w-]{10,200})", 5),
    _rule("webhook address", "hooks.slack.com/ /api/webhooks/ /webhookb2/", r"(?:hooks\.slack\.com/(?:services|workflows)|/api/webhooks/\d{5,25}|/webhookb2)/(?P<secret>[\w/@-]{20,300})"),
    _rule("Google API key", "aiza ya29. gocspx-", r"(?<!\w)(?P<secret>AIza[\w-]{30,50}|ya29\.[\w-]{20,300}|GOCSPX-[\w-]{20,60})", 4),
    _rule("Stripe key", "_live_ _test_ whsec_", r"(?<!\w)(?P<secret>(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,200}|whsec_[A-Za-z0-9+/=]{16,100})", 8),
    _rule("model provider key", "sk-", r"(?<![\w-])(?P<secret>sk-(?:ant-|proj-|or-)?(?=[\w-]{0,60}\d)[A-Za-z0-9][\w-]{18,250})", 3),
    _rule("package registry token", "npm_ pypi-", r"(?<!\w)(?P<secret>npm_[A-Za-z0-9]{30,60}|pypi-(?=[\w-]{0,60}[A-Z])[\w-]{30,300})", 4),
    _rule("SendGrid key", "sg.", r"(?<!\w)(?P<secret>SG\.[\w-]{16,40}\.[\w-]{16,80})", 3),
    _rule("Twilio key", "", r"(?P<secret>(?:SK|AC)(?<!\w..)[0-9a-f]{32})(?!\w)", 2),
    _rule("Telegram bot token", ":aa", r"(?<!\w)(?P<secret>\d{8,10}:AA[\w-]{30,40})"),
    _rule("Discord token", "", r"(?P<secret>[MNO](?<![\w-].)[\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40})"),
    _rule("Hugging Face token", "hf_", r"(?<!\w)(?P<secret>hf_[A-Za-z0-9]{24,60})", 3),
    _rule("cloud provider token", "doo_v1_ dop_v1_ dor_v1_ shpat_ shpca_ shppa_ shpss_ dapi hvs. age-secret-key-1 re_ sbp_ vercel_ lin_api_ atatt glsa_ phc_ figd_ eaa",
          r"(?<!\w)(?P<secret>do[opr]_v1_[0-9a-f]{40,80}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{20,64}|dapi[0-9a-f]{32}|hvs\.[\w-]{20,120}|AGE-SECRET-KEY-1[A-Z0-9]{40,70}|re_[A-Za-z0-9]{8}_[A-Za-z0-9]{16,40}|sbp_[0-9a-f]{30,60}|vercel_[A-Za-z0-9]{20,60}|lin_api_[A-Za-z0-9]{20,60}|ATATT[\w=-]{30,300}|glsa_\w{20,80}|phc_[A-Za-z0-9]{20,80}|figd_(?!x+\b)[\w-]{20,80}|EAA(?=\w{0,60}\d)[A-Za-z0-9]{40,300})", 4),
    _rule("storage account key", "accountkey= sharedaccesskey= sig=", r"(?i)(?:AccountKey|SharedAccessKey|sig)=(?P<secret>[A-Za-z0-9+/%]{20,200}={0,2})", stated=True),
    _rule("authorization header", "authorization", r"(?i)\bauthorization[\"'`*]{0,3}[ \t]*[:=][ \t]*[\"'`]?(?:bearer|basic|token|apikey|api-key|key|digest|negotiate)[ \t]+(?P<secret>[\w.~+/=-]{6,4000})", stated=True),
    _rule("bearer token", "bearer", r"(?i)\bbearer[ \t]+(?P<secret>(?=[\w.~+/=-]{0,100}\d)[\w.~+/=-]{16,4000})", stated=True),
    _rule("cookie", "cookie", r"(?i)\b(?:set-)?cookie[\"'`*]{0,3}[ \t]*[:=][ \t]*[\"'`]?(?:[\w.-]{1,40}=[^\s;\"'`]{0,15};[ \t]?){0,8}[\w.-]{1,60}=(?P<secret>(?=[^\s;\"'`]{0,60}\d)[^\s;\"'`]{12,4000})", stated=True),
    _rule("session cookie", "sessid= sessionid= session-token= session_token= connect.sid= csrftoken= xsrf-token= laravel_session= session=ey session=.e remember_web_ remember_token= wordpress_logged_in sb-access-token=",
          r"(?i)(?:(?:php|j)?sessid|j?sessionid|[\w.-]{0,30}session[-_]token|asp\.net_sessionid|connect\.sid|csrftoken|xsrf-token|laravel_session|\bsession(?==ey|=\.e)|remember_web_\w{1,60}|remember_token|wordpress_logged_in\w{0,60}|sb-access-token)=[\"']?(?P<secret>(?=[^\s;\"'`,&]{0,60}\w)[^\s;\"'`,&)]{8,4000})", stated=True),
    _rule("key of an environment", "_key", r"(?<![A-Za-z0-9_])(?:[A-Z0-9]+_)*(?!PUBLIC|PRIMARY|FOREIGN|SORT|CACHE|PARTITION|IDEMPOTENCY|UNIQUE|STORAGE|HASH|LOCK|QUERY|ROUTING|REDIS|S3|GROUP|OBJECT|DEDUP|TRANSLATION)[A-Z0-9]{2,30}_KEY[\"'`]?[ \t]*[=:][ \t]*[\"'`]?(?P<secret>(?=[^\s]{0,60}\d)(?=[^\s]{0,60}[A-Za-z])[A-Za-z0-9+/_=-]{16,500})(?![\w.(\[])", stated=True),
    _rule("credentials in an address", "://", r"(?i)://[^\s/:@`\"'<>]{0,100}:(?P<secret>[^\s/`\"'<>]{1,200})@", stated=True),
    _rule("credentials in an address", "jdbc:oracle:", r"(?i)jdbc:oracle:\w{1,10}:\w{1,40}/(?P<secret>[^\s@/\"'`]{3,100})@", stated=True),
    _rule("secret in a query string", "?key= &key= ?sig= &sig= ?signature= &signature= ?code= &code= ?auth= &auth= ?sid= &sid=", r"(?i)[?&](?:key|sig|signature|code|auth|sid)=(?P<secret>(?=[^\s&]{0,60}\d)[^\s&`\"'<>)\]]{12,300})", stated=True),
)  # fmt: skip


HINTED = tuple(rule for rule in RULES if rule.needles)
UNHINTED = tuple(rule for rule in RULES if not rule.needles)
RULE_HINT = re.compile(alternation(needle for rule in HINTED for needle in rule.needles))


def shaped_secrets(line: str) -> Iterator[Span]:
    """Yields what the rules with needles find in a line."""
    folded = fold(line)
    for rule in HINTED:
        if any(needle in folded for needle in rule.needles):
            yield from _matches(rule, line)


def unhinted_secrets(line: str) -> Iterator[Span]:
    """Yields what the rules without needles find in a line."""
    for rule in UNHINTED:
        yield from _matches(rule, line)


def is_worth_unhinted(text: str) -> bool:
    """Whether a rule without needles finds something anywhere in the text."""
    return any(rule.pattern.search(text) for rule in UNHINTED)


def _matches(rule: Rule, line: str) -> Iterator[Span]:
    for match in rule.pattern.finditer(line):
        secret = match["secret"]
        if MASK not in secret and not (rule.stated and _is_harmless(secret)):
            yield Span(rule.name, *match.span("secret"), rule.keep)


def _is_harmless(secret: str) -> bool:
    return is_placeholder(secret) or fold(secret) in SAMPLES
