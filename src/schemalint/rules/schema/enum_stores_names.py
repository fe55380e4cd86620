"""An enum column that keeps the names of the members, where their values are other strings.

SQLAlchemy stores the *name* of a Python enum's member unless `values_callable` says otherwise. With `class Status(StrEnum): IN_PROGRESS = "in_progress"` PostgreSQL's labels are
`IN_PROGRESS` and so on, while JSON, forms and every other program speak of `in_progress`: SQL by hand, a CHECK, a partial index or a server default that says the value
fails with *invalid input value for enum*, and renaming a member in Python, which nobody would take for a change of the schema, breaks every row.

Values that are no strings, or text for people (with a space in it), are silent, and so are members whose names are their values. Right anyway: a database that has
kept names for years and is read by this program only; a change needs `ALTER TYPE ... RENAME VALUE` for each label (https://www.postgresql.org/docs/current/sql-altertype.html).

Bad:

```python
class Status(StrEnum):
    OPEN = "open"
    DONE = "done"

class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    status: Status
```

Good:

```python
class Status(StrEnum):
    OPEN = "open"
    DONE = "done"

class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    status: Status = Field(sa_type=sa.Enum(Status, values_callable=lambda members: [member.value for member in members]))
```
"""

import enum
from collections.abc import Iterator, Sequence

from sqlalchemy import Enum

from schemalint.fix import Fix, SetType
from schemalint.rule import Problem, rule
from schemalint.rules.schema._enums import VALUES, created_types, enum_code, enum_of, stored_names
from schemalint.rules.schema._types import written_for_postgresql
from schemalint.subjects.schema import AnyColumn, Schema


@rule(fixes=("schema",))
def enum_stores_names(schema: Schema) -> Iterator[Problem]:
    # Until two enums have a type each, whose labels those of the one type are is not known.
    clashing = {name for name, sets in created_types(schema).items() if len(sets) > 1}
    for column in schema.columns:
        kind = enum_of(column)
        members = stored_names(kind) if kind is not None else []
        if kind is None or not all(is_a_word(member.value) for member in members):
            continue
        differing = [member for member in members if member.name != member.value]
        if differing:
            first = differing[0]
            yield Problem(
                part=column,
                message=f'{column.table.name}.{column.name} keeps "{first.name}" where {type(first).__name__} says "{first.value}": '
                "SQL that uses the value fails or finds nothing",
                remedy=f"Enum({type(first).__name__}, values_callable={VALUES})",
                fix=fix(schema, column, kind, members) if written_for_postgresql(kind) not in clashing else None,
            )


def is_a_word(value: object) -> bool:
    """Whether a value is a string that programs exchange; one with a space in it is shown to people."""
    return isinstance(value, str) and value != "" and not any(map(str.isspace, value))


def fix(schema: Schema, column: AnyColumn, kind: Enum, members: Sequence[enum.Enum]) -> Fix | None:
    code = enum_code(schema, column, by_value=True)
    # In VARCHAR(n) the values must fit where the names did.
    if code is None or (not kind.native_enum and max(len(member.value) for member in members) > (kind.length or 0)):
        return None
    return Fix("schema", (SetType(column, code[0], "Enum", tuple(code[1])),), due=due(column, kind, members))


QUOTE = "'"


def due(column: AnyColumn, kind: Enum, members: Sequence[enum.Enum]) -> str:
    changed = [(member.name, member.value) for member in members if member.name != member.value]
    if kind.native_enum:
        name = written_for_postgresql(kind)
        new_label = "ALTER TYPE {} RENAME VALUE '{}' TO '{}'".format
        return "; ".join(f"op.execute({new_label(name, old, new.replace(QUOTE, QUOTE * 2))!r})" for old, new in changed)
    return f"the rows of {column.table.fullname}, and the CHECK of {column.name} where it has one, change from names to values"
