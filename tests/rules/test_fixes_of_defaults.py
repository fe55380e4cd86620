"""The fixes of the rules about defaults and nullability, performed: the code that they leave, in every style of model."""

import textwrap

import pytest

from fixes import fixed
from schemalint.rule import Rule
from schemalint.rules.schema.nullable_boolean import nullable_boolean
from schemalint.rules.schema.nullable_mismatch import nullable_mismatch
from schemalint.rules.schema.server_default_is_literal import server_default_is_literal
from schemalint.rules.schema.server_default_missing import server_default_missing
from schemalint.rules.schema.timestamp_without_default import timestamp_without_default
from schemalint.rules.schema.updated_at_never_updated import updated_at_never_updated

MODEL = """
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

CORE = """
    t = Table("tasks", MetaData(), {line})
"""

AWARE = "sa.DateTime(timezone=True)"
CASES = [
    (
        server_default_missing,
        MODEL,
        "c: int = 0",
        'c: int = Field(default=0, sa_column_kwargs={"server_default": "0"})',
    ),
    (
        server_default_missing,
        MODEL,
        'c: str = Field(default="a", sa_column_kwargs={"comment": "said"})',
        'c: str = Field(default="a", sa_column_kwargs={"comment": "said", "server_default": "a"})',
    ),
    (
        server_default_missing,
        DECLARATIVE,
        "c: Mapped[UUID] = mapped_column(default=uuid4)",
        "c: Mapped[UUID] = mapped_column(default=uuid4, server_default=func.gen_random_uuid())",
    ),
    (
        server_default_missing,
        CORE,
        'Column("c", sa.Integer, default=0, nullable=False)',
        'Column("c", sa.Integer, default=0, nullable=False, server_default="0")',
    ),
    (
        server_default_is_literal,
        MODEL,
        f'c: datetime = Field(default=None, sa_type={AWARE}, sa_column_kwargs={{"server_default": "now()"}})',
        f'c: datetime = Field(default=None, sa_type={AWARE}, sa_column_kwargs={{"server_default": func.now()}})',
    ),
    (
        server_default_is_literal,
        DECLARATIVE,
        "c: Mapped[dict[str, Any]] = mapped_column(pg.JSONB, server_default=\"'{}'::jsonb\")",
        'c: Mapped[dict[str, Any]] = mapped_column(pg.JSONB, server_default="{}")',
    ),
    (
        server_default_is_literal,
        CORE,
        'Column("c", sa.Integer, server_default="NULL")',
        'Column("c", sa.Integer)',
    ),
    (
        timestamp_without_default,
        DECLARATIVE,
        f"created_at: Mapped[datetime] = mapped_column({AWARE})",
        f"created_at: Mapped[datetime] = mapped_column({AWARE}, server_default=func.now())",
    ),
    (
        updated_at_never_updated,
        MODEL,
        f'updated_at: datetime = Field(default=None, sa_type={AWARE}, sa_column_kwargs={{"server_default": func.now()}})',
        f'updated_at: datetime = Field(default=None, sa_type={AWARE}, sa_column_kwargs={{"server_default": func.now(), "onupdate": func.now()}})',
    ),
    (
        nullable_boolean,
        MODEL,
        "c: bool | None = Field(default=True)",
        "c: bool = Field(default=True)",
    ),
    (
        nullable_boolean,
        DECLARATIVE,
        "c: Mapped[Optional[bool]] = mapped_column(default=False)",
        "c: Mapped[bool] = mapped_column(default=False)",
    ),
    (
        nullable_boolean,
        DECLARATIVE,
        "c = Column(sa.Boolean, default=False, nullable=True)",
        "c = Column(sa.Boolean, default=False, nullable=False)",
    ),
    (nullable_mismatch, MODEL, "c: str = Field(nullable=True)", "c: str | None = Field(nullable=True)"),
    (
        nullable_mismatch,
        DECLARATIVE,
        "c: Mapped[Optional[Decimal]] = mapped_column(nullable=False)",
        "c: Mapped[Decimal] = mapped_column(nullable=False)",
    ),
]


@pytest.mark.parametrize(("rule", "model", "wrong", "right"), CASES)
def test_a_fix_leaves_the_code_that_the_remedy_says(rule: Rule, model: str, wrong: str, right: str) -> None:
    assert fixed(rule, model.format(line=wrong)) == textwrap.dedent(model.format(line=right))
