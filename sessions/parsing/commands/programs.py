"""The names of programs that begin a command line, and what makes a text a command line."""

from __future__ import annotations

import re

from sessions.parsing.vocabulary import any_of, words

PROGRAMS = frozenset(
    """
    adb aider alembic alias ansible ansible-playbook apt apt-get awk aws az base64 bash bin/rails black borg
    bq brew bun bundle cabal cargo cat cd celery certbot chmod chown cl claude clear cmake code codex
    composer conda cp cpanm createdb crontab curl cypress date deno df diff dig django-admin docker
    docker-compose doctl dotenv dotnet drizzle-kit dropdb du echo egrep elixir eslint eval exec expo export
    fastlane fd ffmpeg find firebase flake8 flask flutter fly flyctl forge free gcc gcloud gem gh git
    gitleaks go goose gpg gradle grep groovy gunicorn gunzip gzip hatch head helm heroku htop
    huggingface-cli hugo hypercorn idf.py iex initdb ip iptables ipython java javac jest journalctl jq julia
    jupyter just k3s k9s kill killall kubectl lerna less ln ls lsof make man mix mkdir mv mvn mypy mysql
    mysqldump nano nc net netlify netsh netstat next ng nginx nix nmap node nohup npm npx nslookup
    nvidia-smi nvm nx nyc ollama open openssl pdm pg_ctl pg_dump pg_isready pg_restore pgrep php phpunit
    ping pip pip3 pipenv pipx pkill playwright pm2 pnpm pod podman poetry powershell pre-commit prettier
    printf prisma prune ps psql pulumi pwd pwsh py pylint pyright pytest python python2 python3 qmake rails
    railway rake rclone rebar3 redis-cli restic rg rm rmdir rsync ruby ruff rustc rustup sam sbt scp screen
    sed serverless service set sh shellcheck shopify skaffold sleep sort source spack sqlcmd sqlite3 sqlmap
    ssh ssh-keygen stack stat streamlit strings stripe su sudo supabase swag swift swiftlint sysctl
    systemctl tail tailscale tar task taskkill tasklist tee terraform test time timeout tmux touch tox tr
    tree truncate tsc tsx turbo twine type ufw uglifyjs umount uname unbound uniq unzip uv uvicorn uvx
    vercel vi vim vite vitest vue wc webpack west wg wget whereis which winget wrangler wsl xargs xcodebuild
    yarn yq zip zsh
    """.split()  # noqa: SIM905 - a list of names reads best as text
)
# "NAME=value" and "sudo", any number of them
_PREFIXES = re.compile(r"^(?:[A-Z_][A-Z0-9_]*=(?:\"[^\"]*\"|'[^']*'|\S*)[ \t]+|(?:sudo|time|nohup|exec)[ \t]+(?=\S))+")
_SCRIPT = re.compile(
    r"^(?:(?:\./|\.\\)[\w./\\~-]*[\w~-]|(?:~/|/)[\w.~-][\w./~-]*?(?:(?<=bin)/[\w.-]+|\.(?:sh|py|js|ts|ps1|bat|cmd|rb|pl)))"
    r"(?=[ \t]|$)"
)  # an absolute path is one only in a folder of programs, or with the extension of a script
_CMDLET = re.compile(
    r"^(?:Get|Set|New|Remove|Start|Stop|Restart|Invoke|Test|Copy|Move|Import|Export|Select|Write|Out)-[A-Z]\w+"
)
_PROSE = re.compile(rf"^\w+ {any_of(words('function_words'))}\b", re.IGNORECASE)


def program_of(text: str) -> str:
    """Returns the known program a command line begins with, after assignments and `sudo`, or an empty string."""
    rest = _PREFIXES.sub("", text.strip())
    word = rest.split(maxsplit=1)[0] if rest else ""
    if _SCRIPT.match(rest) or _CMDLET.match(rest):
        return word
    name = word.rsplit("/", 1)[-1].removesuffix(".exe")
    return name if name in PROGRAMS else ""


def is_command_line(text: str) -> bool:
    """Whether the text is a known program or a script with at least one argument, and not prose."""
    if "\n" in text or len(text) > 400 or len(text.split()) < 2:
        return False
    return bool(program_of(text)) and not _PROSE.match(text)
