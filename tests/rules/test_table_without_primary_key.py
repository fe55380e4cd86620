"""Tables with and without a primary key."""

from schemalint.rules.schema.table_without_primary_key import table_without_primary_key as rule
from snippets import check_clean, check_found


def test_a_core_table_without_a_primary_key_is_found() -> None:
    (problem,) = check_found(
        rule, 'log = Table("log", MetaData(), Column("line", sa.Text), Column("at", sa.DateTime(timezone=True)))', "log"
    )
    assert problem.message == "log has no primary key: nothing names one of its rows"


def test_a_unique_constraint_is_no_primary_key() -> None:
    check_found(rule, 'log = Table("log", MetaData(), Column("n", sa.Integer, unique=True, nullable=False))', "log")


def test_a_link_table_that_is_guarded_by_a_unique_constraint_has_no_primary_key_all_the_same() -> None:
    check_found(
        rule,
        """
        metadata = MetaData()
        Table("a", metadata, Column("id", sa.Integer, primary_key=True))
        Table(
            "links",
            metadata,
            Column("a_id", ForeignKey("a.id")),
            Column("b_id", ForeignKey("a.id")),
            UniqueConstraint("a_id", "b_id"),
        )
        """,
        "links",
    )


def test_a_primary_key_of_a_column_is_fine() -> None:
    check_clean(rule, 'log = Table("log", MetaData(), Column("id", sa.Integer, primary_key=True))')


def test_a_primary_key_constraint_is_fine() -> None:
    check_clean(
        rule,
        """
        log = Table(
            "log", MetaData(), Column("a", sa.Integer), Column("b", sa.Integer), sa.PrimaryKeyConstraint("a", "b", name="pk")
        )
        """,
    )


def test_models_have_a_primary_key_always() -> None:
    check_clean(
        rule,
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)

        class Base(DeclarativeBase): ...

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
    )


def test_a_link_table_that_can_hold_a_pair_twice_is_the_business_of_another_rule() -> None:
    check_clean(
        rule,
        """
        metadata = MetaData()
        Table("a", metadata, Column("id", sa.Integer, primary_key=True))
        Table("links", metadata, Column("a_id", ForeignKey("a.id")), Column("b_id", ForeignKey("a.id")))
        """,
    )


def test_a_view_is_no_table() -> None:
    check_clean(rule, 'log = Table("totals", MetaData(), Column("n", sa.Integer), info={"is_view": True})')


def test_a_view_that_is_mapped_with_a_key_of_the_mappers_own_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Total(Base):
            __table__ = Table("totals", Base.metadata, Column("n", sa.Integer), Column("sum", sa.Integer))
            __mapper_args__ = {"primary_key": [__table__.c.n]}
        """,
    )


def test_a_table_that_is_mapped_imperatively_with_a_key_is_fine() -> None:
    check_clean(
        rule,
        """
        registry = orm.registry()
        books = Table("books", registry.metadata, Column("id", sa.Integer, primary_key=True))

        class Book: ...

        registry.map_imperatively(Book, books)
        """,
    )


def test_a_subclass_in_the_table_of_its_parent_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Asset(Base):
            __tablename__ = "assets"
            __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "asset"}
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]

        class Car(Asset):
            __mapper_args__ = {"polymorphic_identity": "car"}
        """,
    )
