"""A field whose annotation and whose column disagree about None.

Where the column takes NULL and the annotation has no None, a row written by anybody else (a script, a migration, an older
release) gives None to code that the type checker found right. Where the annotation has None and the column is NOT NULL, an object that was
made properly fails at the insert: *null value in column violates not-null constraint*. Changing the column later means
`SET NOT NULL`, a scan of the whole table under an ACCESS EXCLUSIVE lock (https://www.postgresql.org/docs/current/sql-altertable.html).

Fine are: primary keys (`int | None` until the insert), columns that PostgreSQL or SQLAlchemy fills (a default, an identity), foreign keys that a relationship fills, columns of
subclasses that share their parent's table, JSON (whose None is JSON's own null), types of the project, and annotations that say nothing (`Any`). Right anyway: a column
between two migrations of an expand and contract change; allow it with the date.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    position: int = Field(sa_column=Column(sa.Integer))
```

Good:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    position: int = Field(sa_column=Column(sa.Integer, nullable=False))
    estimate: int | None = Field(default=None)
```
"""

import inspect
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any, get_args, get_origin
from uuid import UUID

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, class_mapper

from schemalint.fix import Fix, SetAnnotation
from schemalint.rule import Problem, rule
from schemalint.rules.schema._fields import is_filled_by_the_server, python_defaults, types_of
from schemalint.rules.schema._types import is_custom
from schemalint.subjects.schema import AnyColumn, AnyMapper, ModelField, Schema


@rule(fixes=("safe",))
def nullable_mismatch(schema: Schema) -> Iterator[Problem]:
    filled = Filled(schema)
    for column in schema.columns:
        field = schema.field_of(column)
        if field is None or not is_judged(field):
            continue
        code, place = f"{field.model.__name__}.{field.name}", f"{column.table.name}.{column.name}"
        takes_none = NoneType in types_of(field)
        if column.nullable and not takes_none:
            if column.server_default is None:
                yield Problem(
                    column,
                    f"{place} may hold NULL, but {code} is annotated as never None",
                    "| None in the annotation, or nullable=False",
                    fix=annotation_fix(field, takes_none=True),
                )
        elif not column.nullable and not filled.knows(column):
            if takes_none:
                yield Problem(
                    column,
                    f"{code} may be None, but {place} is NOT NULL: the insert fails",
                    "nullable=True, or no None in the annotation",
                    fix=None if defaults_to_none(field) else annotation_fix(field, takes_none=False),
                )
            elif defaults_to_none(field):
                yield Problem(
                    column,
                    f"{code} is None unless it is given, but {place} is NOT NULL: the insert fails",
                    "no default, or another one",
                )


def is_judged(field: ModelField) -> bool:
    """Whether both sides are clear: the class says a type that is known, and the column's NULL means None."""
    column = field.column
    if field.annotation is None or column.primary_key or column.computed is not None or column.identity is not None:
        return False
    if isinstance(column.type, JSON) or is_custom(column):
        return False
    if any(kind is Any or kind is object for kind in types_of(field)):
        return False
    # A subclass in its parent's table: the parent's rows have NULL there, so the column must take it whatever the annotation says.
    mapper: AnyMapper = class_mapper(field.model, configure=False)
    return not mapper.single


def annotation_fix(field: ModelField, *, takes_none: bool) -> Fix | None:
    """Return the annotation that says what the column says.

    Only where the class writes one well-known type and nothing else: an alias may bring a length along, and a class of the project may not
    be known to the file.
    """
    kinds: list[Any] = [kind for kind in field.types if kind is not NoneType]
    if len(kinds) != 1 or kinds[0] not in WELL_KNOWN or written_annotation(field) != field.annotation:
        return None
    name, module = kinds[0].__name__, kinds[0].__module__
    code = f"{name} | None" if takes_none else name
    imports = () if module == "builtins" else (f"{module}.{name}",)
    return Fix("safe", (SetAnnotation(field.column, code, imports),))


WELL_KNOWN = (str, int, float, bool, bytes, date, datetime, time, timedelta, Decimal, UUID)


def written_annotation(field: ModelField) -> Any:
    """Return the annotation of a field as it stands in its class, `Mapped` taken off; None where it is a text, or cannot be read."""
    for one in field.model.__mro__:
        with suppress(
            Exception
        ):  # since Python 3.14 the user's expressions are evaluated here: they may raise anything
            written: Any = inspect.get_annotations(one).get(field.name)
            if written is not None:
                origin: object = get_origin(written)
                return get_args(written)[0] if origin is Mapped else written
    return None


def defaults_to_none(field: ModelField) -> bool:
    info = field.info
    return info is not None and not info.is_required() and info.default is None and info.default_factory is None


class Filled:
    """Knows the columns that get a value between the making of an object and its insert."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.versions = {id(mapper.version_id_col) for mapper in schema.mappers} | {
            id(mapper.polymorphic_on) for mapper in schema.mappers
        }
        self.related = {relationship.parent.local_table for relationship in schema.relationships}

    def knows(self, column: AnyColumn) -> bool:
        """Whether the server, a default, a relationship or the mapper fills `column`."""
        return (
            is_filled_by_the_server(column)
            or any(True for _ in python_defaults(self.schema, column))
            or (bool(column.foreign_keys) and column.table in self.related)
            or id(column) in self.versions
        )
