"""A column of type JSON.

PostgreSQL keeps JSON as the text that came in and parses it again on every access. The type has no equality: `SELECT DISTINCT` over a model that
has such a column, GROUP BY and UNION fail with *could not identify an equality operator for type json*. It has no operator class for GIN and no containment (`@>`),
so no index answers a question about what is inside. JSONB has all of it. Changing the type later rewrites the table under an ACCESS EXCLUSIVE lock
(https://www.postgresql.org/docs/current/datatype-json.html).

A variant for PostgreSQL counts: `JSON().with_variant(JSONB, "postgresql")` is fine. Right anyway: JSON whose text matters, since JSONB keeps neither white space nor
the order of keys nor duplicate keys: a payload whose signature is checked again, or that is given back as it came.

Bad:

```python
class Event(SQLModel, table=True):
    __tablename__ = "events"
    id: int | None = Field(default=None, primary_key=True)
    payload: dict[str, Any] = Field(sa_type=sa.JSON)
```

Good:

```python
class Event(SQLModel, table=True):
    __tablename__ = "events"
    __table_args__ = (Index("ix_events_payload", "payload", postgresql_using="gin"),)
    id: int | None = Field(default=None, primary_key=True)
    payload: dict[str, Any] = Field(sa_type=pg.JSONB)
```
"""

from collections.abc import Iterator

from sqlalchemy import JSON

from schemalint.fix import Fix, SetType
from schemalint.rule import Problem, rule
from schemalint.rules.schema._types import alteration, has_variants, is_custom, is_plain_json, type_on_postgresql
from schemalint.subjects.schema import AnyColumn, Schema


@rule(fixes=("schema",))
def json_not_jsonb(schema: Schema) -> Iterator[Problem]:
    serves_others = any(map(has_variants, schema.columns))
    for column in schema.columns:
        if type_on_postgresql(column) == "JSON":
            yield Problem(
                part=column,
                message=f"{column.table.name}.{column.name} is JSON: parsed again on every access, without an index for what is inside, "
                "and SELECT DISTINCT over it fails",
                remedy=remedy(column, serves_others=serves_others),
                fix=fix(column, serves_others=serves_others),
            )


def remedy(column: AnyColumn, *, serves_others: bool) -> str:
    if is_custom(column):
        return f"JSONB in {type(column.type).__name__}, as impl or for PostgreSQL in load_dialect_impl"
    if has_variants(column):
        return 'JSONB for PostgreSQL: with_variant(JSONB(), "postgresql")'
    if serves_others:
        return 'JSON().with_variant(JSONB(), "postgresql")'
    return 'JSONB, or JSON().with_variant(JSONB(), "postgresql") where models serve other databases as well'


def fix(column: AnyColumn, *, serves_others: bool) -> Fix | None:
    """Return the plain type's replacement: a variant where other columns have one, so that the project uses other databases, too.

    None for a type of the project, and for one with variants of its own: only the author knows.
    """
    kind = column.type
    if not isinstance(kind, JSON) or not is_plain_json(kind) or has_variants(column):
        return None
    arguments = "none_as_null=True" if kind.none_as_null else ""
    if serves_others:
        code = f'JSON({arguments}).with_variant(JSONB({arguments}), "postgresql")'
        imports: tuple[str, ...] = ("sqlalchemy.JSON", "sqlalchemy.dialects.postgresql.JSONB")
    else:
        code = f"JSONB({arguments})" if arguments else "JSONB"
        imports = ("sqlalchemy.dialects.postgresql.JSONB",)
    return Fix(
        "schema",
        (SetType(column, code, instead_of="JSON", imports=imports),),
        due=alteration(column, "postgresql.JSONB()", "{}::jsonb"),
    )
