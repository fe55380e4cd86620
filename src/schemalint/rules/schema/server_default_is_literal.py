"""An SQL expression given as a Python string, which SQLAlchemy writes as a quoted text.

`server_default="now()"` becomes `DEFAULT 'now()'`. PostgreSQL reads the text once, when the table is made: for a timestamp it is the time of the CREATE TABLE, in every row for ever. A
text column gets the text itself, quotes included (`"'draft'"`); for any other type CREATE TABLE fails with *invalid input syntax*.

A string is right for a constant: `"0"`, `"false"`, `"{}"`, `"draft"`. Expressions are `func.now()` or `text("...")`
(https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.Column.params.server_default). It is never right for a type that cannot hold the text; in a text column it is right
anyway where the rows shall hold a piece of SQL.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    due_at: datetime = Field(
        default=None, sa_type=sa.DateTime(timezone=True), sa_column_kwargs={"server_default": "now()"}
    )
```

Good:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    due_at: datetime = Field(
        default=None, sa_type=sa.DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    position: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
```
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Time,
    Uuid,
)
from sqlalchemy.types import TypeEngine

from schemalint.fix import DropArgument, Edit, Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._defaults import Misquoted, misquoted, server_default_operation
from schemalint.rules.schema._fields import column_argument
from schemalint.rules.schema._unimported import column_argument as argument_of
from schemalint.rules.schema._unimported import columns, only_type
from schemalint.subjects.schema import AnyColumn, Schema
from schemalint.subjects.source import LIBRARIES, Attribute, Source, literal


@rule(fixes=("schema",))
def server_default_is_literal(schema: Schema) -> Iterator[Problem]:
    for column in schema.columns:
        if (found := misquoted(column)) is not None:
            code = found.meant.code
            yield Problem(
                part=column,
                message=message(column, found),
                remedy=column_argument(schema, column, "server_default", code) if code else "no server_default",
                at="server_default",
                fix=Fix("schema", (edit(column, found),), server_default_operation(column, code)),
            )


@server_default_is_literal.without_import
def in_source(source: Source) -> Iterator[Problem]:
    for class_, one in columns(source):
        text = literal(argument_of(one, "server_default"))
        kind = type_of(source, one) if isinstance(text, str) else None
        if kind is None:
            continue
        schema, _, name = class_.table.rpartition(".")
        # A column such as this one: what is wrong with it is asked as of one that was imported.
        column = Column(one.column_name, kind, server_default=str(text))
        Table(name, MetaData(), column, schema=schema or None)
        if (found := misquoted(column)) is not None:
            code = found.meant.code
            argument = (
                f'sa_column_kwargs={{"server_default": {code}}}'
                if one.column_call is None
                else f"server_default={code}"
            )
            given = (
                SetArgument(one, "server_default", code, imports=found.meant.imports)
                if code
                else DropArgument(one, "server_default")
            )
            yield Problem(
                part=one,
                message=message(column, found),
                remedy=argument if code else "no server_default",
                at="server_default",
                fix=Fix("schema", (given,), server_default_operation(column, code)),
            )


def type_of(source: Source, one: Attribute) -> TypeEngine[Any] | None:
    """Return the type of a column as far as it decides what its server default is; None where that is not clear."""
    full_name, _ = only_type(source, one)
    if full_name in ANNOTATED:
        return ANNOTATED[full_name] if one.owner.is_sqlmodel else None
    root, _, rest = full_name.partition(".")
    return WRITTEN.get(rest.rpartition(".")[2]) if root in LIBRARIES else None


ANNOTATED: Mapping[str, TypeEngine[Any]] = {
    "builtins.str": String(),
    "builtins.int": Integer(),
    "builtins.bool": Boolean(),
    "datetime.datetime": DateTime(),
    "datetime.date": Date(),
    "datetime.time": Time(),
    "decimal.Decimal": Numeric(),
    "uuid.UUID": Uuid(),
}
"""The types that SQLModel makes columns of."""

WRITTEN: Mapping[str, TypeEngine[Any]] = {
    **dict.fromkeys(("String", "Text", "Unicode", "UnicodeText", "VARCHAR", "TEXT", "AutoString"), String()),
    **dict.fromkeys(("Integer", "BigInteger", "SmallInteger", "INTEGER", "BIGINT", "SMALLINT"), Integer()),
    **dict.fromkeys(("Boolean", "BOOLEAN"), Boolean()),
    **dict.fromkeys(("DateTime", "TIMESTAMP"), DateTime()),
    **dict.fromkeys(("Date", "DATE"), Date()),
    **dict.fromkeys(("Time", "TIME"), Time()),
    **dict.fromkeys(("Numeric", "NUMERIC", "DECIMAL"), Numeric()),
    **dict.fromkeys(("Uuid", "UUID"), Uuid()),
    **dict.fromkeys(("JSON", "JSONB"), JSON()),
}


def message(column: AnyColumn, found: Misquoted) -> str:
    name, text = f"{column.table.fullname}.{column.name}", found.text.replace("'", "''")
    match found.effect:
        case "frozen":
            return f"{name} is the time at which the table was made, in every row that does not bring its own: DEFAULT '{text}' is read once"
        case "kept":
            return f"{name} holds the text {found.text} in every row that does not bring its own: DEFAULT '{text}' is a text, not SQL"
        case _:
            return f"CREATE TABLE {column.table.fullname} fails: DEFAULT '{text}' is a text, not SQL, and no value of {column.name}"


def edit(column: AnyColumn, found: Misquoted) -> Edit:
    if not found.meant.code:
        return DropArgument(column, "server_default")
    return SetArgument(column, "server_default", found.meant.code, imports=found.meant.imports)
