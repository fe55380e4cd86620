"""Foreign keys that something leads with, and those that nothing does."""

from textwrap import dedent

import pytest

from fixes import fix, fixed
from schemalint.rules.schema.foreign_key_without_index import foreign_key_without_index as rule
from snippets import check_clean, check_found

BOOKS = """
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
"""


def loan(field: str = "", args: str = "", book_id: str = "") -> str:
    """A loan of SQLModel whose foreign key has `field` as further arguments and whose table has `args`."""
    return BOOKS + dedent(f"""
        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            __table_args__ = ({args})
            id: int | None = Field(default=None, primary_key=True)
            member: int | None = None
            during: str | None = None
            book_id: int | None = Field(default=None, foreign_key="books.id", {field})
        """)


def test_a_foreign_key_without_any_index_is_found() -> None:
    (problem,) = check_found(rule, loan(), "loans.book_id")
    assert problem.message == "deleting a row of books scans all of loans: no index begins with book_id"
    assert problem.remedy == "index=True, or an index that begins with book_id"


def test_an_index_that_begins_with_another_column_is_found_and_named() -> None:
    (problem,) = check_found(rule, loan(args='Index("ix_member", "member", "book_id"),'), "loans.book_id")
    assert problem.message.endswith(
        "no index begins with book_id (ix_member (member, book_id) begins with something else)"
    )


def test_a_partial_index_over_another_condition_is_found_and_named() -> None:
    (problem,) = check_found(
        rule, loan(args='Index("ix_book", "book_id", postgresql_where=text("member IS NULL")),'), "loans.book_id"
    )
    assert problem.message.endswith("(ix_book (book_id) is partial)")


@pytest.mark.parametrize("method", ["gin", "brin"])
def test_an_index_of_a_method_that_finds_no_single_row_is_found(method: str) -> None:
    (problem,) = check_found(
        rule, loan(args=f'Index("ix_book", "book_id", postgresql_using="{method}"),'), "loans.book_id"
    )
    assert problem.message.endswith(f"(ix_book (book_id) is {method.upper()})")


def test_an_index_over_an_expression_of_the_column_is_found() -> None:
    check_found(rule, loan(args='Index("ix_book", text("abs(book_id)")),'), "loans.book_id")


def test_included_columns_do_not_lead() -> None:
    check_found(rule, loan(args='Index("ix_member", "member", postgresql_include=["book_id"]),'), "loans.book_id")


def test_the_second_column_of_a_link_tables_primary_key_is_found() -> None:
    check_found(
        rule,
        BOOKS
        + dedent("""
            class Link(SQLModel, table=True):
                __tablename__ = "links"
                one_id: int = Field(foreign_key="books.id", primary_key=True)
                other_id: int = Field(foreign_key="books.id", primary_key=True)
            """),
        "links.other_id",
    )


def test_a_column_of_core_is_found() -> None:
    check_found(
        rule,
        """
        metadata = MetaData()
        Table("books", metadata, Column("id", sa.Integer, primary_key=True))
        Table("loans", metadata, Column("id", sa.Integer, primary_key=True), Column("book_id", ForeignKey("books.id")))
        """,
        "loans.book_id",
    )


def test_a_foreign_key_to_a_table_that_is_not_defined_is_asked_as_well() -> None:
    (problem,) = check_found(
        rule,
        """
        metadata = MetaData()
        Table(
            "loans",
            metadata,
            Column("id", sa.Integer, primary_key=True),
            Column("shop", sa.Integer),
            Column("number", sa.Integer, index=True),
            ForeignKeyConstraint(["shop", "number"], ["books.shop", "books.number"]),
        )
        """,
        "loans.shop, number",
    )
    assert problem.message == (
        "deleting a row of books reads every row of loans with the same number: no index begins with (shop, number)"
    )
    assert problem.remedy == 'Index(None, "shop", "number") in __table_args__'


@pytest.mark.parametrize(
    ("arguments", "work"),
    [
        ("", "scans all of loans"),
        ('Index("i", "id", "shop")', "scans all of loans"),
        ("""Index("i", "shop", postgresql_where="id > 5")""", "scans all of loans"),
        ("""Index("i", "shop", postgresql_using="brin")""", "scans all of loans"),
        ('Index("i", "shop", "id", "number")', "reads every row of loans with the same shop"),
        ("""Index("i", "shop", postgresql_where="shop IS NOT NULL")""", "reads every row of loans with the same shop"),
        ('Index("i", "shop"), Index("j", "branch")', "reads every row of loans with the same branch"),
        ('Index("i", "branch"), Index("j", "shop")', "reads every row of loans with the same branch"),
        (
            'Index("i", "shop", "number"), Index("j", "branch")',
            "reads every row of loans with the same (shop, number)",
        ),
    ],
)
def test_what_an_index_over_a_part_of_the_key_spares(arguments: str, work: str) -> None:
    (problem,) = check_found(
        rule,
        f"""
        metadata = MetaData()
        Table(
            "loans",
            metadata,
            Column("id", sa.Integer, primary_key=True),
            *(Column(name, sa.Integer) for name in ("shop", "branch", "number")),
            ForeignKeyConstraint(["shop", "branch", "number"], ["books.shop", "books.branch", "books.number"]),
            {arguments}
        )
        """,
        "loans.shop, branch, number",
    )
    assert problem.message.startswith(f"deleting a row of books {work}: no index begins with (shop, branch, number)")


def test_index_true_is_fine() -> None:
    check_clean(rule, loan("index=True"))


def test_unique_true_is_fine() -> None:
    check_clean(rule, loan("unique=True"))


def test_a_primary_key_that_is_the_foreign_key_is_fine() -> None:
    check_clean(
        rule,
        BOOKS
        + dedent("""
            class Cover(SQLModel, table=True):
                __tablename__ = "covers"
                book_id: int = Field(foreign_key="books.id", primary_key=True)
            """),
    )


@pytest.mark.parametrize(
    "args",
    [
        'Index("ix", "book_id", "member"),',
        'UniqueConstraint("book_id", "member"),',
        'Index("ix", "book_id", unique=True),',
        'Index("ix", text("book_id DESC"), "book_id"), Index("iy", "book_id"),',
        'Index("ix", text("book_id"), "member"),',
        'Index("ix", "book_id", postgresql_using="hash"),',
        'Index("ix", "book_id", postgresql_using="gist"),',
        'Index("ix", "book_id", postgresql_include=["member"]),',
        'Index("ix", "book_id", postgresql_with={"fillfactor": 50}),',
        'Index("ix", "book_id", postgresql_where=text("book_id IS NOT NULL")),',
        'Index("ix", "book_id", "member", postgresql_where=text("book_id IS NOT NULL")),',
        'Index("ix", "book_id", postgresql_where="book_id IS NOT NULL"),',
        'pg.ExcludeConstraint(("book_id", "="), ("during", "&&")),',
    ],
)
def test_whatever_begins_with_the_column_is_fine(args: str) -> None:
    check_clean(rule, loan(args=args))


def test_an_exclusion_constraint_that_begins_with_something_else_is_found() -> None:
    check_found(rule, loan(args='pg.ExcludeConstraint(("during", "&&"), ("book_id", "=")),'), "loans.book_id")


def test_an_index_in_descending_order_is_fine() -> None:
    check_clean(
        rule,
        loan()
        + dedent("""
            Index("ix_loans_book", Loan.__table__.c.book_id.desc().nulls_last(), Loan.__table__.c.member)
            """),
    )


def test_a_predicate_written_with_the_column_is_fine() -> None:
    check_clean(
        rule,
        loan()
        + dedent("""
            Index("ix_loans_book", Loan.__table__.c.book_id, postgresql_where=Loan.__table__.c.book_id.is_not(None))
            """),
    )


def test_an_operator_class_is_fine() -> None:
    check_clean(
        rule,
        """
        class Country(SQLModel, table=True):
            __tablename__ = "countries"
            code: str = Field(max_length=2, primary_key=True)

        class City(SQLModel, table=True):
            __tablename__ = "cities"
            __table_args__ = (Index("ix", "country_code", postgresql_ops={"country_code": "text_pattern_ops"}),)
            id: int | None = Field(default=None, primary_key=True)
            country_code: str = Field(foreign_key="countries.code")
        """,
    )


BASE = """
class Base(DeclarativeBase): ...

class Book(Base):
    __tablename__ = "books"
    __table_args__ = (UniqueConstraint("tenant_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int]
"""


def composite(args: str = "", **columns: str) -> str:
    return BASE + dedent(f"""
        class Loan(Base):
            __tablename__ = "loans"
            __table_args__ = (
                ForeignKeyConstraint(["tenant_id", "book_id"], ["books.tenant_id", "books.id"]),
                {args}
            )
            id: Mapped[int] = mapped_column({columns.get("id", "primary_key=True")})
            tenant_id: Mapped[int] = mapped_column({columns.get("tenant_id", "")})
            book_id: Mapped[int] = mapped_column({columns.get("book_id", "")})
        """)


def test_a_composite_key_is_found_when_only_the_tenant_leads() -> None:
    check_found(rule, composite('Index("ix", "tenant_id"),'), "loans.tenant_id, book_id")


@pytest.mark.parametrize(
    "args",
    [
        'Index("ix", "tenant_id", "book_id"),',
        'Index("ix", "book_id", "tenant_id"),',
        'Index("ix", "tenant_id", "book_id", "id"),',
        'UniqueConstraint("tenant_id", "book_id"),',
        'Index("ix", "book_id", "id"),',
    ],
)
def test_a_composite_key_is_fine_with_its_columns_in_any_order_or_one_that_names_the_parent(args: str) -> None:
    check_clean(rule, composite(args))


def test_a_composite_key_in_the_primary_key_is_fine() -> None:
    check_clean(rule, composite(id="primary_key=False", tenant_id="primary_key=True", book_id="primary_key=True"))


def test_two_foreign_keys_over_one_column_need_one_index() -> None:
    check_clean(
        rule,
        BASE
        + dedent("""
            class Person(Base):
                __tablename__ = "people"
                id: Mapped[int] = mapped_column(ForeignKey("books.id"), primary_key=True)

            class Loan(Base):
                __tablename__ = "loans"
                id: Mapped[int] = mapped_column(ForeignKey("people.id"), ForeignKey("books.id"), primary_key=True)
            """),
    )


def test_a_subclass_that_joins_its_parents_table_is_fine() -> None:
    check_clean(
        rule,
        BASE
        + dedent("""
            class Novel(Book):
                __tablename__ = "novels"
                id: Mapped[int] = mapped_column(ForeignKey("books.id"), primary_key=True)
            """),
    )


def test_a_naming_convention_changes_nothing() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase):
            metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"})

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            next_id: Mapped[int | None] = mapped_column(ForeignKey("books.id"), index=True)
        """,
    )


def test_a_table_in_another_schema_is_fine_with_its_index() -> None:
    check_clean(
        rule,
        """
        metadata = MetaData(schema="shop")
        Table("books", metadata, Column("id", sa.Integer, primary_key=True))
        Table("loans", metadata, Column("book_id", ForeignKey("shop.books.id"), index=True))
        """,
    )


def test_the_fix_of_one_column_is_index_true_wherever_the_column_is_declared() -> None:
    assert 'foreign_key="books.id", index=True)' in fixed(rule, loan().replace(", )", ")"))
    assert 'sa_column=Column(ForeignKey("books.id"), index=True)' in fixed(
        rule,
        BOOKS
        + dedent("""
            class Loan(SQLModel, table=True):
                __tablename__ = "loans"
                id: int | None = Field(default=None, primary_key=True)
                book_id: int = Field(sa_column=Column(ForeignKey("books.id")))
            """),
    )


def test_the_migration_that_is_due_has_the_name_that_the_models_will_have() -> None:
    (problem,) = check_found(rule, loan(), "loans.book_id")
    assert problem.fix is not None
    assert problem.fix.due == 'op.create_index("ix_loans_book_id", "loans", ["book_id"])'
    (problem,) = check_found(
        rule,
        """
        metadata = MetaData(naming_convention={"ix": "idx__%(table_name)s__%(column_0_N_name)s"}, schema="shop")
        Table("books", metadata, Column("id", sa.Integer, primary_key=True))
        Table("loans", metadata, Column("book_id", ForeignKey("shop.books.id")))
        """,
        "shop.loans.book_id",
    )
    assert problem.fix is not None
    assert problem.fix.due == 'op.create_index("idx__loans__book_id", "loans", ["book_id"], schema="shop")'


def test_the_fix_of_a_composite_key_is_an_index_that_makes_no_other_superfluous() -> None:
    result = fix(composite('Index("ix", "tenant_id"),'), rule)
    assert result.reasons == []
    assert '"book_id", "tenant_id")' in result.source
    (one,) = result.outcome.made
    assert one.fix is not None
    assert one.fix.due == 'op.create_index("ix_loans_book_id", "loans", ["book_id", "tenant_id"])'


def test_the_fix_takes_no_name_that_another_index_has() -> None:
    taken = 'Index("ix_loans_tenant_id", "id"), Index("ix_loans_book_id", "id", "tenant_id"),'
    assert 'Index("ix_loans_tenant_id_book_id", "tenant_id", "book_id")' in fix(composite(taken), rule).source
