"""Tests of table-args-shape."""

import pytest

from schemalint.fix import Replace
from schemalint.rules.source.table_args_shape import table_args_shape
from sources import check_clean, check_found, marked


def book(arguments: str) -> str:
    return f'class Book(SQLModel, table=True):\n    __tablename__ = "books"\n    __table_args__ = {arguments}\n    id: int\n'


@pytest.mark.parametrize(
    "arguments",
    [
        '(Index("a", "b"))',
        'Index("a", "b")',
        '(sa.UniqueConstraint("b"))',
        '(CheckConstraint("b > 0"))',
        '[Index("a", "b")]',
        '{Index("a", "b")}',
        '"books"',
        '({"schema": "x"}, Index("a", "b"))',
        '([Index("a", "b")], {"comment": "x"})',
    ],
)
def test_what_sqlalchemy_refuses_is_found(arguments: str) -> None:
    check_found(table_args_shape, book(arguments), "books.__table_args__")


def test_the_call_is_marked() -> None:
    assert marked(table_args_shape, book('(Index("a", "b"))')) == ['Index("a", "b")']


def test_it_is_found_in_declarative_classes_mixins_and_functions() -> None:
    check_found(
        table_args_shape,
        """
        class Base(DeclarativeBase): pass
        class A(Base):
            __tablename__ = "as"
            __table_args__ = (Index("a", "b"))
        class Mixin:
            @declared_attr.directive
            def __table_args__(cls):
                return (Index("a", "b"))
        """,
        "as.__table_args__",
        "models.Mixin.__table_args__",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        '(Index("a", "b"),)',
        '(Index("a", "b"), {"schema": "x"})',
        '{"schema": "x"}',
        '({"schema": "x"},)',
        "()",
        "None",
        '(*SHARED, Index("a", "b"))',
        "SHARED",
        "make_arguments()",
        "sharding.Index(1)",
        'dict(schema="x")',
        '(Index("a", "b"),) + SHARED',
        "tuple(SHARED)",
        "(None, {})",
    ],
)
def test_a_tuple_a_dictionary_or_what_cannot_be_seen_is_fine(arguments: str) -> None:
    check_clean(table_args_shape, book(arguments))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ('(Index("a", "b"))', 'Index("a", "b"),'),
        ('(\n        Index("a", "b")\n    )', 'Index("a", "b"),'),
        ('Index("a", "b")', '(Index("a", "b"),)'),
        ('[Index("a", "b"), Index("c", "d"), ]', '(Index("a", "b"), Index("c", "d"),)'),
    ],
)
def test_the_comma_is_written(arguments: str, code: str) -> None:
    (problem,) = check_found(table_args_shape, book(arguments), "books.__table_args__")
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, Replace)
    assert (problem.fix.kind, edit.code) == ("safe", code)


@pytest.mark.parametrize(
    "arguments", ['({"schema": "x"}, Index("a", "b"))', "[]", '[  # all\n        Index("a", "b")]']
)
def test_what_is_not_only_a_comma_is_left_to_a_human(arguments: str) -> None:
    (problem,) = check_found(table_args_shape, book(arguments), "books.__table_args__")
    assert problem.fix is None
