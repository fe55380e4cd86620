"""A column name that is not snake_case: with capitals, or signs other than letters, digits and underscores.

PostgreSQL folds every name to lower case unless it is quoted (https://www.postgresql.org/docs/current/sql-syntax-lexical.html). SQLAlchemy quotes such a name when it creates the table, so
`SELECT dueAt FROM loans` fails with *column "dueat" does not exist*: everybody who writes SQL, every report and every expression of an index must quote it for ever.

The attribute may keep its name: `sa_column_kwargs={"name": "due_at"}` in SQLModel, `mapped_column("due_at")` elsewhere. Digits, `$` and leading underscores are fine, and so are
lower-case letters of other alphabets. Right anyway: the table of another system. Where nearly all columns that could show it are written so (ten or more, nine in ten), that is
the project's convention, and one finding.

Bad:

```python
class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    dueOn: date
```

Good:

```python
class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    dueOn: date = Field(sa_column_kwargs={"name": "due_on"})
```
"""

from collections.abc import Collection, Iterator

from sqlalchemy import CheckConstraint

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import definitions
from schemalint.rules.schema._fields import has_sa_column
from schemalint.rules.schema._operations import literal, rename_column
from schemalint.rules.schema._words import split
from schemalint.subjects.schema import AnyColumn, Schema

MANY = 10
"""So many names with capitals, and hardly one with an underscore, are a convention: told once, not column by column."""


@rule(fixes=("schema",))
def column_name_case(schema: Schema) -> Iterator[Problem]:
    wrong = [column for column in schema.columns if not is_snake_case(column.name)]
    clearly_right = sum("_" in column.name.strip("_") and is_snake_case(column.name) for column in schema.columns)
    if len(wrong) >= MANY and len(wrong) > 9 * clearly_right:
        first, *rest = wrong
        yield Problem(
            part=first,
            message=f"{named(first)} is not snake_case, and neither are {len(rest)} more columns: all SQL must write them quoted",
            remedy="snake_case names for the columns, whatever the attributes are called; "
            'or ignore = ["column-name-case"] where this is the convention',
        )
        return
    referred = referred_columns(schema) if wrong else ()
    for column in wrong:
        name = snake_case(column.name)
        yield Problem(
            part=column,
            message=f'{named(column)} is not snake_case: all SQL must write it quoted, "{column.name}"',
            remedy=f'"{name}" as the name of the column; the attribute may stay as it is',
            fix=fix(schema, column, name, referred),
        )


def is_snake_case(name: str) -> bool:
    return name == name.lower() and name.replace("_", "").replace("$", "").isalnum()


def snake_case(name: str) -> str:
    return "_" * (len(name) - len(name.lstrip("_"))) + "_".join(split(name))


def named(column: AnyColumn) -> str:
    return f"{column.table.fullname}.{column.name}"


def fix(schema: Schema, column: AnyColumn, name: str, referred: Collection[str]) -> Fix | None:
    """Return the column's new name, for a plain field of SQLModel that nothing else names; a mixin's other tables may name it."""
    field = schema.field_of(column)
    if field is None or field.info is None or has_sa_column(field.info) or field.name != column.name:
        return None
    if name in column.table.columns or is_named(column) or named(column) in referred:
        return None
    if schema.place(column).declaration:
        return None
    return Fix("schema", (SetArgument(column, "name", literal(name)),), due=rename_column(column, name))


def referred_columns(schema: Schema) -> Collection[str]:
    """Return the full names of the columns that foreign keys refer to."""
    tables = (table for metadata in schema.metadata for table in metadata.tables.values())
    return {key.target_fullname for table in tables for key in table.foreign_keys}


def is_named(column: AnyColumn) -> bool:
    """Whether a key, an index, a constraint or a generated column of the table names a column, if only in a text."""
    table = column.table
    if column.primary_key or column.foreign_keys:
        return True
    texts = [str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)]
    texts += [str(one.computed.sqltext) for one in table.columns if one.computed is not None]
    for made in definitions(table):
        texts += [*made.elements, *made.columns, *made.include, made.where]
    for constraint in table.constraints:
        texts += [one.name for one in getattr(constraint, "columns", ())]
    return any(column.name in text for text in texts)
