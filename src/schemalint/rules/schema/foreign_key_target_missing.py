"""A foreign key to a table or column that no model defines.

SQLAlchemy looks its target up late and raises for the first one only: `create_all`, Alembic's autogenerate and the first flush of the ORM fail with
`NoReferencedTableError` or `NoReferencedColumnError`. Often the name is nearly right: SQLModel calls the table of UserProfile
`userprofile`, a table in another schema needs the schema (`shop.books.id`), a key of SQLAlchemy names the column by its `key`.

Silent about a table that `external-tables` names, one that another metadata of the project defines, and, where a module could not be
imported, about every table that is missing: it may stand there.

It is right anyway for a table of another system that `external-tables` names; a flush of the ORM needs it in the metadata all the same:
`Table("users", SQLModel.metadata, Column("id", Uuid, primary_key=True))`.

Bad:

```python
class UserProfile(SQLModel, table=True):
    __tablename__ = "user_profiles"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    profile_id: int = Field(foreign_key="userprofile.id", ondelete="CASCADE", index=True)
```

Good:

```python
class UserProfile(SQLModel, table=True):
    __tablename__ = "user_profiles"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    profile_id: int = Field(foreign_key="user_profiles.id", ondelete="CASCADE", index=True)
```
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cached_property

from sqlalchemy import ForeignKey, ForeignKeyConstraint, MetaData, Table
from sqlalchemy.exc import InvalidRequestError, NoReferencedColumnError, NoReferencedTableError

from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import Target, name_of, target_of, written
from schemalint.rules.schema._unimported import (
    LONGEST_SLIP,
    at,
    bare,
    column_names,
    knows_every_table,
    names_bound,
    nearest,
    references,
    tables_by_name,
)
from schemalint.subjects.schema import Schema
from schemalint.subjects.source import Source

WHAT_FAILS = "create_all, autogenerate and the first flush fail"


@rule
def foreign_key_target_missing(schema: Schema) -> Iterator[Problem]:
    known: dict[MetaData, Names] = {}
    for key in schema.foreign_keys:
        for element in key.elements:
            try:
                element.column  # noqa: B018 # asking resolves it
            except NoReferencedTableError as error:
                if schema.is_whole and not is_elsewhere(schema, error.table_name):
                    names = known.setdefault(key.table.metadata, Names(schema, key.table.metadata))
                    yield missing_table(schema, key, target_of(element), names)
                    break
            except NoReferencedColumnError:
                yield missing_column(schema, key, element)
                break
            except InvalidRequestError:
                break  # a table that was taken out of its metadata: nothing is made of it


@foreign_key_target_missing.without_import
def in_source(source: Source) -> Iterator[Problem]:
    known = tables_by_name(source)
    is_whole = knows_every_table(source)
    names = {name.rpartition(".")[2] for name in known}
    for key in references(source):
        table, _, column = key.target.rpartition(".")
        found = known.get(table, [])
        if not table or is_external(table, source.external):
            continue
        if len(found) == 1 and (bound := names_bound(found[0])) is not None and column not in bound:
            meant, wrong = nearest(column, column_names(found[0])), f"{table} has no column {column}"
            remedy = key.written.format(f"{table}.{meant}") if meant else f"the name of a column of {table}"
        elif not found and is_whole and table.rpartition(".")[2] not in names and (meant := nearest(table, known)):
            # Where no name is near, it may be something that the source does not show.
            wrong, remedy = f"no table {table} is defined", key.written.format(f"{meant}.{column}")
        else:
            continue
        yield Problem(
            part=at(key.column, key.node),
            at="foreign_key",
            message=f"{key.name} refers to {key.target}, but {wrong}: {WHAT_FAILS}",
            remedy=remedy,
        )


def is_elsewhere(schema: Schema, name: str) -> bool:
    """Whether a table is known to exist though its foreign key's metadata has none: in another metadata, or in another system."""
    return any(name in metadata.tables for metadata in schema.metadata) or is_external(name, schema.external)


def is_external(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(one, pattern) for one in (name, name.rpartition(".")[2]) for pattern in patterns)


def missing_table(schema: Schema, key: ForeignKeyConstraint, target: Target, names: "Names") -> Problem:
    meant = names.nearest(target)
    return Problem(
        part=key,
        at="foreign_key",
        message=f"{name_of(key)} refers to {target}, but no table {target.table_key} is defined: {WHAT_FAILS}",
        remedy=written(schema, key, f"{target_name(key, meant)}.{nearest_column(meant, target.column or '')}")
        if meant is not None
        else f"a table {target.table_key}, or the import of the module that defines it",
    )


def missing_column(schema: Schema, key: ForeignKeyConstraint, element: ForeignKey) -> Problem:
    target = target_of(element)
    table = key.table.metadata.tables[resolved_key(key, target)]
    wanted = target.column or element.parent.key
    return Problem(
        part=key,
        at="foreign_key",
        message=f"{name_of(key)} refers to {target}, but {table.fullname} has no column {wanted}: {WHAT_FAILS}",
        remedy=written(schema, key, f"{target.table_key}.{nearest_column(table, wanted)}"),
    )


def resolved_key(key: ForeignKeyConstraint, target: Target) -> str:
    """Return the key of a table in its metadata, whose own schema counts where the foreign key names none."""
    schema = target.schema or key.table.metadata.schema
    return f"{schema}.{target.table}" if schema else target.table


def target_name(key: ForeignKeyConstraint, table: Table) -> str:
    """Return a table's name as a foreign key beside `key` names it: without the schema that its metadata gives by itself."""
    return table.name if table.schema == key.table.metadata.schema else table.fullname


def nearest_column(table: Table, wanted: str) -> str:
    """Return the key of the column that `wanted` names or nearly names, else that of the primary key, else `wanted` itself."""
    if wanted in table.columns:
        return wanted
    by_name = {column.name: column.key for column in table.columns}
    close = get_close_matches(wanted, by_name, n=1, cutoff=0.75)
    primary = [column.key for column in table.primary_key.columns]
    return by_name[close[0]] if close else (primary or [wanted])[0]


@dataclass(frozen=True, eq=False)
class Names:
    """The tables of one metadata by what a foreign key may have meant; worked out for the first key that misses its own."""

    schema: Schema
    metadata: MetaData
    _found: dict[Target, Table | None] = field(default_factory=dict)

    def nearest(self, target: Target) -> Table | None:
        """Return the table that a foreign key most likely means, None where none is near, or several are."""
        if target not in self._found:  # many keys may miss one table
            self._found[target] = self._nearest(target)
        return self._found[target]

    def _nearest(self, target: Target) -> Table | None:
        tables = self.metadata.tables
        if f"{target.table}.{target.column}" in tables:  # a table with its schema, and no column
            return tables[f"{target.table}.{target.column}"]
        for found in (self._by_name.get(target.table, ()), self._by_words.get(bare(target.table), ())):
            if len(found) == 1:
                return found[0]
        if self._by_name.get(target.table):
            return None
        similar = [name for name in self._by_name if abs(len(name) - len(target.table)) <= LONGEST_SLIP]
        close = get_close_matches(target.table, similar, n=1, cutoff=0.8)
        return self._by_name[close[0]][0] if close and len(self._by_name[close[0]]) == 1 else None

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[Table]]:
        return grouped((table.name, table) for table in self.metadata.tables.values())

    @cached_property
    def _by_words(self) -> Mapping[str, Sequence[Table]]:
        """Tables by their names without underscores and plural, and by the names of their classes."""
        named = [(bare(table.name), table) for table in self.metadata.tables.values()]
        named += [
            (bare(mapper.class_.__name__), table)
            for table in self.metadata.tables.values()
            if (mapper := self.schema.mapper_of(table))
        ]
        return grouped(named)


def grouped(pairs: Iterable[tuple[str, Table]]) -> Mapping[str, Sequence[Table]]:
    """Return the tables of each name, each once."""
    groups: defaultdict[str, list[Table]] = defaultdict(list)
    for name, table in pairs:
        if table not in groups[name]:
            groups[name].append(table)
    return groups
