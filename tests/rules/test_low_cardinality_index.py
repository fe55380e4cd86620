"""Indexes on a flag or a small enum alone, and indexes that tell more."""

import pytest

from schemalint.fix import DropArgument, Remove
from schemalint.rules.schema.low_cardinality_index import low_cardinality_index as rule
from snippets import check_clean, check_found


def tasks(args: str) -> str:
    return f"""
        metadata = MetaData()
        Table("kinds", metadata, Column("kind", sa.Boolean, primary_key=True))
        tasks = Table(
            "tasks",
            metadata,
            Column("id", sa.Integer, primary_key=True),
            Column("title", sa.String(50)),
            Column("done", sa.Boolean),
            Column("state", sa.Enum("new", "open", "closed", name="state")),
            Column("country", sa.Enum(*[f"c{{n}}" for n in range(200)], name="country")),
            {args}
        )
        """


FOUND = {
    "a boolean": ('Index("ix", "done"),', "done"),
    "a small enum": ('Index("ix", "state"),', "state"),
    "an enum in a varchar": ('Column("size", sa.Enum("s", "m", native_enum=False), index=True),', "size"),
    "a hash": ('Index("ix", "state", postgresql_using="hash"),', "state"),
}


@pytest.mark.parametrize(("args", "column"), FOUND.values(), ids=FOUND)
def test_found(args: str, column: str) -> None:
    check_found(rule, tasks(args), f"tasks :index {column}")


CLEAN = {
    "an enum of many values": 'Index("ix", "country"),',
    "a number": 'Column("priority", sa.Integer, index=True),',
    "a text": 'Index("ix", "title"),',
    "a partial index": 'Index("ix", "done", postgresql_where=text("NOT done")),',
    "a unique index": 'Index("ix", "done", unique=True),',
    "a unique constraint": 'UniqueConstraint("done"),',
    "two columns": 'Index("ix", "done", "title"),',
    "two columns, the flag last": 'Index("ix", "title", "done"),',
    "an index that answers alone": 'Index("ix", "done", postgresql_include=["title"]),',
    "an expression": 'Index("ix", text("(done IS NULL)")),',
    "BRIN": 'Index("ix", "done", postgresql_using="brin"),',
    "a foreign key": 'Column("kind", sa.Boolean, ForeignKey("kinds.kind"), index=True),',
    "a type of the project": 'Column("yes", type("YesNo", (sa.types.TypeDecorator,), {"impl": sa.Boolean, "cache_ok": True}), index=True),',
    "another database": 'Index("ix", "done").ddl_if(dialect="sqlite"),',
}


@pytest.mark.parametrize("args", CLEAN.values(), ids=CLEAN)
def test_clean(args: str) -> None:
    check_clean(rule, tasks(args))


def test_limit_says_which_enum_is_small() -> None:
    check_clean(rule, tasks('Index("ix", "state"),'), limit=2)
    check_found(rule, tasks('Index("ix", "country"),'), "tasks :index country", limit=200)


def test_index_of_a_field_is_dropped_with_its_argument() -> None:
    (problem,) = check_found(
        rule,
        """
        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            done: bool = Field(default=False, index=True)
        """,
        "tasks :index done",
    )
    assert problem.message == (
        "ix_tasks_done tells 2 values apart: unless the one asked for is rare, queries on tasks.done read the whole table, "
        "and every write maintains it"
    )
    assert problem.at == "index"
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, DropArgument)
    assert edit.name == "index"
    assert problem.fix.due == 'op.drop_index("ix_tasks_done", table_name="tasks")'


def test_index_of_a_table_is_removed() -> None:
    (problem,) = check_found(rule, tasks('Index("ix", "done"),'), "tasks :index done")
    assert problem.fix is not None
    assert isinstance(problem.fix.edits[0], Remove)


def test_index_of_a_mixin_has_no_fix() -> None:
    (problem,) = check_found(
        rule,
        """
        class Flagged(SQLModel):
            done: bool = Field(default=False, index=True)

        class Task(Flagged, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
        """,
        "tasks :index done",
    )
    assert problem.fix is None
