"""How reading a log grows with its size: python bench/parsing.py [--quick]

Every family is a text that some parser is known to choke on, or that is hard for one of our own extractors, at 10 KB,
100 KB and 1 MB. Every regular expression is timed on texts generated from it (`probes.py`), and on logs that contain
the worst of them on a single line. Fails when ten times the input costs more than 13 times, 1 MB more than 3 s,
or 10 KB more than 50 ms; when an expression is more than linear; and when a line of 100 KB costs more than 0.3 s.

Every family is read by rules and meaning too, with a stand-in for the sentence encoder, and some with the encoder, to
whose time the same growth applies. Invented logs of 12 KB are read by rules, in 20 ms, and by meaning too, in 100 ms.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import sessions.meaning
import sessions.parsing
import sessions.redaction
from bench.expressions import Measured, expressions, measure
from bench.meaning import quick_reviser, reviser, seconds_a_log
from sessions.parsing.pipeline import Revise, read_log

SIZES = (10_000, 100_000, 1_000_000)
READING = (sessions.parsing, sessions.meaning, sessions.redaction)
MOST_GROWTH, MOST_SECONDS, MOST_SECONDS_SMALL = 13.0, 3.0, 0.05
LINES = (
    "{}",
    "## Errors\n\n- {}",
    "## Next Steps\n\n- [ ] {}",
    "```bash\n{}\n```",
    "| a | Error |\n|---|---|\n| b | {} |",
)
LONG_LINE, MOST_SECONDS_LONG_LINE = 100_000, 0.3
MOST_SECONDS_BY_RULES, MOST_SECONDS_BY_MEANING = 0.02, 0.1  # for a log of 12 KB
ENCODED = ("errors listed", "repairs on one line", "long table", "Chinese")  # families read with the encoder
NOISE = 0.004  # seconds below which growth is noise


def lines(template: str, *, head: str = "# Session 2026-01-02\n\n") -> Callable[[int], str]:
    """A family: the template repeated with a number in it, under a head."""

    def family(size: int) -> str:
        step = len(template.format(n=10_000)) + 1
        return head + "\n".join(template.format(n=number) for number in range(size // step))

    return family


def run(piece: str, end: str = "") -> Callable[[int], str]:
    """A family: one piece over and over on a single line."""
    return lambda size: piece * (size // len(piece)) + end


FAMILIES: dict[str, Callable[[int], str]] = {
    "nested [": run("["),
    "nested [](": run("[]("),
    "[a]( unclosed": run("[a]("),
    "![ nested images": run("!["),
    "odd backticks": run("a``b"),
    "growing backticks": lambda size: " ".join("`" * n for n in range(1, int((2 * size) ** 0.5))),
    "*a_": run("*a_ "),
    "*a **a": run("*a **a "),
    "*** run": run("*"),
    "** labels unclosed": run("**a: "),
    "~~a": run("~~a "),
    "deep quotes": run("> "),
    "deep quotes, many lines": lambda size: "\n".join("> " * (n % 60) + "a" for n in range(size // 60)),
    "deep list - - -": run("- "),
    "deep list, indented": lambda size: "\n".join(" " * (2 * (n % 60)) + "- a" for n in range(size // 60)),
    "many list items": lines("- item {n}"),
    "long table": lines("| {n} | b | c |", head="| a | b | c |\n|---|---|---|\n"),
    "wide table": lambda size: "|".join("a" * (size // 4)) + "\n" + "|".join("-" * (size // 4)) + "\n",
    "padded table": lambda size: "| a |" + " " * size + "\n|---|\n| b |" + " " * (size // 2),
    "reference definitions": lines("[a{n}]: /b", head=""),
    "long line": run("word "),
    "no space": run("x"),
    "< open": run("<"),
    "<!-- x": run("<!-- x "),
    "& entities": run("&amp;"),
    "a@b emails": run("a@b."),
    "backslashes": run("\\"),
    "blank lines": run("\n"),
    "setext rules": run("a\n---\n"),
    "rules": run("====\n"),
    "fences": run("```\n"),
    "unclosed fence": lambda size: "```bash\n" + "ls -la\n" * (size // 7),
    "headings": lines("## Heading {n}"),
    "dated headings": lines("## 2026-01-02 Session {n}\n- did {n}", head=""),
    "nested headings": lambda size: "\n".join("#" * (n % 6 + 1) + f" Error {n}" for n in range(size // 11)),
    "errors listed": lines("- request {n} failed with KeyError", head="## Errors\n\n"),
    "errors alike": lambda size: "## Errors\n\n" + "- the same request failed with KeyError\n" * (size // 40),
    "error sections": lines("### Issue {n}: job {n} crashed\n**Cause**: x{n}\n**Fix**: y{n}\n", head="## Errors\n\n"),
    "error labels": lines("**Error**: it failed {n}\n**Fix**: did {n}\n", head="# Log\n\n"),
    "repairs told": lines("Fixed the crash in part {n}.", head="# Log\n\n"),
    "repairs on one line": run("Fixed the broken thing. "),
    "enumerations": run("Fixed 3 bugs: a, b, c. "),
    "remedies": lines("- Reverted change {n}", head="## Issues\n\n- it failed\n"),
    "steps": lines("- [ ] do the thing number {n} (P1)", head="## Next Steps\n\n"),
    "steps in many lists": lines("## Next Steps\n- [ ] do the thing number {n}\n"),
    "files": lines("- `src/module_{n}.py` - changed", head="## Files Modified\n\n"),
    "files of one name": lines("- `src/{n}/models.py`", head="## Files Modified\n\n"),
    "tree": lines("│   ├── module_{n}.py", head="## Files\n\n```\nsrc/\n"),
    "commands": lines("python run.py --number {n}", head="```bash\n"),
    "continued commands": run("echo a \\\n"),
    "open quote": lambda size: "```bash\necho 'a\n" + "b\n" * (size // 2),
    "open heredoc": lambda size: "```bash\ncat <<EOF\n" + "b\n" * (size // 2),
    "inline commands": run("`git status -s` "),
    "decisions": lines("- Chose {n} because it is faster", head="## Decisions\n\n"),
    "commits": lines("- `abc{n:05}` fix: thing", head="## Commits\n\n"),
    "metadata pairs": lines("**Key {n}**: value", head="# Log\n\n"),
    "paths on one line": run("src/a.py "),
    "dates on one line": run("2026-01-02 "),
    "emoji lines": run("✅ done it\n"),
    "plain titles": run("✅ TITLE\n   - a\n"),
    "Chinese": run("修复照片上传失败的问题，"),
    "control characters": run("\x1b[31mred\x1b[0m "),
}  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    """Returns the processor seconds of a single run, since a second one would find its texts cached.

    Garbage is collected before and not during the run, which would cost a large tree up to 40 % more at random times.
    """
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def read_families(
    sizes: tuple[int, ...], names: Iterable[str] = tuple(FAMILIES), revise: Revise | None = None
) -> Iterator[tuple[str, list[float]]]:
    for name in names:
        family = FAMILIES[name]
        yield name, [seconds(partial(read_log, "x.md", family(size).encode(), revise)) for size in sizes]


def read_expressions() -> list[Measured]:
    """Returns every expression of the packages that read a log, with the probe that costs it most."""
    return [measure(one) for package in READING for one in expressions(package)]


def read_probes(measured: list[Measured], size: int) -> Iterator[tuple[str, list[float]]]:
    """Yields the times for the worst texts of each expression, in the kinds of line a log may contain them."""
    for one in measured:
        for form in LINES:
            text = form.format(one.probe.text(size).replace("\n", " "))
            yield f"{one.expression.name} in {form[:12]!r}", [seconds(partial(read_log, "x.md", text.encode()))]


def growth(spent: list[float]) -> float:
    """Returns the most that ten times the input costs, over adjacent sizes, without noise."""
    steps = [large / max(small, NOISE) for small, large in itertools.pairwise(spent) if large > NOISE]
    return max(steps, default=0.0)


def report(title: str, found: list[tuple[str, list[float]]], shown: int) -> None:
    print(f"\n{title}: {len(found)}, the worst {shown}")
    for name, spent in sorted(found, key=lambda one: -max(growth(one[1]), one[1][-1]))[:shown]:
        print(f"  {name:<34} {'  '.join(f'{1000 * s:8.1f} ms' for s in spent)}   x{growth(spent):.1f}")


def report_expressions(measured: list[Measured], shown: int) -> None:
    print(f"\nregular expressions, as {len(measured)} are applied, seconds for a line of 1 MB, the worst {shown}")
    for one in sorted(measured, key=lambda one: -one.seconds_a_line)[:shown]:
        print(f"  {one.expression.name:<34} {one.expression.way:<9} {one.seconds_a_line:6.2f} s  {one.probe}")


def read_by_meaning(sizes: tuple[int, ...]) -> list[str]:
    """Reads families and usual logs by meaning, reports it, and returns what grows or takes too much."""
    told = list(read_families(sizes, revise=quick_reviser()))
    report("families by rules and meaning, with a stand-in for the encoder", told, 15)
    encoded = list(read_families(sizes[:2], ENCODED, reviser()))
    report("families by rules and meaning, with the encoder", encoded, len(ENCODED))
    by_rules, by_meaning = seconds_a_log(seconds, None), seconds_a_log(seconds, reviser())
    print(f"\na log of 12 KB: {1000 * by_rules:.0f} ms by rules, {1000 * by_meaning:.0f} ms by rules and meaning")
    bad = [f"{n} by meaning: grows x{growth(s):.1f}" for n, s in told + encoded if growth(s) > MOST_GROWTH]
    bad += ["12 KB by rules: more than 20 ms"] if by_rules > MOST_SECONDS_BY_RULES else []
    return bad + (["12 KB by rules and meaning: more than 100 ms"] if by_meaning > MOST_SECONDS_BY_MEANING else [])


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="without 1 MB")
    sizes = SIZES[:2] if options.parse_args().quick else SIZES
    read_log("warm.md", b"# warm\n\n- up")
    families = list(read_families(sizes))
    report("families, at " + ", ".join(f"{size:,}" for size in sizes) + " bytes", families, 15)
    slow_by_meaning = read_by_meaning(sizes)
    measured = read_expressions()
    report_expressions(measured, 10)
    lines = list(read_probes(measured, LONG_LINE))
    report(f"lines of {LONG_LINE:,} characters", lines, 10)
    bad = [f"{n}: grows x{growth(s):.1f}" for n, s in families if growth(s) > MOST_GROWTH]
    bad += slow_by_meaning
    bad += [one.fault for one in measured if one.fault]
    bad += [f"{n}: {s[0]:.1f} s for a line" for n, s in lines if s[0] > MOST_SECONDS_LONG_LINE]
    bad += [f"{n}: {s[2]:.1f} s for 1 MB" for n, s in families if len(s) > 2 and s[2] > MOST_SECONDS]
    bad += [f"{n}: {1000 * s[0]:.0f} ms for 10 KB" for n, s in families if s[0] > MOST_SECONDS_SMALL]
    print("\n" + ("\n".join(bad) if bad else "All linear, and within their time."))
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
