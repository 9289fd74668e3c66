"""Every regular expression of the reading packages, timed on the probes made from it.

An expression is applied as the code applies it: what is only matched at the beginning of a text is not searched for.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from bench.probes import Probe, probes

SIZES = (2_000, 16_000, 128_000)  # beyond the bounds of bounded repeats, whose cost is no growth
MOST_GROWTH = 20.0  # of eight times the text: 8 where time is linear, 64 where it is quadratic
MOST_SECONDS = 3.0  # for a line of a million characters, the longest that is read
LONGEST_LINE = 1_000_000
_HEATS = ((60, 10_000), (300, 60), (1_000, 5))  # (size, how many of the slowest are tried at it)
_HOPELESS = 0.3  # seconds after which no longer text is tried
_NOISE = 0.01  # seconds below which growth is not told from noise
_WAYS = ("fullmatch", "match", "search", "finditer")  # each does at least as much as the one before


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression by its place in the code. `way`: the method it is called by, the costliest of them."""

    name: str
    pattern: re.Pattern[str]
    way: str

    def seconds(self, text: str) -> float:
        start = time.process_time()
        if self.way == "finditer":
            for _match in self.pattern.finditer(text):
                pass
        else:
            getattr(self.pattern, self.way)(text)
        return time.process_time() - start


@dataclass(frozen=True, slots=True)
class Measured:
    """The probe that costs an expression most, its seconds at SIZES until that was hopeless, and the last size."""

    expression: Expression
    probe: Probe
    spent: tuple[float, ...]
    size: int = SIZES[-1]

    @property
    def growth(self) -> float:
        """What the last eight times of text cost; 0 where that is not told from noise."""
        if len(self.spent) < 2 or self.spent[-1] < _NOISE:
            return 0.0
        return self.spent[-1] / max(self.spent[-2], _NOISE / 8)

    @property
    def seconds_a_line(self) -> float:
        """What the longest line would cost at this rate."""
        return self.spent[-1] * LONGEST_LINE / self.size

    @property
    def fault(self) -> str:
        """Why the expression may not stay as it is; empty where it may."""
        if self.growth > MOST_GROWTH:
            return f"{self.expression.name}: grows x{self.growth:.1f} with eight times of {self.probe}"
        if self.seconds_a_line > MOST_SECONDS:
            return f"{self.expression.name}: {self.seconds_a_line:.1f} s for a line of {self.probe}"
        return ""


def expressions(package: ModuleType) -> Iterator[Expression]:
    """Every compiled expression of a package, by the module and the name it has there."""
    called = _ways_called(package)
    seen: set[int] = set()
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        for name, value in vars(importlib.import_module(info.name)).items():
            for number, each in enumerate(_patterns_in(value)):
                if id(each) not in seen:
                    seen.add(id(each))
                    way = max(called[name], key=_WAYS.index, default="finditer")
                    yield Expression(f"{info.name.removeprefix('sessions.')}.{name}[{number}]", each, way)


def measure(expression: Expression) -> Measured:
    """The slowest of an expression's probes: all are tried when short, ever fewer at length."""
    left = probes(expression.pattern)
    for size, most in _HEATS:
        tried: list[tuple[float, Probe]] = []
        for probe in left[:most]:
            tried.append((expression.seconds(probe.text(size)), probe))
            if tried[-1][0] > _HOPELESS:
                return Measured(expression, probe, (tried[-1][0],), size)
        tried.sort(key=lambda one: -one[0])
        left = [probe for _spent, probe in tried]
    worst = [_at_length(expression, probe) for probe in left]
    return max(worst, key=lambda one: (bool(one.fault), one.seconds_a_line), default=_idle(expression))


def _at_length(expression: Expression, probe: Probe) -> Measured:
    spent: list[float] = []
    for size in SIZES:
        text = probe.text(size)
        spent.append(min(expression.seconds(text) for _turn in range(2)))
        if spent[-1] > _HOPELESS:
            break
    return Measured(expression, probe, tuple(spent), SIZES[len(spent) - 1])


def _idle(expression: Expression) -> Measured:
    """An expression without a repeat."""
    return Measured(expression, Probe("", "a", ""), (0.0,) * len(SIZES))


def _patterns_in(value: object) -> list[re.Pattern[str]]:
    """The expressions a module's name holds: one, a list of them, or rows that each have one."""
    rows = value if isinstance(value, list | tuple) else [value]
    found = [getattr(row, "pattern", None) if not isinstance(row, re.Pattern) else row for row in rows]
    return [one for one in found if isinstance(one, re.Pattern)]


def _ways_called(package: ModuleType) -> dict[str, set[str]]:
    """The methods that the sources of a package call on each name."""
    called: dict[str, set[str]] = defaultdict(set)
    several = {"findall": "finditer", "sub": "finditer", "subn": "finditer", "split": "finditer"}
    for path in Path(package.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
            ):
                way = several.get(node.func.attr, node.func.attr)
                if way in _WAYS:
                    called[node.func.value.id].add(way)
    return called
