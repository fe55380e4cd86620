"""A rule about a field's values that Python knows and PostgreSQL does not.

`ge=0` in pydantic, a `Literal`, an enum with `native_enum=False`: none of them makes a CHECK. Every other way into the table takes any value: a migration, an import, SQL by hand, another
service, a bulk insert, and objects of a SQLModel table themselves, which are not validated. Reading an enum's unknown label back then fails with a LookupError, long after it was written. Adding the CHECK later scans the
table under an ACCESS EXCLUSIVE lock, unless it is added NOT VALID and validated in a step of its own (https://www.postgresql.org/docs/current/sql-altertable.html).

Any CHECK that names the column counts, and so do enums of PostgreSQL, domains, and a foreign key, whose parent has the rule. `max_length` is `max-length-not-in-database`'s business. Types of the project are silent, and
so are bounds that the type has anyway. Right anyway: rules that change with every release, and rows that keep what an older rule allowed.

Bad:

```python
class TaskBase(SQLModel):
    effort: int = Field(ge=1)

class Task(TaskBase, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
```

Good:

```python
class TaskBase(SQLModel):
    effort: int = Field(ge=1)

class Task(TaskBase, table=True):
    __tablename__ = "tasks"
    __table_args__ = (CheckConstraint("effort >= 1", name="ck_tasks_effort"),)
    id: int | None = Field(default=None, primary_key=True)
```
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from sqlalchemy import BigInteger, Enum, Float, Integer, Numeric, SmallInteger

from schemalint.fix import AddTableArgument, Fix
from schemalint.rule import Problem, rule
from schemalint.rules.schema._fields import said_by_pydantic
from schemalint.rules.schema._operations import literal as code
from schemalint.rules.schema._operations import operation
from schemalint.rules.schema._types import is_named_in_a_check, is_text, is_varchar, postgresql, type_on_postgresql
from schemalint.subjects.schema import AnyColumn, ModelField, Schema


@rule(profile="strict", fixes=("schema",))
def constraint_not_in_database(schema: Schema) -> Iterator[Problem]:
    for column in schema.columns:
        if column.foreign_keys or column.computed is not None:
            continue
        said = list(rules_of(schema.field_of(column), column))
        if said and not is_named_in_a_check(column):
            conditions = [condition for _, condition in said if condition]
            yield Problem(
                part=column,
                message=f"{' and '.join(words for words, _ in said)}: Python's rule for {column.table.name}.{column.name}, "
                "of which PostgreSQL knows nothing",
                remedy=f"CheckConstraint({code(' AND '.join(conditions))})"
                if conditions
                else "a CHECK that names the column",
                fix=fix(column, conditions) if len(conditions) == len(said) else None,
            )


def rules_of(field: ModelField | None, column: AnyColumn) -> Iterator[tuple[str, str]]:
    """Yield each rule about a column's values, as Python says it and as a condition of SQL; empty where there is no sure one."""
    name = quoted(column)
    kind = column.type
    labels = closed_set(field, column)
    if labels:
        yield (
            f"one of {len(labels)} values" if len(labels) > 1 else "one value",
            f"{name} IN ({', '.join(map(literal, labels))})",
        )
    if field is None or isinstance(kind, Enum) or not field.metadata:
        return
    if isinstance(kind, (Integer, Numeric, Float)):
        for word, operator in COMPARISONS.items():
            for bound in said_by_pydantic(field, word):
                if is_number(bound) and not is_implied(column, word, bound):
                    yield f"{word}={bound}", f"{name} {operator} {bound}"
        for divisor in said_by_pydantic(field, "multiple_of"):
            if is_number(divisor):
                yield (
                    f"multiple_of={divisor}",
                    f"{name} % {divisor} = 0" if isinstance(divisor, int) and isinstance(kind, Integer) else "",
                )
    if is_varchar(column) or is_text(column):
        for length in said_by_pydantic(field, "min_length"):
            if isinstance(length, int) and length > 0:
                yield f"min_length={length}", f"char_length({name}) >= {length}"
        for pattern in said_by_pydantic(field, "pattern"):
            # Python's regular expressions and PostgreSQL's are two languages.
            yield f"pattern={getattr(pattern, 'pattern', pattern)!r}", ""


COMPARISONS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}


def closed_set(field: ModelField | None, column: AnyColumn) -> tuple[str, ...]:
    """Return the strings that Python allows in a column that PostgreSQL takes for a VARCHAR; empty where they are not all known."""
    kind = column.type
    if isinstance(kind, Enum):
        # Declarative classes make such an enum of a Literal, too.
        is_open = not type_on_postgresql(column).startswith("VARCHAR") or kind.create_constraint
        return () if is_open else tuple(kind.enums)
    if field is None or not (is_varchar(column) or is_text(column)):
        return ()
    values = tuple(
        value for one in field.types if get_origin(one) is Literal for value in get_args(one) if value is not None
    )
    others = [one for one in field.types if get_origin(one) is not Literal and one is not type(None)]
    return values if not others and all(isinstance(value, str) for value in values) else ()


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and Decimal(str(value)).is_finite()


def is_implied(column: AnyColumn, word: str, bound: Any) -> bool:
    """Whether an integer's type has a bound anyway: `le=2147483647` of an INTEGER."""
    if not isinstance(column.type, Integer):
        return False
    bits = 16 if isinstance(column.type, SmallInteger) else 64 if isinstance(column.type, BigInteger) else 32
    lowest, highest = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    return bool({"ge": bound <= lowest, "gt": bound < lowest, "le": bound >= highest, "lt": bound > highest}[word])


def quoted(column: AnyColumn) -> str:
    return postgresql().identifier_preparer.quote(column.name)


def literal(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def fix(column: AnyColumn, conditions: list[str]) -> Fix | None:
    """Return a CHECK; none where its text would mean something else as a string of Python, or in SQLAlchemy's text (`:name`)."""
    condition = " AND ".join(conditions)
    if "\\" in condition or ":" in condition:
        return None
    # A convention for CHECKs puts its own words around the name.
    convention = column.table.metadata.naming_convention.get("ck", "")
    name = column.name if "constraint_name" in str(convention) else f"ck_{column.table.name}_{column.name}"
    said = [code(name), code(column.table.name), code(condition)]
    return Fix(
        "schema",
        (
            AddTableArgument(
                column.table, f"CheckConstraint({code(condition)}, name={code(name)})", ("sqlalchemy.CheckConstraint",)
            ),
        ),
        due=operation("create_check_constraint", *said, table=column.table),
    )
