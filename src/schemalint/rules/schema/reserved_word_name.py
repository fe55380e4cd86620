"""A table or a column whose name is a key word that PostgreSQL reserves.

`SELECT * FROM order` is a syntax error, and so is `SELECT end FROM bookings`: all SQL that is not written by SQLAlchemy must quote the name for ever, in reports, policies,
triggers, `text()` and the predicates of indexes. With `user` it is worse, since both queries are valid: `SELECT * FROM user` gives the role that is logged in, and `SELECT user FROM tasks`, too,
once for each row. SQLModel calls the table of `class User` so unless it is told otherwise. A few words SQLAlchemy does not know and does not quote
(`lateral`, `collation`): CREATE TABLE fails (https://www.postgresql.org/docs/current/sql-keywords-appendix.html).

Meant are the words that PostgreSQL itself reserves; what only the SQL standard reserves (`value`, `date`, `name`, `type`, `position`) is fine. `also-fine` takes words that the project
accepts. Right anyway: the table of another system, and a column that nobody asks for in SQL.

Bad:

```python
class Booking(SQLModel, table=True):
    __tablename__ = "bookings"

    id: int | None = Field(default=None, primary_key=True)
    start: date
    end: date
```

Good:

```python
class Booking(SQLModel, table=True):
    __tablename__ = "bookings"

    id: int | None = Field(default=None, primary_key=True)
    starts_on: date
    ends_on: date
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.schema._keywords import RESERVED
from schemalint.rules.schema._renaming import renamed_table
from schemalint.rules.schema._types import postgresql
from schemalint.rules.schema._words import plural
from schemalint.subjects.schema import Schema


@rule(fixes=("schema",))
def reserved_word_name(schema: Schema, *, also_fine: tuple[str, ...] = ()) -> Iterator[Problem]:
    words = RESERVED.difference(also_fine)
    for table in schema.tables:
        if table.name in words:
            name = plural(table.name)
            yield Problem(
                part=table,
                at="__tablename__",
                message=f"{table.fullname} is a reserved word: {consequence(table.name)}",
                remedy=f'"{name}", or another name' if name not in RESERVED else "another name",
                fix=renamed_table(schema, table, name),
            )
        for column in table.columns:
            if column.name in words:
                yield Problem(
                    part=column,
                    message=f"{column.name} in {table.fullname} is a reserved word: {consequence(column.name)}",
                    remedy=f"a name that says more: {example(column.name)}",
                )


def consequence(name: str) -> str:
    if postgresql().identifier_preparer.quote(name) == name:
        return "SQLAlchemy does not quote it, and CREATE TABLE is a syntax error"
    if name == "user":
        return 'without quotes it is the role that is logged in, so all SQL must write "user" to mean this one'
    return f'all SQL must write it quoted, "{name}"'


def example(name: str) -> str:
    return EXAMPLES.get(name, f"{name}_at, {name}_id, is_{name}, whichever it is")


EXAMPLES = {
    "all": "is_complete",
    "default": "is_default, default_value",
    "desc": "description, is_descending",
    "end": "ends_at, end_time",
    "from": "from_date, sender",
    "group": "group_name, group_id",
    "limit": "max_count, limit_value",
    "offset": "offset_value, start_offset",
    "order": "position, order_number",
    "primary": "is_primary",
    "to": "to_date, recipient",
    "user": "username, user_id",
    "when": "happened_at",
}
