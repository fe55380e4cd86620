"""Relationships to one row over foreign keys that several rows may share."""

from textwrap import dedent

import pytest

from schemalint.fix import Fix, SetArgument
from schemalint.rules.schema.one_to_one_not_unique import one_to_one_not_unique as rule
from snippets import check_clean, check_found, loaded


def sqlmodel(key: str = "", relationship: str = "", more: str = "") -> str:
    return dedent(f"""
        class User(SQLModel, table=True):
            __tablename__ = "users"
            id: int | None = Field(default=None, primary_key=True)
            profile: Optional["Profile"] = Relationship({relationship})

        class Profile(SQLModel, table=True):
            __tablename__ = "profiles"
            {more}
            id: int | None = Field(default=None, primary_key=True)
            user_id: int = Field(foreign_key="users.id"{key})
        """)


def declarative(profile: str, key: str = "", more: str = "", primary_key: str = "id") -> str:
    return dedent(f"""
        class Base(DeclarativeBase): ...

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            profile{profile}

        class Profile(Base):
            __tablename__ = "profiles"
            {more}
            id: Mapped[int] = mapped_column(primary_key={primary_key == "id"})
            kind: Mapped[str]
            gone: Mapped[bool]
            user_id: Mapped[int] = mapped_column(ForeignKey("users.id"){key}, primary_key={primary_key == "user_id"})
        """)


ANNOTATED = ': Mapped["Profile"] = relationship()'


def test_one_row_over_a_key_that_several_may_share_is_found() -> None:
    (problem,) = check_found(rule, sqlmodel(), "User~profile")
    assert problem.message == (
        "User.profile is one row, but nothing keeps profiles from having several of one user_id: "
        "SQLAlchemy then gives whichever comes first"
    )
    assert problem.remedy == 'unique=True on profiles.user_id, or list["Profile"], if there are several'


def test_without_an_annotation_uselist_is_what_makes_it_one() -> None:
    source = """
        class Base(DeclarativeBase): ...

        class User(Base):
            __tablename__ = "users"
            id = Column(sa.Integer, primary_key=True)
            profile = relationship("Profile", uselist=False)

        class Profile(Base):
            __tablename__ = "profiles"
            id = Column(sa.Integer, primary_key=True)
            user_id = Column(ForeignKey("users.id"))
        """
    (problem,) = check_found(rule, source, "User~profile")
    assert problem.remedy == "unique=True on profiles.user_id, or no uselist=False, if there are several"


def test_the_fix_is_of_the_column() -> None:
    with loaded(sqlmodel()) as schema:
        (problem,) = rule.ask(schema, rule.options)
        (key,) = schema.foreign_keys
        (column,) = key.columns
        assert problem.fix == Fix(
            "schema",
            (SetArgument(column, "unique", "True"),),
            due='op.create_unique_constraint(None, "profiles", ["user_id"])',
        )


def test_with_an_index_the_index_becomes_unique() -> None:
    (problem,) = check_found(rule, sqlmodel(", index=True"), "User~profile")
    assert problem.fix
    assert problem.fix.due == "the index over profiles.user_id dropped and created again with unique=True"


@pytest.mark.parametrize(
    "profile",
    [ANNOTATED, ': Mapped[Optional["Profile"]] = relationship()', ' = relationship("Profile", uselist=False)'],
)
def test_plain_sqlalchemy_is_found(profile: str) -> None:
    check_found(rule, declarative(profile), "User~profile")


@pytest.mark.parametrize(
    "more",
    [
        '__table_args__ = (UniqueConstraint("user_id", "kind"),)',
        '__table_args__ = (Index("ix", "user_id"),)',
        '__table_args__ = (Index("ix", "user_id", "kind", unique=True),)',
    ],
)
def test_a_key_that_several_rows_of_a_user_fit_in_is_no_guard(more: str) -> None:
    check_found(rule, declarative(ANNOTATED, more=more), "User~profile")


def test_a_composite_foreign_key_is_found_without_a_fix() -> None:
    (problem,) = check_found(
        rule,
        """
        class Base(DeclarativeBase): ...

        class User(Base):
            __tablename__ = "users"
            tenant: Mapped[int] = mapped_column(primary_key=True)
            id: Mapped[int] = mapped_column(primary_key=True)
            profile: Mapped["Profile"] = relationship()

        class Profile(Base):
            __tablename__ = "profiles"
            __table_args__ = (ForeignKeyConstraint(["tenant", "user_id"], ["users.tenant", "users.id"]),)
            id: Mapped[int] = mapped_column(primary_key=True)
            tenant: Mapped[int]
            user_id: Mapped[int]
        """,
        "User~profile",
    )
    assert problem.remedy.startswith("a UniqueConstraint over (tenant, user_id), or ")
    assert problem.fix is None


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(sqlmodel(", unique=True"), id="unique"),
        pytest.param(sqlmodel(", unique=True, index=True"), id="a unique index"),
        pytest.param(declarative(ANNOTATED, more='__table_args__ = (UniqueConstraint("user_id"),)'), id="a constraint"),
        pytest.param(
            declarative(ANNOTATED, more='__table_args__ = (Index("ix", "user_id", unique=True),)'), id="an index"
        ),
        pytest.param(
            declarative(
                ANNOTATED,
                more='__table_args__ = (Index("ix", "user_id", unique=True, postgresql_where=text("not gone")),)',
            ),
            id="a partial index: one of those that count",
        ),
        pytest.param(
            declarative(ANNOTATED, more='__table_args__ = (pg.ExcludeConstraint(("user_id", "="), ("kind", "=")),)'),
            id="an exclusion constraint",
        ),
        pytest.param(declarative(ANNOTATED, primary_key="user_id"), id="the primary key"),
        pytest.param(declarative(': Mapped[list["Profile"]] = relationship()'), id="a list"),
        pytest.param(declarative(': Mapped["Profile"] = relationship(viewonly=True)'), id="viewonly"),
        pytest.param(declarative(': Mapped["Profile"] = relationship(order_by="Profile.id.desc()")'), id="the latest"),
        pytest.param(
            declarative(
                """: Mapped["Profile"] = relationship(primaryjoin="and_(User.id == Profile.user_id, Profile.kind == 'main')")"""
            ),
            id="a join of your own",
        ),
        pytest.param(
            declarative(': Mapped["Profile"] = relationship(primaryjoin="User.id == foreign(Profile.id)")'),
            id="a key that is not declared, as of a view",
        ),
        pytest.param(
            """
            class User(SQLModel, table=True):
                __tablename__ = "users"
                id: int | None = Field(default=None, primary_key=True)
                group_id: int = Field(foreign_key="groups.id")
                group: "Group" = Relationship()

            class Group(SQLModel, table=True):
                __tablename__ = "groups"
                id: int | None = Field(default=None, primary_key=True)
            """,
            id="the side that has the foreign key",
        ),
        pytest.param(
            """
            class Base(DeclarativeBase): ...

            class Node(Base):
                __tablename__ = "nodes"
                id: Mapped[int] = mapped_column(primary_key=True)
                parent_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
                parent: Mapped["Node"] = relationship()
            """,
            id="the business of relationship-ambiguous",
        ),
        pytest.param(
            """
            class Base(DeclarativeBase): ...

            class User(Base):
                __tablename__ = "users"
                id: Mapped[int] = mapped_column(primary_key=True)
                portrait: Mapped["Portrait"] = relationship()

            class Picture(Base):
                __tablename__ = "pictures"
                __table_args__ = (UniqueConstraint("user_id", "kind"),)
                id: Mapped[int] = mapped_column(primary_key=True)
                kind: Mapped[str]
                user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
                __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "picture"}

            class Portrait(Picture):
                __mapper_args__ = {"polymorphic_identity": "portrait"}
            """,
            id="one of each subclass",
        ),
    ],
)
def test_nothing_is_said_about(source: str) -> None:
    check_clean(rule, source)


def test_a_table_of_another_system_is_not_judged() -> None:
    with loaded(sqlmodel(), external_tables=("profiles",)) as schema:
        assert list(rule.ask(schema, rule.options)) == []


def test_a_mapper_that_cannot_be_configured_is_judged_later() -> None:
    with loaded(
        sqlmodel()
        + '\nclass Pet(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    m: "Missing" = Relationship()\n'
    ) as schema:
        assert schema.failures
        assert [problem.part.key for problem in rule.ask(schema, rule.options)] == ["profile"]  # type: ignore[attr-defined]
    with loaded(sqlmodel(relationship='back_populates="nothing"')) as schema:
        assert list(rule.ask(schema, rule.options)) == []
