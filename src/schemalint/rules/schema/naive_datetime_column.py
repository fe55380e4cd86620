"""A timestamp column without a time zone.

TIMESTAMP WITHOUT TIME ZONE stores a wall clock and forgets whose: an aware datetime is first turned into the session's time zone, then
stripped. A server, a laptop and a migration with another `TimeZone` write different values for the same moment, and two moments in the hour when summer time
ends are one (https://www.postgresql.org/docs/current/datatype-datetime.html). Changing the type later rewrites the table under an ACCESS EXCLUSIVE
lock, unless the session's time zone is UTC.

SQLModel made a plain `datetime` such a column up to 0.0.44; since 0.0.45 it is TIMESTAMP WITH TIME ZONE. Types of the project, which may convert, and
pydantic's `NaiveDatetime`, which is written on purpose, are silent. Right anyway: a local time without a place, such as the hour of an alarm clock.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    due_at: datetime = Field(sa_type=sa.DateTime)
```

Good:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    due_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
```
"""

from collections.abc import Iterator

from schemalint.fix import Fix, SetType
from schemalint.rule import Problem, rule
from schemalint.rules.schema._clocks import aware_clocks, naive_clocks, unknown_clocks
from schemalint.rules.schema._fields import has_sa_column, has_sa_type
from schemalint.rules.schema._types import alteration, has_variants, is_naive_timestamp
from schemalint.subjects.schema import AnyColumn, ModelField, Schema


@rule(fixes=("schema",))
def naive_datetime_column(schema: Schema) -> Iterator[Problem]:
    for column in schema.columns:
        if column.computed is None and is_naive_timestamp(column) and not is_naive_on_purpose(schema.field_of(column)):
            yield Problem(
                part=column,
                message=f"{column.table.name}.{column.name} has no time zone: beside now() or an aware datetime it means another moment in each session's time zone{why(schema, column)}",
                remedy=remedy(schema, column),
                fix=fix(schema, column),
            )


def why(schema: Schema, column: AnyColumn) -> str:
    """Return a clause for a column whose type is SQLModel's choice, which is another one today."""
    field = schema.field_of(column)
    if field is None or field.info is None or has_sa_column(field.info) or has_sa_type(field.info):
        return ""
    return " (SQLModel makes a plain datetime such a column up to 0.0.44)"


def remedy(schema: Schema, column: AnyColumn) -> str:
    field = schema.field_of(column)
    is_of_field = field is not None and field.info is not None and not has_sa_column(field.info)
    kind = "sa_type=DateTime(timezone=True)" if is_of_field else "DateTime(timezone=True)"
    if clock := next(naive_clocks(schema, column), None):
        return f"{kind}, and datetime.now(timezone.utc) in place of {clock}"
    if (name := next(unknown_clocks(schema, column), None)) is not None:
        return f"{kind}, and a time zone in what {name if name.isidentifier() else 'its default'} gives"
    return kind


def fix(schema: Schema, column: AnyColumn) -> Fix | None:
    """Return the same type with a time zone, and clocks that fill it.

    None where the type is the project's own or differs between databases, and where a function of the project or a moment fills it: naive values
    would then be taken for times in the session's time zone.
    """
    kind = column.type
    if has_variants(column) or type(kind).__module__.partition(".")[0] != "sqlalchemy":
        return None
    clocks = aware_clocks(schema, column)
    if clocks is None or any(True for _ in unknown_clocks(schema, column)):
        return None
    name = type(kind).__name__
    precision = getattr(kind, "precision", None)
    home = "sqlalchemy" if precision is None else "sqlalchemy.dialects.postgresql"
    code = f"{name}(timezone=True)" if precision is None else f"{name}(timezone=True, precision={precision})"
    return Fix(
        "schema",
        (SetType(column, code, name, (f"{home}.{name}",)), *clocks),
        due=alteration(column, "sa.DateTime(timezone=True)", "{} AT TIME ZONE 'UTC'"),
    )


def is_naive_on_purpose(field: ModelField | None) -> bool:
    """Whether a field is annotated with pydantic's NaiveDatetime, which pydantic keeps among the metadata when it is in Annotated."""
    if field is None:
        return False
    said = [*field.types, *(field.info.metadata if field.info else ())]
    return any("NaiveDatetime" in (getattr(one, "__name__", ""), type(one).__name__) for one in said)
