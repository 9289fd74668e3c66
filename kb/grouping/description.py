"""What the engine has to know of the rows it groups: the models, their fields, and what happens to a group."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Model, QuerySet

RecordT = TypeVar("RecordT", bound=Model)


class Member(NamedTuple):
    """The numbers of a record's group and of its identity."""

    group: int
    identity: int


@dataclass(frozen=True)
class Grouping(ABC, Generic[RecordT]):
    """One kind of grouping. Subclasses say how its groups begin, change and end.

    members   one row for each record, with the fields `record`, `group` and `identity`
    links     pairs of similar identities: `one`, `other` and `score`
    sides     the records on the two sides of a decision: `decision`, `record` and `side`
    least     the score from which on a link joins two records
    is_whole  whether groups have to be similar as wholes, instead of each record to one other
    """

    members: type[Model]
    links: type[Model]
    sides: type[Model]
    record: str
    group: str
    identity: str
    least: float = 0.0
    is_whole: bool = False

    @abstractmethod
    def start_groups(self, records: Sequence[RecordT]) -> list[int]:
        """Creates a group for each record. Returns the numbers of the groups."""

    @abstractmethod
    def start_beside(self, group: int) -> int:
        """Creates a group for records that leave one. Returns its number."""

    @abstractmethod
    def revive(self, groups: Collection[int], taken: Collection[int], records: Collection[int]) -> int | None:
        """Returns a group that was merged into one of these, is not taken, and suits the records."""

    @abstractmethod
    def settle(self, groups: Mapping[int, Collection[int]]) -> None:
        """Brings groups in line with the records that each has been given."""

    @abstractmethod
    def retire(self, heirs: Mapping[int, int]) -> None:
        """Ends groups that lost all their records. `heirs` maps each to the group that took the first of them."""

    def members_where(self, **lookups: Any) -> QuerySet[Any]:
        """Member rows by `record`, `group` or `identity`: members_where(group__in=numbers)."""
        return self.members._default_manager.filter(**self._named(lookups))

    def members_of(self, records: Iterable[int]) -> dict[int, Member]:
        """Returns the members of those records that have one."""
        rows = self.members_where(record__in=list(records)).values_list(
            f"{self.record}_id", f"{self.group}_id", f"{self.identity}_id"
        )
        return {record: Member(group, identity) for record, group, identity in rows}

    def records_in(self, groups: Iterable[int]) -> list[int]:
        rows = self.members_where(group__in=list(groups)).order_by(f"{self.group}_id", "pk")
        return list(rows.values_list(f"{self.record}_id", flat=True))

    def group_of(self, record: int) -> int:
        return self.members_of([record])[record].group

    def in_order(self, identities: Iterable[int]) -> list[int]:
        """Returns identities in an order that does not depend on when they arrived: by their digests."""
        model: Any = self.members._meta.get_field(self.identity).related_model
        rows = model._default_manager.filter(pk__in=list(identities)).order_by("digest", "pk")
        return list(rows.values_list("pk", flat=True))

    def sides_where(self, **lookups: Any) -> QuerySet[Any]:
        """Sides of decisions, by `decision`, `side` or `record`."""
        return self.sides._default_manager.filter(**self._named(lookups))

    def member(self, record: int, group: int, identity: int) -> Model:
        """Returns a new, unsaved member."""
        return self.members(**{f"{self.record}_id": record, f"{self.group}_id": group, f"{self.identity}_id": identity})

    def _named(self, lookups: Mapping[str, Any]) -> dict[str, Any]:
        """Lookups by the models' own names of the three fields."""
        own = {"record": self.record, "group": self.group, "identity": self.identity}
        split = ((name.partition("__"), value) for name, value in lookups.items())
        return {own.get(field, field) + mark + rest: value for (field, mark, rest), value in split}
