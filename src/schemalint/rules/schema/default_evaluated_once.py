"""A default that was computed once, when the module was imported.

`default=uuid4()` calls the function in the class body: every row of the process gets the same value. A key fails on the second insert
with a duplicate; a timestamp is silently the start of the process. What is found is a UUID that every row of a primary or unique key would
get, and a date or time that is the time of the import.

It is right anyway when the start of the process is what the column means.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: UUID = Field(default=uuid4(), primary_key=True)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: UUID = Field(
        default_factory=uuid4, primary_key=True, sa_column_kwargs={"server_default": func.gen_random_uuid()}
    )
```
"""

import ast
import dataclasses
import datetime
from collections.abc import Iterator
from uuid import UUID

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._defaults import class_default, constants, dataclass_field
from schemalint.rules.schema._definitions import definitions
from schemalint.rules.schema._fields import column_argument, default_argument
from schemalint.rules.schema._unimported import columns, default_value, name_of
from schemalint.subjects.schema import AnyColumn, ModelField, Schema
from schemalint.subjects.source import Attribute, ModelClass, Source, keywords_of, literal


@rule(fixes=("safe",))
def default_evaluated_once(schema: Schema) -> Iterator[Problem]:
    now = datetime.datetime.now(datetime.UTC)
    for column in schema.columns:
        for value in constants(schema, column):
            if is_uuid(value) and is_unique(column):
                yield Problem(
                    part=column,
                    at=keyword(schema, column, value),
                    message=of_a_key(column.table.fullname, column.name),
                    remedy=f"the function itself: {default_argument(schema, column, 'uuid4')}",
                    fix=fix(schema, column, value),
                )
                break
            if is_time_of_import(value, now):
                by_server = column_argument(schema, column, "server_default", "func.now()")
                yield Problem(
                    part=column,
                    at=keyword(schema, column, value),
                    message=of_a_time(f"{column.table.fullname}.{column.name}"),
                    remedy=f"a function: {default_argument(schema, column, 'lambda: datetime.now(UTC)')}, or {by_server}",
                )
                break


@default_evaluated_once.without_import
def in_source(source: Source) -> Iterator[Problem]:
    for class_, one in columns(source):
        value = default_value(one)
        made_by = made_by_clock_or_chance(source, one, value)
        argument = "default_factory" if class_.is_sqlmodel else "default"
        if made_by.startswith("uuid.") and is_unique_in_source(class_, one):
            is_plain = class_.is_sqlmodel and value is one.keyword("default") and is_call_of_uuid4(source, one, value)
            edit = SetArgument(one, argument, "uuid4", "default", imports=("uuid.uuid4",))
            yield Problem(
                part=one,
                at="default",
                message=of_a_key(class_.table, one.column_name),
                remedy=f"the function itself: {argument}=uuid4",
                fix=Fix("safe", (edit,)) if is_plain else None,
            )
        elif made_by.startswith("datetime."):
            by_server = "server_default=func.now()"
            passed_on = 'sa_column_kwargs={"server_default": func.now()}'
            yield Problem(
                part=one,
                at="default",
                message=of_a_time(name_of(one)),
                remedy=f"a function: {argument}=lambda: datetime.now(UTC), or {passed_on if class_.is_sqlmodel and one.column_call is None else by_server}",
            )


def made_by_clock_or_chance(source: Source, one: Attribute, value: ast.expr | None) -> str:
    """Return the function of the standard library that is called for a value, also as `str(uuid4())` or `uuid4().hex`; empty for others."""
    match value:
        case ast.Call(func=ast.Name(id="str"), args=[ast.Call() as inner], keywords=[]):
            value = inner
        case ast.Attribute(value=ast.Call() as inner, attr="hex"):
            value = inner
        case _:
            pass
    made_by = source.meaning(one.owner.module, value.func) if isinstance(value, ast.Call) else ""
    return made_by if made_by in MADE_ANEW else ""


def is_call_of_uuid4(source: Source, one: Attribute, value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and source.meaning(one.owner.module, value.func) == "uuid.uuid4"


MADE_ANEW = frozenset(
    {
        *("uuid.uuid1", "uuid.uuid4", "datetime.date.today"),
        *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"),
    }
)
"""Functions that give something else at each call."""


def is_unique_in_source(class_: ModelClass, one: Attribute) -> bool:
    """Whether a column is the whole primary key, or unique by its own argument."""

    def says(column: Attribute, name: str) -> bool:
        return literal(keywords_of(column.column_call or column.call).get(name)) is True

    keys = [column for part in (class_, *class_.above) for column in part.attributes if says(column, "primary_key")]
    return says(one, "unique") or keys == [one]


def of_a_key(table: str, column: str) -> str:
    return f"every row of {table} gets the one {column} that was made when the module was imported: the second insert is a duplicate key"


def of_a_time(name: str) -> str:
    return f"{name} gets the time at which the module was imported, in every row"


def fix(schema: Schema, column: AnyColumn, value: object) -> Fix | None:
    """Return the function that made a UUID; none for a value that stands inside another argument, or was made in another way."""
    code = random_uuid(value)
    written = keywords(schema.field_of(column), value)
    if code is None or written is None:
        return None
    name, instead_of = written
    return Fix("safe", (SetArgument(column, name, code, instead_of, imports=("uuid.uuid4",)),))


def keyword(schema: Schema, column: AnyColumn, value: object) -> str:
    """Return the keyword that a value is written with; empty where it stands inside another argument."""
    written = keywords(schema.field_of(column), value)
    if written is None:
        return ""
    return "insert_default" if written[0] == "insert_default" else "default"


def random_uuid(value: object) -> str | None:
    """Return a function that makes such values as this one: a random UUID, or the text of one as two common ways write it."""
    if isinstance(value, UUID):
        return "uuid4" if value.version == 4 else None
    if not isinstance(value, str) or UUID(value).version != 4:
        return None
    return {str(UUID(value)): "lambda: str(uuid4())", UUID(value).hex: "lambda: uuid4().hex"}.get(value)


def keywords(field: ModelField | None, value: object) -> tuple[str, str] | None:
    """Return the keyword for a default function, and the one that the value is written with; None where it stands inside another argument."""
    if field is None:
        return "default", "default"
    if field.info is not None:
        return ("default_factory", "default") if class_default(field) is value else None
    one = dataclass_field(field)
    if one is None:
        return "default", "insert_default"
    # SQLAlchemy 2.1 puts a mark of its own there, whatever the default is.
    return (
        ("insert_default", "insert_default") if one.default is dataclasses.MISSING else ("default_factory", "default")
    )


def is_uuid(value: object) -> bool:
    """Whether a default is a UUID, or a text that is one as `str(uuid4())` and `uuid4().hex` write it."""
    if isinstance(value, str) and len(value) in (32, 36):
        try:
            UUID(value)
        except ValueError:
            return False
        return True
    return isinstance(value, UUID)


def is_unique(column: AnyColumn) -> bool:
    """Whether no two rows may have the same value; a column that is one of several of a key may well be a constant."""
    return any(one.unique and not one.where and one.elements == (column.name,) for one in definitions(column.table))


def is_time_of_import(value: object, now: datetime.datetime) -> bool:
    """Whether a date or time was taken from the clock: nobody writes microseconds by hand, and nobody writes today."""
    match value:
        case datetime.datetime():
            there = value.astimezone(datetime.UTC) if value.tzinfo else value.replace(tzinfo=datetime.UTC)
            return has_clock_digits(value.microsecond) or abs(there - now) < datetime.timedelta(days=1)
        case datetime.date():
            return abs(value - now.date()) <= datetime.timedelta(days=1)
        case datetime.time():
            return has_clock_digits(value.microsecond)
        case _:
            return False


def has_clock_digits(microsecond: int) -> bool:
    """Whether microseconds are not those of a constant: none, whole milliseconds, or the last of a day as in `datetime.max`."""
    return microsecond % 1000 not in (0, 999)
