"""A generated-looking primary key that nothing generates.

PostgreSQL and SQLAlchemy number integer keys by themselves, and no others. A UUID or text key without `default_factory`, `default` or
`server_default` is NULL unless every insert brings one: a warning at the flush, then a not-null violation. Asked of keys of one column that
is called `id`, `uuid` or the like, or is a UUID named after its table; natural keys, keys that are foreign keys as well, codes too short
for an identifier and keys that an event listener fills are left alone. Where hardly any text key of a project is generated, its code brings them: one finding,
not one a table.

It is right anyway when the value comes from outside, such as the identity provider's own user id.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: UUID = Field(primary_key=True)
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

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Enum, String, Table, TypeDecorator, Uuid
from sqlalchemy.types import TypeEngine

from schemalint.rule import Problem, rule
from schemalint.rules.schema._defaults import class_default, has_factory
from schemalint.rules.schema._fields import column_argument, default_argument
from schemalint.subjects.schema import AnyColumn, AnyMapper, Schema


@rule
def primary_key_without_generator(schema: Schema) -> Iterator[Problem]:
    candidates = [column for column in single_keys(schema) if should_be_generated(column)]
    missing = [column for column in candidates if not is_generated(schema, column)]
    texts = [column for column in missing if is_text(column)]
    text_keys = [column for column in candidates if is_text(column)]
    if len(texts) >= MANY and len(texts) > 3 * (len(text_keys) - len(texts)):
        yield one_for_all(schema, texts, text_keys)
        missing = [column for column in missing if not is_text(column)]
    for column in missing:
        yield Problem(
            part=column,
            message=f"nothing makes a value for {name_of(column)}: an insert that does not bring one fails",
            remedy=remedy(schema, column),
        )


MANY = 5
"""Text keys of which hardly any is generated: from so many on, that is how the project makes its keys."""


def one_for_all(schema: Schema, texts: Sequence[AnyColumn], text_keys: Sequence[AnyColumn]) -> Problem:
    first, *rest = texts
    return Problem(
        part=first,
        message=f"nothing makes a value for {name_of(first)}, nor for {len(rest)} more of the {len(text_keys)} text keys: "
        "an insert that does not bring one fails",
        remedy=f"{remedy(schema, first)}, best in a base class",
        about="text keys",
    )


def single_keys(schema: Schema) -> Iterator[AnyColumn]:
    """Yield the column of each primary key that is one column."""
    for table in schema.tables:
        match list(table.primary_key.columns):
            case [column]:
                yield column


def name_of(column: AnyColumn) -> str:
    return f"{column.table.fullname}.{column.name}"


def is_text(column: AnyColumn) -> bool:
    return isinstance(underlying(column.type), String)


def remedy(schema: Schema, column: AnyColumn) -> str:
    """Return what makes a UUID; in a text column its text, as far as that has room for it."""
    kind = underlying(column.type)
    length = getattr(kind, "length", None) or UUID_AS_TEXT
    if is_text(column) and length < UUID_AS_HEX:
        return "a default that makes one"
    if is_text(column) and length < UUID_AS_TEXT:
        return default_argument(schema, column, "lambda: uuid4().hex")
    function = "lambda: str(uuid4())" if is_text(column) else "uuid4"
    return f"{default_argument(schema, column, function)}, or {column_argument(schema, column, 'server_default', 'func.gen_random_uuid()')}"


UUID_AS_HEX = 32
UUID_AS_TEXT = 36
"""Characters: without dashes and with them."""

NAMES = ("id", "uuid", "guid", "uid", "ulid", "pk")
SHORTEST_IDENTIFIER = 16
"""Characters: a text key that holds fewer is a code that somebody chose, not a generated identifier (nanoid 21, ulid 26, uuid 32)."""


def should_be_generated(column: AnyColumn) -> bool:
    if column.foreign_keys:
        return False
    name = column.name.lower()
    match underlying(column.type):
        case Uuid():
            return name in NAMES or is_named_after(name, column.table)
        case Enum():
            return False
        case String(length=length):
            return name in NAMES and (length is None or length >= SHORTEST_IDENTIFIER)
        case _:
            return False


def underlying(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type that is sent to the database for a type that an application made."""
    while isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return kind


def is_named_after(name: str, table: Table) -> bool:
    """Whether a key is its table's own: `book_id` or `book_uuid` of `book`, `books`, `boxes` or `stories` (`story_id`)."""
    stem, _, ending = name.rpartition("_")
    plurals = (stem, f"{stem}s", f"{stem}es", f"{stem[:-1]}ies" if stem.endswith("y") else "")
    return bool(stem) and ending in NAMES and table.name.lower() in plurals


def is_generated(schema: Schema, column: AnyColumn) -> bool:
    if any(one is not None for one in (column.default, column.server_default, column.identity, column.computed)):
        return True
    field = schema.field_of(column)
    if field is not None and (has_factory(field) or class_default(field) is not None):
        return True
    return any(is_filled_by_a_listener(mapper) for mapper in schema.mappers if mapper.local_table is column.table)


def is_filled_by_a_listener(mapper: AnyMapper) -> bool:
    """Whether the application listens to the event in which it may set the key."""
    # SQLAlchemy has no public way to ask whether anybody listens; `dispatch` is where event.listen puts its functions.
    return bool(mapper.dispatch.before_insert)
