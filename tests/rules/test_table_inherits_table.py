"""Tests of table-inherits-table."""

import pytest

from schemalint.rules.source.table_inherits_table import table_inherits_table
from sources import check_clean, check_found, marked

USER = "class User(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"


def test_a_table_class_below_a_table_class_is_found_with_what_it_loses() -> None:
    source = f"{USER}class Admin(User, table=True):\n    level: int\n    since: dt.date\n"
    (problem,) = check_found(table_inherits_table, source, "models.Admin")
    assert "below the table class User: its level and since are columns of nothing" in problem.message
    assert marked(table_inherits_table, source) == ["True"]


def test_it_is_found_through_a_class_between_them_and_in_another_file() -> None:
    check_found(
        table_inherits_table,
        {
            "shop/user.py": USER,
            "shop/admin.py": "from shop import user\nclass Person(user.User): pass\nclass Admin(Person, table=True): pass\n",
        },
        "shop.admin.Admin",
    )


@pytest.mark.parametrize(
    "source",
    [
        "class Base(SQLModel):\n    id: int\nclass A(Base, table=True): pass\nclass B(Base, table=True): pass\n",
        f"{USER}class UserPublic(User):\n    level: int\n",
        f"{USER}class UserPublic(User, table=False):\n    level: int\n",
        "class Base(DeclarativeBase): pass\nclass A(Base):\n    __tablename__ = 'a'\nclass B(A):\n    __tablename__ = 'b'\n",
        "class Base(DeclarativeBase): pass\nclass A(Base):\n    __tablename__ = 'a'\nclass B(A):\n    x: Mapped[int]\n",
        "from elsewhere import Thing\nclass A(Thing, table=True): pass\n",
    ],
)
def test_what_sqlalchemy_maps_or_is_no_table_is_fine(source: str) -> None:
    check_clean(table_inherits_table, source)
