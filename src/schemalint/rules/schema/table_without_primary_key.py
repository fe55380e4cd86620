"""A table without a primary key.

Nothing names one of its rows: duplicates cannot be told apart or deleted singly, logical replication refuses UPDATE and DELETE on the table
(no replica identity), and foreign keys have nothing to refer to. The ORM refuses to map such a table, so what is found are tables of
SQLAlchemy Core. A link table that can hold one pair twice is the business of `link-table-without-composite-key`.

Silent about what is no table: a `Table` whose `info` says `is_view`, and one that is mapped with a key of the mapper's own
(`__mapper_args__ = {"primary_key": ...}`), as views are.

It is right anyway for a log that is only appended to and read as a whole.

Bad:

```python
metadata = MetaData()

readings = Table(
    "readings",
    metadata,
    Column("sensor", sa.Integer, nullable=False),
    Column("measured_at", sa.DateTime(timezone=True), nullable=False),
)
```

Good:

```python
metadata = MetaData()

readings = Table(
    "readings",
    metadata,
    Column("sensor", sa.Integer, primary_key=True),
    Column("measured_at", sa.DateTime(timezone=True), primary_key=True),
)
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.schema._links import unguarded_links
from schemalint.subjects.schema import Schema


@rule
def table_without_primary_key(schema: Schema) -> Iterator[Problem]:
    told_elsewhere = {table for table, _ in unguarded_links(schema)}
    for table in schema.tables:
        if (
            not table.primary_key.columns
            and table not in told_elsewhere
            and schema.mapper_of(table) is None
            and not table.info.get("is_view")
        ):
            yield Problem(
                part=table,
                message=f"{table.fullname} has no primary key: nothing names one of its rows",
                remedy="primary_key=True on the columns that name a row, or an id column",
            )
