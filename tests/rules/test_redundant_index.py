"""Indexes that another one makes superfluous, and indexes that only look so."""

from textwrap import dedent

import pytest

from schemalint.fix import DropArgument, Remove
from schemalint.rules.schema.redundant_index import redundant_index as rule
from snippets import check_clean, check_found, problems


def users(args: str, columns: str = "") -> str:
    """A Core table with two names and the further `args` and `columns`."""
    return dedent(f"""
        metadata = MetaData()
        users = Table(
            "users",
            metadata,
            Column("id", sa.Integer, primary_key=True),
            Column("first", sa.String(50)),
            Column("last", sa.String(50), nullable=False),
            Column("rank", sa.Integer),
            Column("tags", pg.JSONB),
            {columns}
            {args}
        )
        """)


FOUND = {
    "an index on the primary key": ('Index("ix", "id"),', "users :index id"),
    "a unique index on the primary key": ('Index("ix", "id", unique=True),', "users :index id"),
    "an index on a column with a unique constraint": (
        'Index("ix", "last"), UniqueConstraint("last"),',
        "users :index last",
    ),
    "a unique index on a column with a unique constraint": (
        'Index("ix", "last", unique=True), UniqueConstraint("last"),',
        "users :index last",
    ),
    "a prefix of an index": ('Index("a", "last"), Index("b", "last", "first"),', "users :index last"),
    "a prefix of a unique index": (
        'Index("a", "last"), Index("b", "last", "first", unique=True),',
        "users :index last",
    ),
    "a prefix of a unique constraint": ('Index("a", "last"), UniqueConstraint("last", "first"),', "users :index last"),
    "a prefix of a deferrable unique constraint": (
        'Index("a", "last"), UniqueConstraint("last", "first", deferrable=True),',
        "users :index last",
    ),
    "the plain twin of a unique index": (
        'Index("a", "last", "first"), Index("b", "last", "first", unique=True),',
        "users :index last, first",
    ),
    "a unique superset in the same order": (
        'Index("a", "last", "first", unique=True), Index("b", "last", unique=True),',
        "users :index last, first",
    ),
    "a unique constraint that begins with the primary key": (
        'UniqueConstraint("id", "last"),',
        "users :unique id, last",
    ),
    "an index without INCLUDE beside one with it": (
        'Index("a", "last"), Index("b", "last", postgresql_include=["rank"]),',
        "users :index last",
    ),
    "an INCLUDE that the other index covers by a key": (
        'Index("a", "last", postgresql_include=["rank"]), Index("b", "last", "rank"),',
        "users :index last",
    ),
    "a prefix with the same predicate": (
        'Index("a", "last", postgresql_where=text("rank > 3")), Index("b", "last", "first", postgresql_where=text("rank > 3")),',
        "users :index last",
    ),
    "a prefix with the same operator class": (
        """Index("a", "last", postgresql_ops={"last": "text_pattern_ops"}),
            Index("b", "last", "first", postgresql_ops={"last": "text_pattern_ops"}),""",
        "users :index last",
    ),
    "a prefix that is an expression": (
        'Index("a", text("lower(last)")), Index("b", text("lower(last)"), "first"),',
        "users :index lower(last)",
    ),
}


@pytest.mark.parametrize(("args", "dropped"), FOUND.values(), ids=FOUND)
def test_found(args: str, dropped: str) -> None:
    check_found(rule, users(args), dropped)


CLEAN = {
    "one index": 'Index("a", "last"),',
    "an index on one column and one on another": 'Index("a", "last"), Index("b", "first"),',
    "a column that comes second in the other": 'Index("a", "first"), Index("b", "last", "first"),',
    "the same columns in another order": 'Index("a", "last", "first"), Index("b", "first", "last"),',
    "a unique index that is a prefix of a plain one": 'Index("a", "last", unique=True), Index("b", "last", "first"),',
    "a unique index that is a prefix of a unique one": (
        'Index("a", "rank", unique=True), Index("b", "last", "rank", unique=True),'
    ),
    "a plain index that begins with a unique column": 'Index("a", "id", "last"),',
    "another method": 'Index("a", "last", postgresql_using="hash"), Index("b", "last"),',
    "prefixes in a method without order": (
        'Index("a", "tags", postgresql_using="gin"), Index("b", "tags", "rank", postgresql_using="gin"),'
    ),
    "a partial index beside a full one": 'Index("a", "last", postgresql_where=text("rank > 3")), Index("b", "last"),',
    "two predicates": (
        'Index("a", "last", postgresql_where=text("rank > 3")), Index("b", "last", postgresql_where=text("rank > 4")),'
    ),
    "a partial unique index beside a full unique one over more": (
        'Index("a", "last", unique=True, postgresql_where=text("rank > 3")), Index("b", "last", "first", unique=True),'
    ),
    "another operator class": 'Index("a", "last", postgresql_ops={"last": "text_pattern_ops"}), Index("b", "last"),',
    "another collation": "Index('a', text('last COLLATE \"C\"')), Index('b', 'last'),",
    "another direction": 'Index("a", text("last DESC")), Index("b", "last"),',
    "another place of NULLs": 'Index("a", text("first NULLS FIRST")), Index("b", "first"),',
    "an expression beside its column": 'Index("a", text("lower(last)")), Index("b", "last"),',
    "an INCLUDE that the other lacks": 'Index("a", "last", postgresql_include=["rank"]), Index("b", "last", "first"),',
    "NULLs that are not distinct": (
        'Index("a", "first", unique=True, postgresql_nulls_not_distinct=True), Index("b", "first", unique=True),'
    ),
    "a unique index beside a deferrable unique constraint": (
        'Index("a", "last", unique=True), UniqueConstraint("last", deferrable=True),'
    ),
    "a unique constraint that repeats the primary key": 'UniqueConstraint("id"),',
    "two unique constraints that PostgreSQL merges": 'UniqueConstraint("last"), UniqueConstraint("last", name="uq"),',
    "an exclusion constraint over the column": 'Index("a", "last"), pg.ExcludeConstraint(("last", "="), ("tags", "&&")),',
    "an index that is made on another database only": 'Index("a", "id").ddl_if(dialect="sqlite"),',
}


@pytest.mark.parametrize("args", CLEAN.values(), ids=CLEAN)
def test_clean(args: str) -> None:
    check_clean(rule, users(args))


def test_index_true_on_the_primary_key_of_sqlmodel_is_found() -> None:
    (problem,) = check_found(
        rule,
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True, index=True)
        """,
        "books :index id",
    )
    assert problem.message == (
        "every write to books maintains ix_books_id (id), which answers nothing that the primary key (id) does not"
    )
    assert problem.remedy == "id without index=True"


@pytest.mark.parametrize(
    ("argument", "index", "remedies"),
    [
        ("index=True", "", ["shelf without index=True"]),
        ("unique=True, index=True", "", []),
        ("", 'Index("i", "shelf"),', ["leave it out"]),
        ("index=True", 'Index("i", "shelf"),', ["leave it out", "shelf without index=True"]),
        (
            "unique=True, index=True",
            'Index("u", "shelf", unique=True),',
            ["shelf without unique=True and index=True"],
        ),
    ],
)
def test_the_remedy_is_about_what_is_written(argument: str, index: str, remedies: list[str]) -> None:
    source = f"""
        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            __table_args__ = ({index} Index("both", "shelf", "slot"),)

            id: int | None = Field(default=None, primary_key=True)
            shelf: int = Field({argument})
            slot: int
        """
    assert sorted(problem.remedy for problem in problems(rule, source)) == remedies


def test_unique_true_and_index_true_are_one_index() -> None:
    check_clean(
        rule,
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            isbn: str = Field(max_length=13, unique=True, index=True)
        """,
    )


def test_unique_true_on_the_primary_key_costs_nothing() -> None:
    check_clean(
        rule,
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True, unique=True)
        """,
    )


def test_the_first_column_of_a_composite_primary_key_needs_no_index_and_the_second_does() -> None:
    check_found(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Link(Base):
            __tablename__ = "links"
            a: Mapped[int] = mapped_column(primary_key=True, index=True)
            b: Mapped[int] = mapped_column(primary_key=True, index=True)
        """,
        "links :index a",
    )


def test_index_true_on_a_foreign_key_goes_when_a_composite_index_leads_with_it() -> None:
    (problem,) = check_found(
        rule,
        """
        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            __table_args__ = (Index("ix_tasks_user_id_done", "user_id", "done"), UniqueConstraint("user_id", "title"))
            id: int | None = Field(default=None, primary_key=True)
            user_id: int = Field(foreign_key="users.id", index=True)
            title: str
            done: bool
        """,
        "tasks :index user_id",
    )
    assert problem.message == (
        "every write to tasks maintains ix_tasks_user_id (user_id), which answers nothing that "
        "ix_tasks_user_id_done (user_id, done) and the unique constraint (user_id, title) do not"
    )


def test_a_unique_constraint_that_a_foreign_key_refers_to_is_needed() -> None:
    check_clean(
        rule,
        users('UniqueConstraint("id", "rank"),')
        + dedent("""
            Table(
                "posts",
                metadata,
                Column("id", sa.Integer, primary_key=True),
                Column("user_id", sa.Integer),
                Column("user_rank", sa.Integer),
                ForeignKeyConstraint(["user_rank", "user_id"], ["users.rank", "users.id"]),
            )
            """),
    )


def test_a_foreign_key_to_a_missing_table_is_not_in_the_way() -> None:
    check_found(
        rule,
        users('Index("ix", "id"), ForeignKeyConstraint(["rank", "last"], ["absent.a", "absent.b"]),'),
        "users :index id",
    )


def test_of_two_equal_indexes_the_one_declared_later_is_reported_whatever_its_name() -> None:
    (problem,) = check_found(rule, users('Index("z_first", "last"), Index("a_second", "last"),'), "users :index last")
    assert problem.message == (
        "every write to users maintains a_second (last), which answers nothing that z_first (last) does not"
    )


def test_of_three_equal_indexes_two_are_reported() -> None:
    check_found(
        rule,
        users('Index("a", "last"), Index("b", "last"), Index("c", "last"),'),
        "users :index last",
        "users :index last",
    )


def test_each_shorter_index_of_a_chain_is_reported_with_all_that_stand_in() -> None:
    shortest, _ = check_found(
        rule,
        users('Index("a", "last"), Index("b", "last", "first"), Index("c", "last", "first", "rank"),'),
        "users :index last",
        "users :index last, first",
    )
    assert "b (last, first) and c (last, first, rank)" in shortest.message


def test_equal_indexes_of_two_tables_are_fine() -> None:
    check_clean(
        rule,
        """
        metadata = MetaData()
        for name in ("a", "b"):
            Table(name, metadata, Column("id", sa.Integer, primary_key=True), Column("n", sa.Integer, index=True))
        """,
    )


def test_an_operator_class_given_for_a_label_counts() -> None:
    check_clean(
        rule,
        users("")
        + dedent("""
            Index("a", func.lower(users.c.last).label("l"), postgresql_ops={"l": "text_pattern_ops"})
            Index("b", func.lower(users.c.last))
            """),
    )


def test_expressions_are_compared_as_postgresql_text() -> None:
    (problem,) = problems(
        rule,
        users("")
        + dedent("""
            Index("a", func.lower(users.c.last))
            Index("b", text("lower(last)"), users.c.first)
            """),
    )
    assert problem.message.startswith("every write to users maintains a (lower(last)), ")


def test_a_table_without_a_primary_key_is_fine() -> None:
    check_clean(
        rule,
        """
        metadata = MetaData()
        Table("log", metadata, Column("line", sa.String(80), index=True))
        """,
    )


def test_a_unique_constraint_is_called_by_its_name_where_it_has_one() -> None:
    (problem,) = check_found(
        rule, users('Index("a", "last"), UniqueConstraint("last", name="uq_last"),'), "users :index last"
    )
    assert problem.message.endswith("which answers nothing that uq_last (last) does not")


def test_an_expression_that_cannot_be_printed_is_left_alone() -> None:
    check_clean(
        rule,
        users("")
        + dedent("""
            Index("a", func.encode(users.c.last, sa.literal({"a": "b"}, pg.HSTORE)))
            Index("b", func.encode(users.c.last, sa.literal({"a": "b"}, pg.HSTORE)), users.c.first)
            """),
    )


@pytest.mark.parametrize(
    ("field", "dropped", "due"),
    [
        (
            "id: int | None = Field(default=None, primary_key=True, index=True)",
            ["index"],
            'op.drop_index("ix_users_id", table_name="users")',
        ),
        (
            "id: int | None = Field(default=None, primary_key=True, index=True, unique=True)",
            ["index", "unique"],
            'op.drop_index("ix_users_id", table_name="users")',
        ),
    ],
)
def test_index_of_a_field_is_dropped_with_its_arguments(field: str, dropped: list[str], due: str) -> None:
    (problem,) = check_found(
        rule,
        f"""
        class User(SQLModel, table=True):
            __tablename__ = "users"
            {field}
        """,
        "users :index id",
    )
    assert problem.at == "index"
    assert problem.fix is not None
    assert problem.fix.kind == "schema"
    assert [(type(edit), getattr(edit, "name", "")) for edit in problem.fix.edits] == [
        (DropArgument, name) for name in dropped
    ]
    assert problem.fix.due == due


@pytest.mark.parametrize(
    ("args", "found", "due"),
    [
        (
            'Index("a", "last"), Index("b", "last", "first"),',
            "users :index last",
            'op.drop_index("a", table_name="users")',
        ),
        (
            'UniqueConstraint("id", "last", name="u"),',
            "users :unique id, last",
            'op.drop_constraint("u", "users", type_="unique")',
        ),
        (
            'UniqueConstraint("id", "last"),',
            "users :unique id, last",
            'op.drop_constraint("users_id_last_key", "users", type_="unique")',
        ),
    ],
)
def test_index_of_a_table_is_removed(args: str, found: str, due: str) -> None:
    (problem,) = check_found(rule, users(args), found)
    assert problem.fix is not None
    assert [type(edit) for edit in problem.fix.edits] == [Remove]
    assert problem.fix.due == due


def test_a_constraint_with_a_long_name_of_postgresqls_making_is_named_by_its_columns() -> None:
    long = "x" * 60
    source = users(f'UniqueConstraint("id", "{long}"),', f'Column("{long}", sa.Integer),')
    (problem,) = check_found(rule, source, f"users :unique id, {long}")
    assert problem.fix is not None
    assert problem.fix.due == f"drop the unique constraint over id, {long}"


def test_index_of_a_mixin_has_no_fix() -> None:
    (problem,) = check_found(
        rule,
        """
        class Shelved(SQLModel):
            shelf: int = Field(index=True)

        class Book(Shelved, table=True):
            __tablename__ = "books"
            __table_args__ = (Index("ix", "shelf", "id"),)
            id: int | None = Field(default=None, primary_key=True)
        """,
        "books :index shelf",
    )
    assert problem.fix is None
