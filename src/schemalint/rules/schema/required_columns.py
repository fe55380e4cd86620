"""A table without the columns that every table should have: when a row was made, and when it was last changed.

Without them nobody can say which rows a faulty release wrote, an export cannot ask for what changed since yesterday, and there is no order for pages.
They cannot be had later: a column added to a table with rows can only say when it was added.

`columns` are those that every table must have; `created` and `inserted_at` count for `created_at`, `modified_at` and `last_updated` for `updated_at`, `is_deleted` for
`deleted_at`. A column that no table has is asked for from five tables on only: a smaller schema is taken to do without.

Rows that are written once have no `updated_at`: a table holds such rows if its name ends in one of the words in `written-once` (events, logs, messages); any NOT NULL
timestamp is then its `created_at`. Left alone are link tables, tables whose key is a foreign key or holds one (a subclass's rows, details and attributes of another row), lookup
tables (no foreign keys, and beside the key no more than two texts or numbers), and those whose names match a pattern in `exempt`.

It is right anyway for tables that are filled by a release and not by users; name them in `exempt`.

Bad:

```python
class Project(SQLModel, table=True):
    __tablename__ = "projects"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    created_at: datetime = Field(
        default=None, sa_type=sa.DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )

class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    position: int
    estimate: int
```

Good:

```python
class Project(SQLModel, table=True):
    __tablename__ = "projects"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    created_at: datetime = Field(
        default=None, sa_type=sa.DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )

class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    position: int
    estimate: int
    created_at: datetime = Field(
        default=None, sa_type=sa.DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
```
"""

from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from sqlalchemy import Integer, String, Table

from schemalint.rule import Problem, rule
from schemalint.rules.schema._tables import link_tables
from schemalint.rules.schema._types import is_timestamp, known_type
from schemalint.rules.schema._words import number_words, singular, split
from schemalint.subjects.schema import Schema

WRITTEN_ONCE = (
    "activity", "audit", "change", "click", "entry", "event", "execution", "history", "impression", "invocation", "log", "measurement", "message",
    "metric", "notification", "outbox", "reading", "revision", "run", "sample", "snapshot", "trace", "trail", "transaction", "transition", "version",
    "visit", "vote",
)  # fmt: skip


@rule(profile="strict")
def required_columns(
    schema: Schema,
    *,
    columns: tuple[str, ...] = ("created_at", "updated_at"),
    written_once: tuple[str, ...] = WRITTEN_ONCE,
    exempt: tuple[str, ...] = (),
) -> Iterator[Problem]:
    wanted = [name for name in columns if is_wanted(schema, name)]
    lacking = {
        table: missing for table in schema.tables if (missing := [name for name in wanted if not has(table, name)])
    }
    links = link_tables(schema, lacking)
    for table, names in lacking.items():
        if table in links or is_another_rows(table) or is_lookup(table) or is_exempt(table, exempt):
            continue
        missing = still_missing(table, names) if ends_in(table.name, written_once) else names
        if missing:
            yield Problem(
                part=table,
                message=f"{table.fullname} has no {' and no '.join(missing)}: what is not written down when it happens is not known later",
                remedy=f"{' and '.join(missing)}, best from a mixin that all tables share",
            )


def is_exempt(table: Table, patterns: Collection[str]) -> bool:
    return any(fnmatchcase(name, one) for one in patterns for name in (table.name, table.fullname))


def still_missing(table: Table, names: Collection[str]) -> list[str]:
    """Return what rows that are written once lack: when they were made, which any NOT NULL timestamp says, not when they were changed."""
    has_time = any(is_timestamp(column) and not column.nullable for column in table.columns)
    return [name for name in names if meaning(name) not in ((CREATED, UPDATED) if has_time else (UPDATED,))]


def is_wanted(schema: Schema, name: str) -> bool:
    """Whether a schema has such a column anywhere; a small one without it is taken to do without."""
    return len(schema.tables) >= SMALL or any(has(table, name) for table in schema.tables)


SMALL = 5
CREATED, UPDATED, DELETED = "created", "updated", "deleted"
MEANINGS = {
    CREATED: {"created", "creation", "create", "inserted", "insertion", "added", "ctime"},
    UPDATED: {"updated", "update", "modified", "modification", "changed", "mtime"},
    DELETED: {"deleted", "deletion", "removed"},
}
AROUND = {"at", "on", "date", "time", "datetime", "timestamp", "ts", "utc", "last", "is", "row", "record", "dt"}
"""Words that may stand beside the one that carries the meaning: `last_modified`, `date_created`, `created_at_utc`."""


def has(table: Table, name: str) -> bool:
    """Whether a table has a column, or one that is called otherwise and means the same."""
    wanted = meaning(name)
    return any(
        one == name or (wanted and meaning(one) == wanted)
        for column in table.columns
        for one in (column.name, column.key)
    )


def meaning(name: str) -> str:
    """Return what a column says about the life of its row, empty where it says something else."""
    words = set(split(name)) - AROUND
    return next((one for one, synonyms in MEANINGS.items() if words and words <= synonyms), "")


def ends_in(name: str, words: Collection[str]) -> bool:
    """Whether the noun of a table's name is one of `words`, in the singular or the plural."""
    noun = number_words(name)[1]
    return noun in words or singular(noun) in words or split(name)[-1:] in {(one,) for one in words}


def is_another_rows(table: Table) -> bool:
    """Whether the primary key is a foreign key or holds one: the row that it refers to has the columns."""
    key = set(table.primary_key.columns)
    return any(set(one.columns) <= key for one in table.foreign_key_constraints)


def is_lookup(table: Table) -> bool:
    """Whether a table lists what others choose from: a code or a name, and perhaps a description."""
    others = [known_type(column) for column in table.columns if not column.primary_key]
    return not table.foreign_keys and len(others) <= 2 and all(isinstance(kind, (String, Integer)) for kind in others)
