"""Shows a log's Markdown: safe HTML whose blocks know their source lines, or the numbered lines themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import dedent

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from sessions.records import Span

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"*": {"id", "data-first", "data-last", "class"}, "a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_CODE = ("fence", "code_block")
_MARKED = frozenset({"paragraph_open", "heading_open", "list_item_open", "fence", "code_block", "tr_open", "hr"})


def _remember_lines(state: StateCore) -> None:
    """Gives each block the lines it came from, and each line an id; headings sink by one.

    The outermost block that begins on a line has the line's id, since an id may be given only once.
    """
    shift, marked = int(state.env.get("shift", 0)), state.env.get("marked", ())
    given: set[int] = set()
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"  # the page has a title of its own
        if token.map is None:
            continue
        first, last = token.map[0] + 1 + shift, max(token.map[1], token.map[0] + 1) + shift
        if token.type in _MARKED:
            _mark_block(token, first, last, marked, given)
        if token.type in _CODE:
            begin = first + (token.type == "fence")
            token.meta["ids"] = [_line_id(begin + at, given) for at in range(len(_code_lines(token)))]
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                first += 1
                child.attrSet("id", _line_id(first, given))


def _mark_block(token: Token, first: int, last: int, marked: Sequence[Span], given: set[int]) -> None:
    token.attrSet("data-first", str(first))
    token.attrSet("data-last", str(last))
    if not token.hidden and (name := _line_id(first, given)):
        token.attrSet("id", name)
    if any(start <= last and first <= end for start, end in marked):
        token.attrSet("class", "is-marked")


def _line_id(line: int, given: set[int]) -> str:
    """The id of a line of the file, once; then nothing."""
    if line in given:
        return ""
    given.add(line)
    return f"L{line}"


def _line_break(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A source line that ends is a line that ends: logs put pairs on neighbouring lines without blank ones."""
    return f"{_with_id('br', tokens[index].attrGet('id'))}\n"


def _code(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A block of code, whose lines can be linked to as well."""
    token = tokens[index]
    pairs = zip(token.meta["ids"], _code_lines(token), strict=True)
    shown = "".join(
        f"{_with_id('span', name)}{escapeHtml(line)}</span>" if name else escapeHtml(line) for name, line in pairs
    )
    return f"<pre><code{renderer.renderAttrs(token)}>{shown}</code></pre>\n"


def _code_lines(token: Token) -> list[str]:
    """The lines of a block of code, each with its end."""
    return re.findall(r"[^\n]*\n|[^\n]+", token.content)


def _with_id(tag: str, name: object) -> str:
    return f'<{tag} id="{name}">' if name else f"<{tag}>"


def _image(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """An image is named, not loaded: it lies on another host or nowhere."""
    return f"<em>[image: {nh3.clean_text(tokens[index].content)}]</em>"


_HEADING = re.compile(r"<(h[1-6])>(.*?)</\1>", re.DOTALL)
_BOX = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+)\[([ xX])\] ")
_plain = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_plain.add_render_rule("image", _image)
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_markdown.core.ruler.push("remember_lines", _remember_lines)
for _name in ("softbreak", "hardbreak"):
    _markdown.add_render_rule(_name, _line_break)
for _name in _CODE:
    _markdown.add_render_rule(_name, _code)
_markdown.add_render_rule("image", _image)


def rendered(text: str, span: Span, marked: Sequence[Span] = ()) -> str:
    """The lines of a span as safe HTML; lines have ids "L<line>", blocks data-first/data-last in lines of the file."""
    part = "\n".join(text.split("\n")[span[0] - 1 : span[1]])
    html = _markdown.render(part, {"shift": span[0] - 1, "marked": marked})
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES)


def _shown_box(box: re.Match[str]) -> str:
    return f"{box[1]}{'☐' if box[2] == ' ' else '☑'} "


def brief(text: str) -> str:
    """A few lines of Markdown as safe HTML, indented ones too; boxes to tick are shown, not offered."""
    lines = (_BOX.sub(_shown_box, line) for line in dedent(text).split("\n"))
    return nh3.clean(_plain.render("\n".join(lines)), tags=_TAGS, attributes={"a": {"href"}, "ol": {"start"}})


def fragment(lines: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Lines of a log as safe HTML for another page, and the blocks of code among them.

    Lines have no ids, since a page may show lines of several logs, and headings are bold: the page has its own.
    """
    tokens = _markdown.parse(dedent("\n".join(_BOX.sub(_shown_box, line) for line in lines)), {})
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}, "ol": {"start"}}, url_schemes=_SCHEMES)
    return _HEADING.sub(_bold, clean), tuple(token.content for token in tokens if token.type in _CODE)


def _bold(heading: re.Match[str]) -> str:
    return f"<p><strong>{heading[2]}</strong></p>"


def numbered(text: str, span: Span, marked: Sequence[Span] = ()) -> list[tuple[int, str, bool]]:
    """(line number, line as written, is marked) for each line of a span."""
    lines = text.split("\n")[span[0] - 1 : span[1]]
    return [
        (number, line, any(first <= number <= last for first, last in marked))
        for number, line in enumerate(lines, start=span[0])
    ]
