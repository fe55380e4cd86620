"""Whether fixes did what their kind promises: the models before and after are compared."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from schemalint.finding import Finding
from schemalint.fix import DropArgument, Remove, Replace, SetArgument, SetAttribute, Target
from schemalint.fixing.fingerprint import Fact, Fingerprint

Facts: TypeAlias = Mapping[str, Fact]


@dataclass(frozen=True)
class Look:
    """What one look at the models came to: what is found, what they mean, and why some of them could not be looked at."""

    findings: tuple[Finding, ...]
    meaning: Fingerprint
    failures: tuple[str, ...] = ()


def broken_promise(before: Look, after: Look, made: Sequence[Finding]) -> str:
    """Return what the fixes of `made`, which are of one kind, did that they must not do; empty where they kept their promise."""
    broken = (
        *importable(before, after),
        *nothing_is_lost(before, after, made),
        *same_meaning(before, after, made),
        *gone(before, after, made),
    )
    return next(iter(broken), "")


def importable(before: Look, after: Look) -> Iterator[str]:
    """Say what fails that did not; where something failed before, another failure may come to light behind it."""
    if not before.failures:
        yield from (f"the models would no longer be loaded: {one}" for one in after.failures)


def nothing_is_lost(before: Look, after: Look, made: Sequence[Finding]) -> Iterator[str]:
    """Say which tables, columns, constraints and attributes are there no more although no fix takes anything away."""
    if any(takes_away(one) for one in made):
        return
    for was, is_now in ((before.meaning.ddl, after.meaning.ddl), (before.meaning.mappers, after.meaning.mappers)):
        count, rest = counted(was), counted(is_now)
        yield from (f"{table} would have fewer facts: {kind}" for table, kind in sorted(count - rest))


def counted(facts: Facts) -> Counter[tuple[str, str]]:
    return Counter((table, fact.kind) for fact in facts.values() for table in fact.tables)


def takes_away(finding: Finding) -> bool:
    """Whether a fix is meant to take something away, or to give a table another name."""
    assert finding.fix is not None, "only findings with a fix are performed"
    return finding.fix.kind != "safe" and any(
        isinstance(one, (Remove, DropArgument, Replace, SetAttribute))
        or (isinstance(one, SetArgument) and one.code in ("False", "None"))
        for one in finding.fix.edits
    )


def same_meaning(before: Look, after: Look, made: Sequence[Finding]) -> Iterator[str]:
    """Say what means something else than before and must not: for a safe fix anything, else what is not about its tables, and DDL for `behaviour`."""
    kinds = {one.fix.kind for one in made if one.fix}
    assert len(kinds) <= 1, "fixes of one kind are made together"
    ddl = differences(before.meaning.ddl, after.meaning.ddl)
    mappers = differences(before.meaning.mappers, after.meaning.mappers)
    concerned = frozenset(table for one in made for table in tables_of(one))
    if "schema" in kinds:
        # What a fix gives a table another name is about the new one as well.
        concerned |= tables_in(after.meaning) - tables_in(before.meaning)
        ddl = [one for one in ddl if not one.is_about(concerned)]
    if "safe" not in kinds:
        mappers = [one for one in mappers if not one.is_about(concerned)]
    for one in [*ddl, *mappers]:
        if not before.failures or one.is_change:
            yield str(one)


class Difference(NamedTuple):
    """A fact that is another one, or none, after a fix, or was none before."""

    name: str
    was: Fact | None
    is_now: Fact | None

    @property
    def is_change(self) -> bool:
        """Whether something was there that means something else now; what was not configured before may be now."""
        return self.was is not None and (self.is_now is None or self.was.kind != "relationship")

    def is_about(self, tables: frozenset[str]) -> bool:
        """Whether this is about one of these tables, before or after."""
        return any(side is not None and not tables.isdisjoint(side.tables) for side in (self.was, self.is_now))

    def __str__(self) -> str:
        match self.was, self.is_now:
            case Fact(), None:
                return f"{self.name} would be gone"
            case None, Fact():
                return f"{self.name} would be new"
            case _:
                assert self.was is not None, "one of the two is there"
                assert self.is_now is not None, "as above"
                return f"{self.name} would change from {self.was.text} to {self.is_now.text}"


def differences(before: Facts, after: Facts) -> list[Difference]:
    found = (Difference(name, before.get(name), after.get(name)) for name in sorted(before.keys() | after.keys()))
    return [one for one in found if one.was is None or one.is_now is None or one.was.text != one.is_now.text]


def tables_in(meaning: Fingerprint) -> frozenset[str]:
    return frozenset(table for fact in meaning.ddl.values() for table in fact.tables)


def tables_of(finding: Finding) -> Iterator[str]:
    """Yield the tables that a finding's fix is about."""
    yield from finding.tables
    for one in finding.fix.edits if finding.fix else ():
        if not isinstance(one, Replace) and isinstance(one.part, Target):
            yield one.part.table


def gone(before: Look, after: Look, made: Sequence[Finding]) -> Iterator[str]:
    """Say which findings are still there after their fix; the rule may find something else there then."""
    counts, rest = told(before.findings), told(after.findings)
    for what, number in told(made).items():
        if rest[what] > counts[what] - number:
            yield f"{what[0]} would still be found"


def told(findings: Sequence[Finding]) -> Counter[tuple[str, str, str]]:
    return Counter((one.rule, one.object, one.message) for one in findings)
