"""Defaults that only Python knows, of columns that are NOT NULL."""

import pytest

from schemalint.fix import Fix, SetArgument
from schemalint.rules.schema.server_default_missing import server_default_missing
from snippets import check_clean, check_found

MODEL = """
    import functools

    class Color(Enum):
        RED = "red"

    def utc_now() -> datetime:
        '''The present moment.'''
        return datetime.now(tz=timezone.utc)

    def next_week() -> datetime:
        return datetime.now(UTC) + timedelta(days=7)

    class Custom(sa.TypeDecorator):
        impl = sa.String
        cache_ok = True

    AWARE = sa.DateTime(timezone=True)

    class User(SQLModel, table=True):
        __tablename__ = "users"
        id: int | None = Field(default=None, primary_key=True)

    class Task(SQLModel, table=True):
        __tablename__ = "tasks"
        id: int | None = Field(default=None, primary_key=True)
        {line}
"""

DECLARATIVE = """
    class Base(DeclarativeBase): ...

    class Task(Base):
        __tablename__ = "tasks"
        id: Mapped[int] = mapped_column(primary_key=True)
        {line}
"""


def test_message_remedy_and_fix_say_the_same_default_in_sql() -> None:
    (problem,) = check_found(server_default_missing, MODEL.format(line="done: bool = False"), "tasks.done")
    assert problem.message == (
        "an INSERT into tasks that does not come from these models fails without done: only Python knows its default"
    )
    assert problem.remedy == 'sa_column_kwargs={"server_default": false()}'
    assert problem.fix == Fix(
        "schema",
        (SetArgument(problem.part, "server_default", "false()", imports=("sqlalchemy.false",)),),
        'op.alter_column("tasks", "done", server_default=sa.false())',
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("c: bool = Field(default=True)", "true()"),
        ("c: int = 0", '"0"'),
        ("c: float = 0.5", '"0.5"'),
        ("c: Decimal = Field(default=Decimal('1.50'))", '"1.50"'),
        ("c: str = ''", '""'),
        ("c: str = Field(default='say \"hi\" \\\\ ü')", '"say \\"hi\\" \\\\ ü"'),
        ("c: Color = Color.RED", '"RED"'),
        ("c: dict[str, Any] = Field(default_factory=dict, sa_type=pg.JSONB)", '"{}"'),
        ("c: list[str] = Field(default_factory=list, sa_type=pg.JSONB)", '"[]"'),
        ("c: list[str] = Field(default_factory=list, sa_type=pg.ARRAY(sa.String))", '"{}"'),
        ("c: UUID = Field(default_factory=uuid4)", "func.gen_random_uuid()"),
        ("c: UUID = Field(default_factory=uuid.uuid4, unique=True)", "func.gen_random_uuid()"),
        ("c: datetime = Field(default_factory=lambda: datetime.now(timezone.utc), sa_type=AWARE)", "func.now()"),
        ("c: datetime = Field(default_factory=lambda: dt.datetime.now(dt.timezone.utc), sa_type=AWARE)", "func.now()"),
        ("c: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=AWARE)", "func.now()"),
        ("c: datetime = Field(default_factory=utc_now, sa_type=AWARE)", "func.now()"),
        ("c: datetime = Field(default=None, sa_column_kwargs={'default': func.now()})", "func.now()"),
    ],
)
def test_default_of_a_field_is_found(line: str, code: str) -> None:
    (problem,) = check_found(server_default_missing, MODEL.format(line=line), "tasks.c")
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, SetArgument)
    assert edit.code == code


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("c: Mapped[bool] = mapped_column(default=False)", "server_default=false()"),
        ("c = Column(sa.Integer, default=3, nullable=False)", 'server_default="3"'),
        ("c: Mapped[datetime] = mapped_column(AWARE, default=func.now())", "server_default=func.now()"),
        ("c: Mapped[UUID] = mapped_column(insert_default=uuid4)", "server_default=func.gen_random_uuid()"),
    ],
)
def test_default_of_a_mapped_column_is_found(line: str, remedy: str) -> None:
    source = DECLARATIVE.format(line=line).replace("AWARE", "sa.DateTime(timezone=True)")
    (problem,) = check_found(server_default_missing, source, "tasks.c")
    assert problem.remedy == remedy


def test_uuid_key_that_python_makes_is_found() -> None:
    check_found(
        server_default_missing,
        """
        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            id: UUID = Field(default_factory=uuid4, primary_key=True)
        """,
        "tasks.id",
    )


def test_field_with_sa_column_is_found_by_what_the_class_says() -> None:
    (problem,) = check_found(
        server_default_missing,
        MODEL.format(line="c: int = Field(default=5, sa_column=Column(sa.Integer, nullable=False))"),
        "tasks.c",
    )
    assert problem.remedy == 'server_default="5"'


@pytest.mark.parametrize(
    "line",
    [
        "c: int",
        "c: int | None = 0",
        "c: int | None = None",
        "c: int = Field(default=0, sa_column_kwargs={'server_default': '0'})",
        "c: int = Field(default=0, sa_column=Column(sa.Integer, server_default='0', nullable=False))",
        "c: int = Field(default=0, sa_column_kwargs={'server_default': sa.FetchedValue()})",
        "c: int = Field(default=None, sa_column_args=[sa.Identity()])",
        "c: datetime = Field(default=None, sa_column_kwargs={'server_default': func.now()})",
        # A row that may not be there.
        "c: int = Field(default=1, foreign_key='users.id')",
        # What PostgreSQL may not be able to say.
        "c: str = Field(default_factory=lambda: str(uuid4()))",
        "c: str = Field(default_factory=lambda: uuid4().hex)",
        "c: datetime = Field(default_factory=next_week)",
        "c: datetime = Field(default_factory=lambda: datetime.now(UTC) + timedelta(1))",
        "c: datetime = Field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))",
        "c: datetime = Field(default_factory=datetime.now, sa_type=sa.DateTime)",
        "c: datetime = Field(default_factory=utc_now, sa_type=sa.DateTime)",
        "c: datetime = Field(default_factory=functools.partial(datetime.now, UTC))",
        "c: date = Field(default_factory=date.today)",
        "c: datetime = Field(default=datetime(2024, 1, 1, tzinfo=UTC))",
        "c: str = Field(default='x', sa_type=Custom)",
        "c: list[str] = Field(default_factory=lambda: ['a'], sa_type=pg.ARRAY(sa.String))",
        "c: list[str] = Field(default=['a'], sa_type=pg.ARRAY(sa.String))",
        "c: int = Field(default_factory=lambda: 0)",
        "c: timedelta = timedelta(days=1)",
        "c: float = Field(default=float('nan'))",
        "c: int = Field(default=None, sa_column_kwargs={'default': sa.select(sa.literal(1)).scalar_subquery()})",
        "c: str = Field(default=None, sa_column_kwargs={'default': func.concat('a', 'b')})",
        "c: str = Field(default=None, sa_column_kwargs={'default': sa.text('current_user')})",
        # The function itself: default-is-function says it.
        "c: UUID = Field(default=uuid4)",
        # Two defaults: default-disagrees is for the server's only.
        "c: int = Field(default=1, sa_column=Column(sa.Integer, default=2, nullable=False))",
    ],
)
def test_columns_that_the_server_fills_or_cannot_fill_are_fine(line: str) -> None:
    check_clean(server_default_missing, MODEL.format(line=line))


@pytest.mark.parametrize(
    "line",
    [
        "c: Mapped[int]",
        "c: Mapped[int | None] = mapped_column(default=0)",
        "c = Column(sa.Integer, default=0)",
        "c: Mapped[int] = mapped_column(default=0, server_default=text('0'))",
        "c: Mapped[int] = mapped_column(default=lambda context: 1)",
        "c: Mapped[int] = mapped_column(sa.Sequence('numbers'))",
        "c: Mapped[int] = mapped_column(sa.Computed('id + 1'))",
        "version: Mapped[int]\n        __mapper_args__ = {'version_id_col': version}".replace(
            "Mapped[int]\n", "Mapped[int] = mapped_column()\n"
        ),
    ],
)
def test_mapped_columns_that_the_server_fills_or_cannot_fill_are_fine(line: str) -> None:
    check_clean(server_default_missing, DECLARATIVE.format(line=line))


def test_discriminator_that_the_mapper_fills_is_fine() -> None:
    check_clean(
        server_default_missing,
        """
        class Base(DeclarativeBase): ...

        class Pet(Base):
            __tablename__ = "pets"
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]
            __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "pet"}
        """,
    )


def test_factory_of_a_mapped_dataclass_is_found() -> None:
    check_found(
        server_default_missing,
        """
        class Base(MappedAsDataclass, DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)
            labels: Mapped[list[str]] = mapped_column(pg.JSONB, default_factory=list)
            position: Mapped[int] = mapped_column(default=0)
        """,
        "tasks.labels",
        "tasks.position",
    )
