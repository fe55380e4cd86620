"""Link tables that can hold a pair twice, and tables that cannot or may."""

from textwrap import dedent

import pytest

from fixes import fix, fixed
from schemalint.rules.schema.link_table_without_composite_key import link_table_without_composite_key as rule
from snippets import ask, check_clean, check_found, loaded


def linked(fields: str, args: str = "", kwargs: str = "") -> str:
    """A link model of SQLModel with `fields`, used by a many-to-many relationship on both sides."""
    return (
        dedent("""
        class Link(SQLModel, table=True):
            __tablename__ = "links"
        """)
        + f"    __table_args__ = ({args})\n"
        + "".join(f"    {line}\n" for line in fields.strip().splitlines())
        + dedent(f"""
        class Tag(SQLModel, table=True):
            __tablename__ = "tags"
            id: int | None = Field(default=None, primary_key=True)
            books: list["Book"] = Relationship(back_populates="tags", link_model=Link{kwargs})

        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            tags: list[Tag] = Relationship(back_populates="books", link_model=Link{kwargs})
        """)
    )


PAIR = """
tag_id: int = Field(foreign_key="tags.id")
book_id: int = Field(foreign_key="books.id")
"""
ID = "id: int | None = Field(default=None, primary_key=True)\n"


def test_a_link_model_with_a_key_of_its_own_is_found() -> None:
    (problem,) = check_found(rule, linked(ID + PAIR.lstrip()), "links")
    assert problem.message == "links can hold the same pair of tag_id and book_id twice: no key covers both"
    assert problem.remedy == "primary_key=True on tag_id and book_id and no other key, or a UniqueConstraint over them"


def test_further_columns_do_not_matter_in_a_table_that_a_relationship_writes() -> None:
    check_found(rule, linked(ID + PAIR.lstrip() + "added_at: datetime | None = None\n"), "links")


@pytest.mark.parametrize(
    "column",
    [
        'kind: str = Field(default="wrote", max_length=20)',
        'kind: str = Field(max_length=20, sa_column_kwargs={"server_default": "wrote"})',
        "place: int | None = None",
        'name: str = Field(sa_column=Column(sa.String(20), sa.Computed("tag_id::text")))',
    ],
)
def test_a_further_column_that_gets_a_value_by_itself_does_not_matter_either(column: str) -> None:
    check_found(rule, linked(ID + PAIR.lstrip() + column), "links")


def test_edges_that_must_be_given_a_kind_may_be_several_of_one_pair() -> None:
    check_clean(rule, linked(ID + PAIR.lstrip() + "kind: str = Field(max_length=20)"))


def test_an_association_table_of_core_without_any_key_is_found() -> None:
    check_found(
        rule,
        """
        metadata = MetaData()
        Table("a", metadata, Column("id", sa.Integer, primary_key=True))
        Table("b", metadata, Column("id", sa.Integer, primary_key=True))
        Table("links", metadata, Column("a_id", ForeignKey("a.id")), Column("b_id", ForeignKey("b.id")))
        """,
        "links",
    )


def test_a_secondary_of_plain_sqlalchemy_is_found() -> None:
    check_found(rule, secondary("", "id", ""), "links")


def secondary(link: str, own: str, arguments: str) -> str:
    return dedent(f"""
        class Base(DeclarativeBase): ...

        links = Table(
            "links",
            Base.metadata,
            Column("{own}", sa.Integer, primary_key={own == "id"}),
            Column("a_id", ForeignKey("users.id")),
            Column("b_id", ForeignKey("users.id")),
            {link}
        )

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            friends: Mapped[list["User"]] = relationship(
                secondary=links, primaryjoin=id == links.c.a_id, secondaryjoin=id == links.c.b_id, {arguments}
            )
        """)


@pytest.mark.parametrize(
    "link",
    [
        'UniqueConstraint("a_id", "b_id"),',
        'UniqueConstraint("b_id", "a_id", "id"),',
        'Index("uq", "a_id", "b_id", unique=True),',
        'Index("uq", "a_id", "b_id", unique=True, postgresql_where=text("id > 0")),',
        'Index("uq", func.least(text("a_id"), text("b_id")), "a_id", "b_id", unique=True),',
        'UniqueConstraint("a_id"),',
        'pg.ExcludeConstraint(("a_id", "="), ("b_id", "="), ("id", "&&")),',
    ],
)
def test_a_unique_key_over_the_pair_part_of_it_or_more_is_fine(link: str) -> None:
    check_clean(rule, secondary(link, "id", ""))


def test_a_relationship_that_only_reads_may_see_a_pair_twice() -> None:
    check_clean(rule, secondary("", "id", "viewonly=True"))


def test_a_primary_key_of_both_is_fine() -> None:
    check_clean(rule, linked(PAIR.replace('")', '", primary_key=True)')))


def test_a_primary_key_of_both_and_a_date_is_fine() -> None:
    check_clean(rule, linked(PAIR.replace('")', '", primary_key=True)') + "since: date = Field(primary_key=True)\n"))


def test_a_unique_constraint_beside_a_key_of_its_own_is_fine() -> None:
    check_clean(rule, linked(ID + PAIR.lstrip(), args='UniqueConstraint("book_id", "tag_id"),'))


def test_a_table_with_two_foreign_keys_and_more_that_no_relationship_writes_through_is_fine() -> None:
    check_clean(
        rule,
        """
        class Line(SQLModel, table=True):
            __tablename__ = "order_lines"
            id: int | None = Field(default=None, primary_key=True)
            order_id: int = Field(foreign_key="orders.id")
            product_id: int = Field(foreign_key="products.id")
            quantity: int
        """,
    )


def test_rows_that_have_a_name_of_their_own_are_fine() -> None:
    check_clean(
        rule,
        """
        class Ticket(SQLModel, table=True):
            __tablename__ = "tickets"
            id: int | None = Field(default=None, primary_key=True)
            user_id: int = Field(foreign_key="users.id")
            lottery_id: int = Field(foreign_key="lotteries.id")
        """,
    )


def test_a_table_of_one_foreign_key_is_fine() -> None:
    check_clean(
        rule,
        """
        metadata = MetaData()
        Table("a", metadata, Column("id", sa.Integer, primary_key=True))
        Table("marks", metadata, Column("a_id", ForeignKey("a.id")))
        """,
    )


def test_a_table_of_three_foreign_keys_is_fine() -> None:
    check_clean(
        rule,
        """
        metadata = MetaData()
        Table("a", metadata, Column("id", sa.Integer, primary_key=True))
        Table(
            "links", metadata, Column("x", ForeignKey("a.id")), Column("y", ForeignKey("a.id")), Column("z", ForeignKey("a.id"))
        )
        """,
    )


def test_a_one_to_many_relationship_through_a_link_table_is_fine_when_one_side_is_the_key() -> None:
    check_clean(rule, linked(PAIR.replace('"books.id"', '"books.id", primary_key=True')))


def test_a_mapper_that_cannot_be_configured_is_no_obstacle() -> None:
    source = linked(PAIR.replace('")', '", primary_key=True)')).replace(
        'back_populates="books"', 'back_populates="nothing"'
    )
    with loaded(source) as schema:
        assert schema.failures
        assert list(ask(rule, schema, {})) == []


def test_a_secondary_that_is_a_join_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class A(Base):
            __tablename__ = "a"
            id: Mapped[int] = mapped_column(primary_key=True)
            b_id: Mapped[int] = mapped_column(ForeignKey("b.id"))

        class B(Base):
            __tablename__ = "b"
            id: Mapped[int] = mapped_column(primary_key=True)
            c_id: Mapped[int] = mapped_column(ForeignKey("c.id"))

        class C(Base):
            __tablename__ = "c"
            id: Mapped[int] = mapped_column(primary_key=True)

        A.cs = relationship(
            C,
            secondary=sa.join(B, C, B.c_id == C.id),
            primaryjoin=A.b_id == B.id,
            secondaryjoin=B.c_id == C.id,
            viewonly=True,
        )
        """,
    )


def test_a_secondary_without_foreign_keys_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        links = Table("links", Base.metadata, Column("a", sa.Integer), Column("b", sa.Integer))

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            friends: Mapped[list["User"]] = relationship(
                secondary=links,
                primaryjoin=id == orm.foreign(links.c.a),
                secondaryjoin=id == orm.foreign(links.c.b),
            )
        """,
    )


def test_the_fix_makes_the_pair_unique_beside_a_key_of_its_own() -> None:
    assert 'UniqueConstraint("tag_id", "book_id", name="uq_links_tag_id_book_id")' in fixed(
        rule, linked(ID + PAIR.lstrip())
    )


def test_the_fix_serves_the_column_that_no_index_leads_with() -> None:
    result = fix(linked(ID + PAIR.lstrip().replace('"tags.id"', '"tags.id", index=True')), rule)
    assert 'UniqueConstraint("book_id", "tag_id", name=' in result.source
    assert 'foreign_key="tags.id", index=True' in result.source


def test_the_fix_takes_an_index_away_that_becomes_superfluous() -> None:
    result = fix(linked(ID + PAIR.lstrip().replace('.id"', '.id", index=True')), rule)
    assert result.reasons == []
    assert 'foreign_key="tags.id")' in result.source
    assert 'foreign_key="books.id", index=True)' in result.source
    (one,) = result.outcome.made
    assert one.fix is not None
    assert one.fix.due.splitlines() == [
        "# first delete the rows of links that hold a pair which another row holds",
        'op.create_unique_constraint("uq_links_tag_id_book_id", "links", ["tag_id", "book_id"])',
        'op.drop_index("ix_links_tag_id", table_name="links")',
    ]


CORE = """
metadata = MetaData({convention})
Table("a", metadata, Column("id", sa.Integer, primary_key=True))
Table("b", metadata, Column("id", sa.Integer, primary_key=True))
Table("links", metadata, Column("a_id", ForeignKey("a.id"), index=True), Column("b_id", ForeignKey("b.id"), index=True))
"""


def test_the_fix_makes_the_pair_the_key_of_a_table_that_has_none() -> None:
    result = fix(CORE.format(convention=""), rule)
    assert result.reasons == []
    assert 'Column("a_id", ForeignKey("a.id"), primary_key=True)' in result.source
    assert 'Column("b_id", ForeignKey("b.id"), index=True, primary_key=True)' in result.source
    (one,) = result.outcome.made
    assert one.fix is not None
    assert 'op.create_primary_key("links_pkey", "links", ["a_id", "b_id"])' in one.fix.due


def test_the_key_is_in_the_tables_order_whichever_side_the_relationship_starts_from() -> None:
    source = """
class Base(DeclarativeBase): ...

links = Table("links", Base.metadata, Column("b_id", ForeignKey("b.id")), Column("a_id", ForeignKey("a.id")))

class A(Base):
    __tablename__ = "a"
    id: Mapped[int] = mapped_column(primary_key=True)
    bs: Mapped[list["B"]] = relationship(secondary=links, back_populates="as_")

class B(Base):
    __tablename__ = "b"
    id: Mapped[int] = mapped_column(primary_key=True)
    as_: Mapped[list[A]] = relationship(secondary=links, back_populates="bs")
"""
    (problem,) = check_found(rule, source, "links")
    assert problem.message.startswith("links can hold the same pair of b_id and a_id twice")
    assert problem.fix is not None
    assert 'op.create_primary_key("links_pkey", "links", ["b_id", "a_id"])' in problem.fix.due


def test_the_projects_naming_convention_names_the_key() -> None:
    convention = 'naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(column_0_label)s"}'
    (problem,) = check_found(rule, CORE.format(convention=convention), "links")
    assert problem.fix is not None
    assert 'op.create_primary_key(None, "links", ["a_id", "b_id"])' in problem.fix.due
