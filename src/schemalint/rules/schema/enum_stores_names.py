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
from collections.abc import Iterator

from sqlalchemy import DefaultClause, Enum

from schemalint.fix import Fix, SetArgument, SetType
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import definitions
from schemalint.rules.schema._enums import VALUES, created_types, enum_code, enum_of, stored_names
from schemalint.rules.schema._operations import literal
from schemalint.rules.schema._tables import checks
from schemalint.rules.schema._types import written_for_postgresql
from schemalint.subjects.schema import AnyColumn, Schema


@rule(fixes=("schema",))
def enum_stores_names(schema: Schema) -> Iterator[Problem]:
    found = [
        (column, kind, fix(schema, column, kind)) for column in schema.columns if (kind := keeps_other_names(column))
    ]
    # The columns of a type change together; until two enums have a type each, whose labels those of the one type are is not known.
    stuck = {name for name, sets in created_types(schema).items() if len(sets) > 1}
    stuck |= {written_for_postgresql(kind) for _, kind, offered in found if offered is None and kind.native_enum}
    for column, kind, offered in found:
        first = differing(kind)[0]
        yield Problem(
            part=column,
            message=f'{column.table.name}.{column.name} keeps "{first.name}" where {type(first).__name__} says "{first.value}": '
            "SQL that uses the value fails or finds nothing",
            remedy=f"Enum({type(first).__name__}, values_callable={VALUES})",
            fix=None if written_for_postgresql(kind) in stuck else offered,
        )


def keeps_other_names(column: AnyColumn) -> Enum | None:
    """Return the enum of a column that keeps names of members whose values are other words."""
    kind = enum_of(column)
    if kind is None or not all(is_a_word(member.value) for member in stored_names(kind)) or not differing(kind):
        return None
    return kind


def differing(kind: Enum) -> list[enum.Enum]:
    """Return the members that PostgreSQL keeps under another name than their value."""
    return [member for member in stored_names(kind) if member.name != member.value]


def is_a_word(value: object) -> bool:
    """Whether a value is a string that programs exchange; one with a space in it is shown to people."""
    return isinstance(value, str) and value != "" and not any(map(str.isspace, value))


def fix(schema: Schema, column: AnyColumn, kind: Enum) -> Fix | None:
    code = enum_code(schema, column, by_value=True)
    members = stored_names(kind)
    # In VARCHAR(n) the values must fit where the names did.
    if code is None or (not kind.native_enum and max(len(member.value) for member in members) > (kind.length or 0)):
        return None
    default = server_default(column, kind)
    if default is None or is_named_in_a_text(column, kind):
        return None
    return Fix("schema", (SetType(column, code[0], "Enum", tuple(code[1])), *default), due=due(column, kind))


def server_default(column: AnyColumn, kind: Enum) -> tuple[SetArgument, ...] | None:
    """Return what makes a label that is the server's default the member's value; None where it is written otherwise than as a label."""
    default = column.server_default
    if default is None:
        return ()
    values = {member.name: member.value for member in stored_names(kind)}
    written = default.arg if isinstance(default, DefaultClause) else None
    if not isinstance(written, str) or written not in values:
        return None
    return (SetArgument(column, "server_default", literal(values[written])),)


def is_named_in_a_text(column: AnyColumn, kind: Enum) -> bool:
    """Whether a check or the predicate of an index says one of the names."""
    texts = [*checks(column.table), *(one.where.lower() for one in definitions(column.table))]
    return any(f"'{member.name.lower()}'" in text for member in differing(kind) for text in texts)


QUOTE = "'"


def due(column: AnyColumn, kind: Enum) -> str:
    changed = [(member.name, member.value) for member in differing(kind)]
    if kind.native_enum:
        name = written_for_postgresql(kind)
        new_label = "ALTER TYPE {} RENAME VALUE '{}' TO '{}'".format
        return "; ".join(f"op.execute({new_label(name, old, new.replace(QUOTE, QUOTE * 2))!r})" for old, new in changed)
    return f"the rows of {column.table.fullname}, and the CHECK of {column.name} where it has one, change from names to values"
