"""Tests of missing-import."""

import sys

import pytest

from schemalint.rules.source.missing_import import missing_import
from sources import BARE, check_clean, check_found, marked

HERO = f"{BARE}\nfrom sqlmodel import Field, SQLModel\n"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("x: int = Field(sa_type=BigInteger)", "BigInteger"),
        ("x: int = Field(sa_type=sa.BigInteger)", "sa"),
        ("x: int = Field(default_factory=uuid4)", "uuid4"),
        ("@declared_attr\n    def x(cls): return None", "declared_attr"),
        ("def f(self, x=LIMIT): ...", "LIMIT"),
        ("__table_args__ = (Index('a'),)", "Index"),
        ("x: list[int] = [one for one in NUMBERS]", "NUMBERS"),
    ],
)
def test_a_name_that_nothing_binds_is_found_where_it_is_used(body: str, name: str) -> None:
    source = f"{HERO}class Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    {body}\n"
    check_found(missing_import, source, f"models :name {name}")
    assert marked(missing_import, source) == [name]


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="annotations are not evaluated")
@pytest.mark.parametrize(
    "body", ["x: Optional[int]", "x: list[Optional[int]] = None", "def f(self) -> Optional[int]: ..."]
)
def test_an_annotation_that_is_evaluated_needs_its_names(body: str) -> None:
    check_found(missing_import, f"{HERO}class Hero(SQLModel, table=True):\n    {body}\n", "models :name Optional")


def test_every_missing_name_is_told_once_and_all_at_once() -> None:
    found = check_found(
        missing_import,
        f"""{BARE}
class Hero(SQLModel, table=True):
    __tablename__ = "heroes"
    id: int = Field(primary_key=True)
    team_id: int = Field(foreign_key="teams.id", sa_type=BigInteger)
LIMIT = compute()
""",
        "models :name Field",
        "models :name BigInteger",
        "models :name SQLModel",
        "models :name compute",
    )
    assert [problem.remedy for problem in found] == [
        "from sqlmodel import SQLModel",
        "from sqlmodel import Field",
        "from sqlalchemy import BigInteger",
        "import compute, or define it",
    ]


def test_a_name_for_type_checkers_only_does_not_exist() -> None:
    (problem,) = check_found(
        missing_import,
        {
            "shop/team.py": "class Team(SQLModel, table=True):\n    id: int\n",
            "shop/hero.py": f"""{BARE}
from typing import TYPE_CHECKING
from sqlmodel import Relationship, SQLModel
if TYPE_CHECKING:
    from shop.team import Team
class Hero(SQLModel, table=True):
    id: int
    teams: list["Team"] = Relationship(link_model=Team)
""",
        },
        "shop.hero :name Team",
    )
    assert "for type checkers only" in problem.message


def test_a_class_of_the_project_is_offered_from_its_module() -> None:
    (problem,) = check_found(
        missing_import,
        {
            "shop/team.py": "class Team(SQLModel, table=True):\n    id: int\n",
            "shop/hero.py": f"{HERO}class Hero(Team): pass\nclass Villain(SQLModel, table=True): pass\n",
        },
        "shop.hero :name Team",
    )
    assert problem.remedy == "from shop.team import Team"


@pytest.mark.parametrize(
    "rest",
    [
        "from __future__ import annotations\nclass A(SQLModel, table=True):\n    x: Unknown\n    def f(self, x: Unknown) -> Unknown: ...\n",
        "class A(SQLModel, table=True):\n    x: 'Unknown'\n    y: list['Unknown']\n",
        "class A(SQLModel, table=True):\n    x: int = Field(default_factory=lambda: unknown())\n",
        "class A(SQLModel, table=True):\n    def f(self):\n        return unknown\n",
        "from somewhere import *\nclass A(SQLModel, table=True):\n    x: int = Field(sa_type=BigInteger)\n",
        "try:\n    from a import B\nexcept ImportError:\n    B = object\nclass A(SQLModel, table=True):\n    x = B\n",
        "if True:\n    X = 1\nelse:\n    X = 2\nclass A(SQLModel, table=True):\n    x = X\n",
        "if python2:\n    text = unicode\nclass A(SQLModel, table=True):\n    x: int\n",
        "globals()['Made'] = 1\nclass A(SQLModel, table=True):\n    x = Made\n",
        "exec('Made = 1')\nclass A(SQLModel, table=True):\n    x = Made\n",
        "class A(SQLModel, table=True):\n    LIMIT = 3\n    x: int = Field(default=LIMIT)\n",
        "class A(SQLModel, table=True):\n    x = [n for n in range(3) if n]\n    y = {k: v for k, v in {}.items()}\n",
        "import os.path\nclass A(SQLModel, table=True):\n    x = os.name\n    y = __name__ + __file__ + __qualname__\n",
        "for n in range(3):\n    pass\nwith open('x') as f:\n    pass\nclass A(SQLModel, table=True):\n    x = (n, f)\n",
        "def setup():\n    global LATER\n    LATER = 1\nclass A(SQLModel, table=True):\n    x = LATER\n",
        (
            "match 1:\n    case [a, *rest]:\n        pass\n    case {'k': b, **more}:\n        pass\n    case int() as c:\n        pass\n"
            "class A(SQLModel, table=True):\n    x = (a, rest, b, more, c)\n"
        ),
        "(y := 3)\na, (b, *c) = 1, (2, 3)\nclass A(SQLModel, table=True):\n    x = (y, a, b, c)\n",
        "class A(SQLModel, table=True):\n    x: int\nfrom datetime import date\nclass B(A):\n    y = date\n",
        "class Tool:\n    x = unknown\n",
    ],
)
def test_what_is_bound_or_not_evaluated_or_cannot_be_known_is_fine(rest: str) -> None:
    first, _, others = rest.partition("\n")
    head = f"{BARE}\n{first}\nfrom sqlmodel import Field, SQLModel\n" if "__future__" in first else f"{HERO}{first}\n"
    if "class Tool" in rest:  # no model is in this module
        head = f"{BARE}\n{first}\n"
    check_clean(missing_import, head + others)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="not written so before Python 3.12")
def test_type_parameters_and_aliases_are_bound() -> None:
    check_clean(
        missing_import,
        f"{HERO}type Later = Unknown\nclass A[T](SQLModel):\n    x: T\n    def f[S](self, y: S) -> T: ...\n",
    )


def test_a_module_of_the_standard_library_is_offered() -> None:
    source = f"{HERO}class Hero(SQLModel, table=True):\n    x: int = Field(default_factory=decimal.Decimal)\n"
    (problem,) = check_found(missing_import, source, "models :name decimal")
    assert problem.remedy == "import decimal"


def test_a_star_import_of_the_project_is_followed() -> None:
    files = {
        "shop/base.py": f"{BARE}\nfrom sqlmodel import Field, SQLModel\nLIMIT = 3\n",
        "shop/hero.py": f"{BARE}\nfrom .base import *\nclass Hero(SQLModel, table=True):\n    x: int = Field(LIMIT)\n    y: int = Field(MISSING)\n",
    }
    check_found(missing_import, files, "shop.hero :name MISSING")
    files["shop/base.py"] += "from somewhere import *\n"
    check_clean(missing_import, files)
