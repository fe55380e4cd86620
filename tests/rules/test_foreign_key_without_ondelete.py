"""Foreign keys that say what a deletion does, and those that do not."""

from textwrap import dedent

from fixes import fixed, left_alone
from schemalint.rules.schema.foreign_key_without_ondelete import foreign_key_without_ondelete as rule
from snippets import check_clean, check_found

BOOKS = """
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
"""


def with_books(source: str) -> str:
    return BOOKS + dedent(source)


def loan(arguments: str) -> str:
    return with_books(f"""
        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int | None = Field(default=None, {arguments})
        """)


def test_a_foreign_key_of_sqlmodel_without_ondelete_is_found() -> None:
    (problem,) = check_found(rule, loan('foreign_key="books.id"'), "loans.book_id")
    assert problem.message == (
        "deleting a row of books fails while loans.book_id refers to it: no ON DELETE was chosen, so PostgreSQL takes NO ACTION"
    )
    assert problem.remedy == 'ondelete="CASCADE" or "SET NULL" or "RESTRICT"'


def test_set_null_is_not_offered_for_a_column_that_is_not_null() -> None:
    (problem,) = check_found(
        rule,
        with_books("""
            class Loan(SQLModel, table=True):
                __tablename__ = "loans"
                id: int | None = Field(default=None, primary_key=True)
                book_id: int = Field(foreign_key="books.id")
            """),
        "loans.book_id",
    )
    assert problem.remedy == 'ondelete="CASCADE" or "RESTRICT"'


def test_each_action_of_sqlmodel_is_fine() -> None:
    for action in ("CASCADE", "SET NULL", "RESTRICT", "NO ACTION", "SET DEFAULT"):
        check_clean(rule, loan(f'foreign_key="books.id", ondelete="{action}"'))


def test_lower_case_is_fine() -> None:
    check_clean(rule, loan('foreign_key="books.id", ondelete="cascade"'))


def test_an_action_in_sa_column_is_fine() -> None:
    check_clean(rule, loan('sa_column=Column(sa.Integer, ForeignKey("books.id", ondelete="CASCADE"))'))


def test_an_action_in_sa_column_args_is_fine() -> None:
    check_clean(rule, loan('sa_column_args=[ForeignKey("books.id", ondelete="RESTRICT")]'))


def test_sa_column_without_an_action_is_found() -> None:
    check_found(rule, loan('sa_column=Column(sa.Integer, ForeignKey("books.id"))'), "loans.book_id")


def test_onupdate_alone_is_found() -> None:
    check_found(rule, loan('sa_column_args=[ForeignKey("books.id", onupdate="CASCADE")]'), "loans.book_id")


def test_a_self_reference_is_asked_as_well() -> None:
    check_found(
        rule,
        """
        class Node(SQLModel, table=True):
            __tablename__ = "nodes"
            id: int | None = Field(default=None, primary_key=True)
            parent_id: int | None = Field(default=None, foreign_key="nodes.id")
        """,
        "nodes.parent_id",
    )


def test_a_target_that_is_not_defined_is_named_as_it_is_written() -> None:
    (problem,) = check_found(
        rule,
        """
        metadata = MetaData()
        Table("loans", metadata, Column("id", sa.Integer, primary_key=True), Column("book_id", ForeignKey("shop.books.id")))
        """,
        "loans.book_id",
    )
    assert problem.message.startswith("deleting a row of shop.books fails")


DECLARATIVE = """
class Base(DeclarativeBase): ...

class Shelf(Base):
    __tablename__ = "shelves"
    room: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
"""


def test_a_mapped_column_without_an_action_is_found() -> None:
    check_found(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            other_id: Mapped[int] = mapped_column(ForeignKey("books.id", ondelete="CASCADE"))
        """,
        "loans.book_id",
    )


def test_a_composite_key_with_an_action_is_fine() -> None:
    check_clean(
        rule,
        DECLARATIVE
        + dedent("""
            class Box(Base):
                __tablename__ = "boxes"
                __table_args__ = (
                    ForeignKeyConstraint(["room", "number"], ["shelves.room", "shelves.number"], ondelete="CASCADE"),
                )
                id: Mapped[int] = mapped_column(primary_key=True)
                room: Mapped[int]
                number: Mapped[int]
            """),
    )


def test_a_composite_key_without_an_action_is_one_problem() -> None:
    check_found(
        rule,
        DECLARATIVE
        + dedent("""
            class Box(Base):
                __tablename__ = "boxes"
                __table_args__ = (ForeignKeyConstraint(["room", "number"], ["shelves.room", "shelves.number"]),)
                id: Mapped[int] = mapped_column(primary_key=True)
                room: Mapped[int]
                number: Mapped[int]
            """),
        "boxes.room, number",
    )


def test_a_core_table_with_an_action_is_fine() -> None:
    check_clean(
        rule,
        """
        metadata = MetaData()
        books = Table("books", metadata, Column("id", sa.Integer, primary_key=True))
        Table("loans", metadata, Column("book_id", ForeignKey(books.c.id, ondelete="CASCADE"), primary_key=True))
        """,
    )


def test_set_null_of_some_columns_is_fine() -> None:
    check_clean(
        rule,
        DECLARATIVE
        + dedent("""
            class Box(Base):
                __tablename__ = "boxes"
                __table_args__ = (
                    ForeignKeyConstraint(
                        ["room", "number"], ["shelves.room", "shelves.number"], ondelete="SET NULL (number)"
                    ),
                )
                id: Mapped[int] = mapped_column(primary_key=True)
                room: Mapped[int]
                number: Mapped[int | None]
            """),
        allowed=("SET NULL",),
    )


def test_a_table_without_foreign_keys_is_fine() -> None:
    check_clean(rule, BOOKS)


def test_an_allowed_action_is_fine_whatever_its_case() -> None:
    check_clean(rule, loan('foreign_key="books.id", ondelete="set  null"'), allowed=("SET NULL", "cascade"))


def test_an_action_that_the_project_does_not_allow_is_found() -> None:
    (problem,) = check_found(
        rule, loan('foreign_key="books.id", ondelete="cascade"'), "loans.book_id", allowed=("restrict", "set null")
    )
    assert problem.at == "ondelete"
    assert problem.fix is None
    assert problem.message == "loans.book_id is ON DELETE CASCADE, which this project does not allow"
    assert problem.remedy == 'ondelete="RESTRICT" or "SET NULL"'


def test_a_cascade_of_the_orm_over_the_key_is_the_business_of_another_rule() -> None:
    for arguments in ("cascade_delete=True", "passive_deletes=True"):
        check_clean(
            rule,
            f"""
            class Book(SQLModel, table=True):
                __tablename__ = "books"
                id: int | None = Field(default=None, primary_key=True)
                loans: list["Loan"] = Relationship({arguments})

            class Loan(SQLModel, table=True):
                __tablename__ = "loans"
                id: int | None = Field(default=None, primary_key=True)
                book_id: int = Field(foreign_key="books.id")
            """,
        )


def test_a_key_that_postgresql_refuses_is_the_business_of_another_rule() -> None:
    books = """
        metadata = MetaData()
        Table("books", metadata, Column("id", sa.Integer, primary_key=True), Column("isbn", sa.Integer{arguments}))
        Table("loans", metadata, Column("id", sa.Integer, primary_key=True), Column("isbn", ForeignKey("books.isbn")))
        """
    check_clean(rule, books.format(arguments=""))
    check_found(rule, books.format(arguments=", unique=True"), "loans.isbn")


def test_an_action_that_postgresql_does_not_have_is_another_rules_matter() -> None:
    check_clean(rule, loan('foreign_key="books.id", ondelete="DELETE"'), allowed=("RESTRICT",))


def test_the_fix_says_what_happens_today() -> None:
    assert 'foreign_key="books.id", ondelete="RESTRICT")' in fixed(rule, loan('foreign_key="books.id"'))
    assert 'Column(ForeignKey("books.id", ondelete="RESTRICT"))' in fixed(
        rule, loan('sa_column=Column(ForeignKey("books.id"))')
    )


def test_a_key_that_is_deferrable_stays_so() -> None:
    key = 'sa_column=Column(ForeignKey("books.id", deferrable=True, name="fk"))'
    assert 'name="fk", ondelete="NO ACTION")' in fixed(rule, loan(key))
    (problem,) = check_found(rule, loan(key), "loans.book_id")
    assert problem.fix is not None
    assert problem.fix.due.splitlines() == [
        'op.drop_constraint("fk", "loans", type_="foreignkey")',
        'op.create_foreign_key("fk", "loans", "books", ["book_id"], ["id"], ondelete="NO ACTION", deferrable=True)',
    ]


def test_a_name_that_is_not_known_makes_the_migration_a_clause() -> None:
    name = "l" * 60
    (problem,) = check_found(rule, loan('foreign_key="books.id"').replace('"loans"', f'"{name}"'), f"{name}.book_id")
    assert problem.fix is not None
    assert problem.fix.due == f"drop the foreign key {name}.book_id and make it again with ON DELETE RESTRICT"


LINKED = """
class Base(DeclarativeBase): ...

links = Table(
    "links",
    Base.metadata,
    Column("book_id", ForeignKey("books.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True, index=True),
)

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    tags: Mapped[list["Tag"]] = relationship(secondary=links)

class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


def test_the_rows_of_a_link_table_that_the_orm_deletes_go_with_their_row() -> None:
    source = fixed(rule, LINKED)
    assert 'ForeignKey("books.id", ondelete="CASCADE")' in source
    assert 'ForeignKey("tags.id", ondelete="RESTRICT")' in source


def test_the_rows_of_a_link_table_stand_in_the_way_of_sql_only() -> None:
    emptied, other = check_found(rule, LINKED, "links.book_id", "links.tag_id")
    assert emptied.message == (
        "a DELETE of books that is not made through a session fails while links.book_id refers to it: "
        "no ON DELETE was chosen, so PostgreSQL takes NO ACTION"
    )
    assert emptied.remedy == 'ondelete="CASCADE"'
    assert other.message.startswith("deleting a row of tags fails while links.tag_id refers to it")
    assert other.remedy == 'ondelete="CASCADE" or "RESTRICT"'


def test_what_is_offered_for_a_key_that_is_deferrable_leaves_it_so() -> None:
    (problem,) = check_found(
        rule, loan('sa_column=Column(ForeignKey("books.id", deferrable=True), nullable=False)'), "loans.book_id"
    )
    assert problem.remedy == 'ondelete="CASCADE" or "NO ACTION"'


def test_the_fix_keeps_to_what_is_allowed() -> None:
    assert 'ondelete="NO ACTION"' in fixed(rule, loan('foreign_key="books.id"'), allowed=("no action", "set null"))
    assert left_alone(rule, loan('foreign_key="books.id"'), allowed=("SET NULL",)) == []
