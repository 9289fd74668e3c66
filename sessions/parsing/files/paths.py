"""What looks like the path of a file or a folder, and what only resembles one (routes, addresses, versions)."""

from __future__ import annotations

import re

_EXTENSION = r"(?:[A-Za-z][A-Za-z0-9_]{0,9}|7z)"  # a.py, schema.prisma, app.module.ts
_PATH_CHARS = r"[\w@~+\-()\[\]{}$,.]"
_BARE_NAMES = ("Dockerfile", "Makefile", "Procfile", "Gemfile", "Jenkinsfile", "CODEOWNERS", "LICENSE")
PATH = re.compile(
    rf"(?<![\w/])(?=[^\w\s]{{0,8}}\w)(?:(?:[A-Za-z]:\\|~/|\.{{1,2}}/|/)?(?:{_PATH_CHARS}{{1,80}}[/\\]){{0,20}}"
    rf"{_PATH_CHARS}{{0,100}}\.{_EXTENSION}|(?:\.{{0,2}}/)?(?:{_PATH_CHARS}{{1,80}}/){{1,20}}|\.[a-z][\w.-]{{2,40}}"
    rf"|{'|'.join(_BARE_NAMES)})(?![\w/])"
)
_WEB = re.compile(r"^(?:https?:|www\.)|^/?api/|\.(?:com|org|net|io|dev|app|ai|co|gov|edu)(?:/|$)", re.IGNORECASE)
_PRODUCT = re.compile(
    r"^(?:[A-Z]\w+|d3|p5|three|node|next|vue|nuxt|react|express|chart|socket|discord)\.(?:js|io|NET)$"
)
_BARE_EXTENSION = re.compile(
    r"^\.(?:bak|md|py|js|ts|tsx|jsx|json|sql|txt|log|css|html|ya?ml|sh|go|rs|pdf|png|csv|cs|vue)$"
)
_VERSION = re.compile(r"^v?\d++(?:\.\d++)++\w*+$|^\d+(?:\.\d+)*$")
_CALL = re.compile(r"\(\)?$|^[A-Z]\w*\.[a-z]\w*$|^(?:self|this|np|pd|os|sys|req|res|process|window|document)\.")
_CODE_EXTENSION = re.compile(
    r"\.(?:py|pyi|ts|tsx|js|jsx|mjs|cjs|vue|svelte|go|rs|java|kt|kts|swift|rb|php|cs|fs|cpp|cc|c|h|hpp|m|scala|ex|exs|"
    r"clj|lua|dart|r|R|jl|sql|prisma|graphql|proto|html|htm|css|scss|sass|less|md|mdx|rst|txt|json|jsonc|json5|yaml|"
    r"yml|toml|ini|cfg|conf|env|lock|xml|csv|tsv|sh|bash|zsh|ps1|bat|cmd|tf|hcl|ipynb|pdf|png|jpg|jpeg|svg|ico|webp|"
    r"service|timer|plist|gradle|properties|cshtml|razor|csproj|sln|asm|s|inc|lst|log|db|sqlite|bak|example|local|"
    r"template|tmpl|j2|ejs|hbs|liquid|astro|gd|tscn|unity|shader|wgsl|glsl|el|vim|nix|bicep|feature|snap|patch|diff)$"
)


def is_path(text: str) -> bool:
    """Whether the text is a file, or a folder that ends in a slash; not a route, an address, a version or a call."""
    if not 2 < len(text) < 300 or " " in text.strip() or _WEB.search(text) or _VERSION.match(text):
        return False
    if _PRODUCT.match(text) or _BARE_EXTENSION.match(text):
        return False
    if text.endswith("/"):
        return text.count("/") > 1 or text.startswith((".", "~"))
    if _CODE_EXTENSION.search(text):
        return True
    name = text.rsplit("/", 1)[-1]
    return name in _BARE_NAMES or (name.startswith(".") and name[1:].isidentifier() and len(name) > 3)


def find_paths(text: str) -> list[tuple[str, int]]:
    """Returns the paths in a text with their positions."""
    paths = []
    for match in PATH.finditer(text):
        path = match[0].lstrip(",([{").rstrip(",.([{")
        if is_path(path):
            paths.append((path, match.start()))
    return paths
