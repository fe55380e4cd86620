"""Tests of shared-schema-object."""

from pathlib import Path

import pytest

from fixes import fixed
from schemalint.fix import Replace
from schemalint.rules.source.shared_schema_object import shared_schema_object
from sources import ask, check_clean, check_found, imported, marked


def tables(body: str, base: str = "SQLModel", number: int = 2) -> str:
    """Return a base with `body` and tables below it."""
    below = "".join(
        f"""
class {name}(Base, table=True):
    __tablename__ = "{name.lower()}s"
    id: int | None = Field(default=None, primary_key=True)
"""
        for name in ("Invoice", "Receipt", "Order")[:number]
    )
    return f"class Base({base}):\n    {body}\n{below}"


def mixin(body: str) -> str:
    """Return a mixin with `body` and two declarative tables below it."""
    return f"""
class Registry(DeclarativeBase): pass
class Mixin:
    {body}
class Invoice(Mixin, Registry):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
class Receipt(Mixin, Registry):
    __tablename__ = "receipts"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


@pytest.mark.parametrize(
    "field",
    [
        "x: int = Field(sa_column=Column(sa.Integer))",
        'x: int = Field(default=1, sa_column=sa.Column("y", sa.Integer, index=True))',
        'x: int = Field(sa_column_args=[ForeignKey("a.id")])',
        'x: int = Field(sa_column_args=(ForeignKey("a.id", onupdate="CASCADE"),))',
    ],
)
def test_a_field_that_two_tables_would_share_is_found_at_the_base(field: str) -> None:
    check_found(shared_schema_object, tables(field), "models.Base.x")


@pytest.mark.parametrize(
    "arguments",
    [
        '(Index("ix", "x"),)',
        '(UniqueConstraint("x"), Index(None, "x"), {"schema": "shop"})',
        '(ForeignKeyConstraint(["x"], ["a.id"]),)',
    ],
)
def test_an_index_or_a_foreign_key_in_shared_table_args_is_found(arguments: str) -> None:
    body = f"__table_args__ = {arguments}\n    x: int"
    check_found(shared_schema_object, tables(body), "models.Base.__table_args__")
    check_found(shared_schema_object, mixin(body.replace("x: int", "x: Mapped[int]")), "models.Mixin.__table_args__")


def test_the_tables_are_named() -> None:
    (problem,) = check_found(shared_schema_object, tables("x: int = Field(sa_column=Column())"), "models.Base.x")
    assert problem.message == (
        "Base has one Column for Invoice and Receipt: SQLAlchemy gives it to one table only, and does not make the next class"
    )
    (problem,) = check_found(
        shared_schema_object,
        tables('__table_args__ = (Index("i", "x"),)\n    x: int', number=3),
        "models.Base.__table_args__",
    )
    assert "one Index for Invoice, Receipt and 1 more" in problem.message


def test_the_object_is_marked() -> None:
    field = 'x: int = Field(default=3, sa_column=Column("y", sa.Integer))'
    assert marked(shared_schema_object, tables(field)) == ['Column("y", sa.Integer)']


@pytest.mark.parametrize(
    "body",
    [
        "x: int = Field(sa_type=sa.BigInteger, sa_column_kwargs={'comment': 'n'})",
        'x: int = Field(foreign_key="a.id", index=True)',
        'x: int = Field(sa_column_args=[CheckConstraint("x > 0"), sa.Identity()])',
        '__table_args__ = (UniqueConstraint("x"), CheckConstraint("x > 0"))\n    x: int',
        '__table_args__ = {"schema": "shop"}\n    x: int',
        'x: int\n    @declared_attr.directive\n    def __table_args__(cls): return (Index(f"ix_{cls.__name__}", "x"),)',
        "x: int = Field(sa_column=orm.mapped_column(sa.Integer))",
        "x: int = Field(sa_column=made_elsewhere())",
        "x: ClassVar[Column] = Column(sa.Integer)",
        "x: int\n    __table_args__ = made_elsewhere()",
        "x: int\n    __table_args__ = (AN_INDEX, *MORE)",
    ],
)
def test_what_tables_may_share_is_fine(body: str) -> None:
    check_clean(shared_schema_object, tables(body))


@pytest.mark.parametrize(
    "body",
    [
        "x = Column(sa.Integer, ForeignKey('a.id'), index=True)",
        "x: Mapped[int] = mapped_column(ForeignKey('a.id'), index=True)",
        "@declared_attr\n    def x(cls): return Column(sa.Integer, ForeignKey('a.id'))",
        "@declared_attr\n    def __table_args__(cls): return (Index(f'ix_{cls.__name__}', 'x'),)",
    ],
)
def test_what_sqlalchemy_copies_for_each_class_is_fine(body: str) -> None:
    check_clean(shared_schema_object, mixin(body))


@pytest.mark.parametrize("number", [0, 1])
def test_one_table_shares_nothing(number: int) -> None:
    check_clean(shared_schema_object, tables("x: int = Field(sa_column=Column(sa.Integer))", number=number))


def test_a_class_that_has_its_own_shares_nothing() -> None:
    check_clean(
        shared_schema_object,
        tables("x: int = Field(sa_column=Column(sa.Integer))", number=1)
        + """
class Nearer(Base):
    x: int
class Receipt(Nearer, table=True):
    __tablename__ = "receipts"
    id: int | None = Field(default=None, primary_key=True)
class Order(Base, table=True):
    __tablename__ = "orders"
    id: int | None = Field(default=None, primary_key=True)
    x: int = Field(sa_column=Column(sa.BigInteger))
""",
    )


def test_twins_in_branches_share_nothing() -> None:
    check_clean(
        shared_schema_object,
        """
class Base(SQLModel):
    x: int = Field(sa_column=Column(sa.Integer))
if text:
    class Book(Base, table=True):
        id: int = Field(primary_key=True)
else:
    class Book(Base, table=True):
        key: int = Field(primary_key=True)
""",
    )


def test_the_field_of_a_table_is_its_own() -> None:
    check_clean(
        shared_schema_object,
        """
class Book(SQLModel, table=True):
    id: int = Field(sa_column=Column(sa.Integer, primary_key=True))
class Novel(Book): pass
class Poem(Book): pass
""",
    )


def test_what_was_imported_shares_nothing(tmp_path: Path) -> None:
    another = "Base.__table_args__ = ()\nclass Receipt"  # what the source does not show
    text = tables('__table_args__ = (Index("ix", "x"),)\n    x: int').replace("class Receipt", another)
    with imported(tmp_path, {"shared_models.py": text}) as (schema, source):
        assert schema.is_whole
        assert list(ask(shared_schema_object, source, {})) == []


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("Field(sa_column=Column(pg.JSONB))", "Field(sa_type=pg.JSONB, nullable=True)"),
        (
            'Field(default=1, sa_column=Column("y", sa.Integer(), nullable=False, server_default="1"), description="n")',
            "Field(default=1, sa_type=sa.Integer(), nullable=False, sa_column_kwargs={'name': 'y', 'server_default': '1'}, description='n')",
        ),
        ("Field(sa_column=Column(type_=sa.Text, index=True))", "Field(sa_type=sa.Text, index=True, nullable=True)"),
        (
            'Field(sa_column=Column(sa.Integer, ForeignKey("a.id", ondelete="CASCADE"), nullable=False))',
            "Field(sa_type=sa.Integer, foreign_key='a.id', ondelete='CASCADE', nullable=False)",
        ),
        ('Field(sa_column_args=[ForeignKey("a.id")], index=True)', "Field(foreign_key='a.id', index=True)"),
    ],
)
def test_the_field_says_the_same_without_an_object(field: str, code: str) -> None:
    (problem,) = check_found(shared_schema_object, tables(f"x: int = {field}"), "models.Base.x")
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, Replace)
    assert (problem.fix.kind, edit.code) == ("safe", code)


@pytest.mark.parametrize(
    "field",
    [
        "Field(sa_column=Column(sa.Integer), **more)",
        "Field(sa_column=Column(sa.Integer, **more))",
        "Field(sa_column=Column(sa.Integer, sa.Identity()))",
        "Field(sa_column=Column(*parts))",
        "Field(sa_column=Column())",
        'Field(sa_column=Column(ForeignKey("a.id", name="fk")))',
        "Field(sa_column=Column(ForeignKey(other.id)))",
        "Field(index=True, sa_column=Column(sa.Integer, index=True))",
        'Field(sa_column_args=[ForeignKey("a.id"), CheckConstraint("x > 0")])',
        'Field(sa_column_args=[ForeignKey("a.id", use_alter=True)])',
        "Field(\n        # one for all\n        sa_column=Column(sa.Integer))",
    ],
)
def test_what_has_no_argument_of_its_own_is_left_to_the_author(field: str) -> None:
    (problem,) = check_found(shared_schema_object, tables(f"x: int = {field}"), "models.Base.x")
    assert problem.fix is None


def test_the_fix_makes_a_project_import() -> None:
    after = fixed(
        shared_schema_object,
        tables('x: dict[str, Any] = Field(sa_column=Column("y", pg.JSONB, nullable=False))', number=3),
    )
    assert "x: dict[str, Any] = Field(sa_type=pg.JSONB, nullable=False, sa_column_kwargs={'name': 'y'})" in after
