"""Secrets on command lines: which programs take one, and by which option or argument."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sessions.redaction.harmless import is_path, is_placeholder, is_word, names_something
from sessions.redaction.names import alternation, fold
from sessions.redaction.spans import MASK, Span

_VALUE = r"(?:\"(?P<double>[^\"\n]{3,200})\"|'(?P<single>[^'\n]{3,200})'|(?P<bare>(?!-)[^\s\"'`|]{3,200}))"
_AFTER = r"(?:[ \t]+|=)"
_PLAIN = r"[^\s\"'`|<>-][^\s\"'`|]{0,100}"
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Command:
    """Programs (with the subcommand that takes a secret, if any), and what precedes the secret."""

    programs: tuple[str, ...]
    before: re.Pattern[str]


def _command(programs: str, before: str) -> Command:
    return Command(tuple(each.strip() for each in programs.split(",")), re.compile(before + _VALUE))


_OPTION = r"(?<=\s)"
COMMANDS: tuple[Command, ...] = (
    _command("docker login, podman login, buildah login, skopeo login, nerdctl login, helm registry login, oras login, crane auth login, cf login, oc login, az login, az acr login, argocd login, tsh login, twine upload, sf login, snowsql", _OPTION + r"-p" + _AFTER),
    _command("mongosh, mongo, mongodump, mongorestore, mongoexport, mongoimport, evil-winrm, crackmapexec, netexec, nxc, rdesktop, psexec, ipmiutil, wpscan, hydra, arangosh, cqlsh, clickhouse-client, influx, iredis, neo4j-admin, cypher-shell, sshpass, pdfcrack, aria2c, vncviewer", _OPTION + r"-p" + _AFTER),
    _command("sshpass, 7z, 7za, 7zz, unrar, rar, mysql, mysqldump, mysqladmin, mysqlimport, mysqlcheck, mariadb, mariadb-dump, mariadb-admin", _OPTION + r"-(?:hp|p)(?=[^\s-])"),
    _command("redis-cli, keydb-cli, valkey-cli", _OPTION + r"(?:-a|--pass)" + _AFTER),
    _command("ldapsearch, ldapmodify, ldapadd, ldapdelete, ldapwhoami, ldappasswd, ldapcompare", _OPTION + r"-w" + r"[ \t]*"),
    _command("zip, unzip, funzip, zipcloak, sqlcmd, bcp, isql, ipmitool, mosquitto_pub, mosquitto_sub, osql", _OPTION + r"-P" + r"[ \t]*"),
    _command("snmpget, snmpwalk, snmpset, snmpgetnext, snmpbulkwalk", _OPTION + r"-[AX]" + _AFTER),
    _command("curl, wget, xh, curlie, lftp, siege, svn", _OPTION + r"(?:-u|--user|-a|--auth|--proxy-user|-U|-A)" + r"(?:[ \t]+|=)?[\"']?[\w.@%+-]{1,60}[:,](?=[^\s/])"),
    _command("smbclient, rpcclient, smbmap, net rpc, wmic, nmblookup, smbget", _OPTION + r"(?:-U|--user)(?:[ \t]+|=)?[\"']?[\w.\\@/-]{1,60}%"),
    _command("wget", _OPTION + r"--(?:http|ftp|proxy)-password" + _AFTER),
    _command("htpasswd", _OPTION + rf"-[A-Za-z]*b[A-Za-z]*(?:[ \t]+-\w+(?:[ \t]+\d+)?)*(?:[ \t]+{_PLAIN}){{1,2}}[ \t]+(?=\S+[ \t]*(?:$|[`;|&)\"'>]))"),
    _command("openssl", r"(?<=[\s\"'])pass:"),
    _command("openssl", _OPTION + r"-k[ \t]+"),
    _command("gpg, gpg2", _OPTION + r"--passphrase" + _AFTER),
    _command("keytool, jarsigner, apksigner", _OPTION + r"-(?:storepass|keypass|new|deststorepass|srcstorepass|destkeypass)[ \t]+"),
    _command("apksigner", r"(?<=\s)pass:"),
    _command("rabbitmqctl add_user, rabbitmqctl change_password, rabbitmqctl authenticate_user, wpa_passphrase, smbpasswd -s", rf"^[ \t]+{_PLAIN}[ \t]+"),
    _command("rclone obscure, vault login", r"^[ \t]+(?=\S*\d)"),
    _command("aws configure set aws_secret_access_key, aws configure set aws_session_token, npm config set _authToken, git config credential.password, rclone config password", r"^[ \t]+"),
    _command("rclone config create, nmcli", _OPTION + r"(?:pass|password)[ \t=]+"),
    _command("kubectl create secret, kubectl -n, oc create secret, helm install, helm upgrade", r"--from-literal(?:=|[ \t]+)[\"']?[\w.-]{1,80}="),
    _command("kubectl create secret docker-registry", r"--docker-password" + _AFTER),
    _command("mc alias set, mc config host add", rf"^[ \t]+{_PLAIN}[ \t]+{_PLAIN}[ \t]+{_PLAIN}[ \t]+"),
    _command("net use", r"(?:[ \t]+[A-Za-z*]:)?[ \t]+\\\\\S+(?:[ \t]+/user:\S+)?[ \t]+(?!/)"),
    _command("net user", rf"^[ \t]+{_PLAIN}[ \t]+(?!/)"),
    _command("cmdkey, xfreerdp, mstsc, psexec, schtasks, wmic, runas, msiexec, wfreerdp", r"(?<=\s)/(?:pass(?:word)?|p|rp)[: \t]"),
    _command("sqlplus, rman, expdp, impdp, sqlldr", r"^[ \t]+(?:-\w+[ \t]+)*[\"']?\w{1,40}/(?=[^\s/@]{4,}(?:@|[\"'`]|\s|$))"),
    _command("setx", r"^[ \t]+(?i:\w*(?:key|token|secret|pass|pwd|password))[ \t]+"),
    _command("ConvertTo-SecureString, ConvertTo-SecureString -String", r"^[ \t]+"),
    _command("identified by, with password, with encrypted password, identified with mysql_native_password by, encrypted password", r"^[ \t]+(?=['\"])"),
)  # fmt: skip

# A secret that is piped into a program or passed as a here-string.
_PIPED = re.compile(
    r"\b(?:echo|printf)(?:[ \t]+-[neE]+)?[ \t]+(?:\"(?P<double>[^\"\n]{3,200})\"|'(?P<single>[^'\n]{3,200})'|(?P<bare>[^\s\"'`|]{3,200}))(?:[ \t]+-[neE]+)?[ \t]*\|[ \t]*"
    r"(?:sudo[ \t]+(?:-\w+[ \t]+){0,3}?-(?:S|kS|Sk|\w*S\w*)\b|(?:sudo[ \t]+)?(?:chpasswd|passwd|smbpasswd|cryptsetup|su)\b"
    r"|[^\n|]{0,200}?--(?:password-stdin|stdin|passphrase-fd|pass-stdin|with-token|pwdin)\b)"
)
_HERE = re.compile(
    r"\b(?:sudo[ \t][^\n<]{0,20}-\w*S\b|chpasswd|passwd|su|smbpasswd|cryptsetup)\b[^\n<]{0,100}<<<[ \t]*" + _VALUE
)
_NETRC = re.compile(r"\blogin[ \t]+\S{1,80}[ \t]+password[ \t]+" + _VALUE)
_SENT = re.compile(
    r"\bsend[ \t]+(?:--[ \t]+)?\"(?P<double>(?=[^\s\"\\]{0,60}\d)[^\s\"\\]{4,60})\\[rn]\"(?P<single>(?!))?(?P<bare>(?!))?"
)
_HANDED = (_PIPED, _HERE, _NETRC, _SENT)

_PROGRAM = re.compile(
    rf"(?<![\w./-])(?:[\w./-]{{0,60}}/)?(?P<program>{alternation(p for c in COMMANDS for p in c.programs)})(?![\w-])",
    re.IGNORECASE,
)
_OF_PROGRAM: dict[str, list[Command]] = {
    fold(p): [c for c in COMMANDS if p in c.programs] for c in COMMANDS for p in c.programs
}
_SEGMENT_END = re.compile(r"[|`]|&&|;[ \t]")
PROGRAM_HINT = re.compile(alternation(fold(program) for program in _OF_PROGRAM) + r"(?![\w-])")
HANDED_HINT = re.compile(alternation(("echo ", "printf ", "<<<", "login ", "send ")))


def command_secrets(line: str) -> Iterator[Span]:
    """Yields the secrets that a line passes to programs as arguments."""
    end = 0
    for match in _PROGRAM.finditer(line):
        if match.start() < end:
            continue
        stop = _SEGMENT_END.search(line, match.end(), match.end() + _LONGEST)
        segment = line[match.end() : stop.start() if stop else match.end() + _LONGEST]
        for command in _OF_PROGRAM.get(fold(match["program"]), ()):
            for argument in command.before.finditer(segment):
                if span := _span(argument, match.end()):
                    end = span.end
                    yield span


def handed_secrets(line: str) -> Iterator[Span]:
    """Yields the secrets that a line pipes into a program that asks for one."""
    for pattern in _HANDED:
        for argument in pattern.finditer(line):
            if span := _span(argument, 0):
                yield span


def _span(argument: re.Match[str], offset: int) -> Span | None:
    group = next(name for name in ("double", "single", "bare") if argument[name] is not None)
    value = argument[group]
    start = argument.start(group)
    if (
        MASK in value
        or is_placeholder(value)
        or is_word(value)
        or is_path(value)
        or "$(" in value
        or value.startswith(("$", "%", "<", "@"))
    ):
        return None
    if names_something(value) and group == "bare":
        return None
    return Span("secret on a command line", offset + start, offset + argument.end(group))
