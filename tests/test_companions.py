"""What the companions of rules over the models promise: about classes that were not imported they say what the rule would, and never more."""

import re
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlmodel

from schemalint.check import check
from schemalint.config import Config
from schemalint.finding import Location
from schemalint.rule import Rule
from schemalint.rules import all_rules, get_rule
from schemalint.subjects.schema import Schema
from schemalint.subjects.source import Source
from snippets import USUAL, empty_sqlmodel
from sources import check_clean, check_found, imported

refuses_naive_values = pytest.mark.skipif(
    not hasattr(sqlmodel, "UTCDateTime"), reason="SQLModel before 0.0.45 makes a plain datetime naive"
)

COMPANIONS = {one.name: one for one in all_rules(["schema"]) if one.in_source}

EXAMPLES = [
    pytest.param(example, id=f"{one.name}-{number}")
    for one in all_rules(["schema", "source"])
    for number, example in enumerate([*one.examples("Bad"), *one.examples("Good")])
]

QUOTED = """
class Book(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    loans: "list[Loan]" = Relationship()

class Loan(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="book.id", ondelete="CASCADE", index=True)
    book: "Book | None" = Relationship()
"""

BAD = {name: rule.examples("Bad") for name, rule in COMPANIONS.items()} | {"relationship-annotation": (QUOTED,)}
"""Models about which a rule and its companion say the same."""


def said(rule: Rule, subject: Schema | Source) -> set[tuple[str, str]]:
    """Return the objects that a rule speaks about, and what it says of them."""
    return {(subject.place(one.part, one.at).object, one.message) for one in rule.ask(subject, rule.options)}


def marked(rule: Rule, subject: Schema | Source) -> list[tuple[Location | None, str]]:
    """Return what a rule marks, and what it says to write instead."""
    found = [(subject.place(one.part, one.at).location, one.remedy) for one in rule.ask(subject, rule.options)]
    return sorted(found, key=str)


@pytest.mark.parametrize("rule", COMPANIONS.values(), ids=COMPANIONS)
def test_the_bad_example_is_found_without_an_import(rule: Rule, tmp_path: Path) -> None:
    for number, example in enumerate(BAD[rule.name]):
        with imported(tmp_path, {f"companion_{number}.py": example}) as (schema, source):
            assert said(rule, source) == said(rule, schema) != set()
            assert marked(rule, source) == marked(rule, schema)


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_companion_says_nothing_that_its_rule_does_not_say(example: str, tmp_path: Path) -> None:
    parts = re.split(r"^# ([\w/]+\.py)\n", example, flags=re.MULTILINE)
    files = dict(zip(parts[1::2], parts[2::2], strict=True)) or {f"{tmp_path.name}.py": example}
    with imported(tmp_path, files) as (schema, source):
        if schema.is_whole:
            for rule in COMPANIONS.values():
                assert said(rule, source) <= said(rule, schema), rule.name


@pytest.mark.parametrize("rule", COMPANIONS.values(), ids=COMPANIONS)
def test_a_project_of_which_one_module_fails_has_each_finding_once(rule: Rule, tmp_path: Path) -> None:
    (example,) = BAD[rule.name]
    wanted = objects_found(rule, tmp_path / "whole", example)
    assert {*wanted.values()} == {1}
    assert objects_found(rule, tmp_path / "first", f"1 / 0\n{example}") == wanted
    # The rule sees the classes that were made before, and some questions need all of the models.
    assert objects_found(rule, tmp_path / "last", f"{example}\n1 / 0\n") in (wanted, Counter())


def objects_found(rule: Rule, root: Path, example: str) -> Counter[str]:
    """Return how many findings of a rule a run has about each object, in a project of two modules."""
    root.mkdir()
    (root / "beside.py").write_text(
        f"{USUAL}class Shelf(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n", encoding="utf-8"
    )
    (root / "example.py").write_text(USUAL + example, encoding="utf-8")
    with empty_sqlmodel():
        try:
            report = check(Config(root=root, models=("beside", "example"), offline=True))
        finally:
            for name in ("beside", "example"):
                sys.modules.pop(name, None)
    return Counter(one.object for one in report.findings if one.rule == rule.name)


TABLES = """
class User(SQLModel, table=True):
    __tablename__ = "users"
    id: int | None = Field(default=None, primary_key=True)
    name: str
"""
LINKED = f'{TABLES}    loans: list["Loan"] = Relationship(back_populates="user")\n'


def models(*lines: str, before: str = TABLES, head: str = "class Loan(SQLModel, table=True):") -> str:
    """Return tables, and one more called `loans` that has these lines."""
    body = "".join(f"    {line}\n" for line in lines)
    key = "    id: int | None = Field(default=None, primary_key=True)\n"
    return f'{before}\n{head}\n    __tablename__ = "loans"\n{key}{body}'


def mapped(*lines: str) -> str:
    """Return declarative tables, the last of which, `loans`, has these lines."""
    body = "".join(f"    {line}\n" for line in lines)
    return f"""
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
class Loan(Base):
    __tablename__ = "loans"
    id: Mapped[int] = mapped_column(primary_key=True)
{body}"""


FOUND = [
    ("foreign-key-invalid-action", models('x: int = Field(foreign_key="users.id", ondelete="DELETE")'), "loans.x"),
    (
        "foreign-key-invalid-action",
        models('x: int = Field(sa_column_args=[ForeignKey("users.id", onupdate="NONE", ondelete="CASCADE")])'),
        "loans.x",
    ),
    (
        "foreign-key-invalid-action",
        models('x: int = Field(sa_column=Column("y", sa.Integer, ForeignKey("users.id", ondelete="SETNULL")))'),
        "loans.y",
    ),
    ("foreign-key-invalid-action", mapped('x = Column(ForeignKey("users.id", ondelete="X"))'), "loans.x"),
    ("foreign-key-without-column", models('name: str = Field(foreign_key="users")'), "loans.name"),
    ("foreign-key-without-column", mapped('name: Mapped[str] = mapped_column(ForeignKey("users"))'), "loans.name"),
    ("foreign-key-target-missing", models('x: int = Field(foreign_key="user.id")'), "loans.x"),
    ("foreign-key-target-missing", models('x: int = Field(foreign_key="users.uid")'), "loans.x"),
    ("foreign-key-target-missing", models('x: int = Field(foreign_key="users.nmae")'), "loans.x"),
    ("foreign-key-target-missing", mapped('x = Column(ForeignKey("users.uuid"))'), "loans.x"),
    ("relationship-target-missing", models('user: "Users" = Relationship()'), "Loan~user"),
    ("relationship-target-missing", models('user: "users" = Relationship()'), "Loan~user"),
    ("relationship-target-missing", mapped('user: Mapped["Userr"] = relationship()'), "Loan~user"),
    ("relationship-target-missing", mapped('user = relationship("Userr", viewonly=True)'), "Loan~user"),
    ("back-populates-target-missing", models('user: "User" = Relationship(back_populates="x")'), "Loan~user"),
    ("back-populates-target-missing", models('user: User | None = Relationship(back_populates="name")'), "Loan~user"),
    (
        "back-populates-target-missing",
        mapped('user: Mapped[Optional["User"]] = relationship(back_populates="loans")'),
        "Loan~user",
    ),
    (
        "back-populates-target-missing",
        models('user: "User" = Relationship(sa_relationship_kwargs={"back_populates": "x", "lazy": "joined"})'),
        "Loan~user",
    ),
    ("back-populates-one-sided", models('user: "User" = Relationship()', before=LINKED), "Loan~user"),
    (
        "back-populates-one-sided",
        models('user: Optional["User"] = Relationship(passive_deletes=True)', before=LINKED),
        "Loan~user",
    ),
    pytest.param(
        "naive-datetime-value",
        models("x: datetime = Field(default_factory=datetime.utcnow)"),
        "loans.x",
        marks=refuses_naive_values,
    ),
    pytest.param(
        "naive-datetime-value",
        models("x: dt.datetime | None = Field(default_factory=dt.datetime.now)"),
        "loans.x",
        marks=refuses_naive_values,
    ),
    pytest.param(
        "naive-datetime-value",
        models('x: datetime = Field(sa_column_kwargs={"onupdate": datetime.today})'),
        "loans.x",
        marks=refuses_naive_values,
    ),
    (
        "naive-datetime-value",
        models("x: datetime = Field(default_factory=datetime.now, sa_column=Column(sa.DateTime(timezone=True)))"),
        "loans.x",
    ),
    (
        "naive-datetime-value",
        mapped("x: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=datetime.now)"),
        "loans.x",
    ),
    (
        "naive-datetime-value",
        mapped("x = Column(sa.TIMESTAMP(timezone=True), default=datetime.now, onupdate=datetime.utcnow)"),
        "loans.x",
    ),
    ("default-evaluated-once", models("x: UUID = Field(default=uuid4(), unique=True)"), "loans.x"),
    ("default-evaluated-once", models("x: str = Field(uuid4().hex, unique=True)"), "loans.x"),
    ("default-evaluated-once", models("x: str = Field(default=str(uuid.uuid4()), unique=True)"), "loans.x"),
    ("default-evaluated-once", models("x: datetime = Field(default=datetime.now(UTC))"), "loans.x"),
    ("default-evaluated-once", models("x: datetime = datetime.utcnow()"), "loans.x"),
    ("default-evaluated-once", models("x: date = date.today()"), "loans.x"),
    ("default-evaluated-once", mapped("x = Column(sa.DateTime, default=datetime.utcnow())"), "loans.x"),
    ("default-evaluated-once", mapped("x: Mapped[UUID] = mapped_column(default=uuid4(), unique=True)"), "loans.x"),
    ("default-is-function", models("x: UUID = Field(default=uuid.uuid4)"), "loans.x"),
    ("default-is-function", models("x: dict = Field(dict, sa_type=pg.JSONB)"), "loans.x"),
    ("default-is-function", models("x: datetime = Field(default=datetime.utcnow)"), "loans.x"),
    ("default-is-function", models("x: int = Field(default=lambda: 1)"), "loans.x"),
    ("default-is-function", models("x: int = Field(default=made)", before="def made(): return 1\n"), "loans.x"),
    (
        "server-default-is-literal",
        models('x: datetime = Field(sa_column_kwargs={"server_default": "now()"})'),
        "loans.x",
    ),
    (
        "server-default-is-literal",
        models('x: int = Field(sa_column=Column(sa.Integer, server_default="NULL"))'),
        "loans.x",
    ),
    (
        "server-default-is-literal",
        mapped('x = Column(sa.DateTime(timezone=True), server_default="CURRENT_TIMESTAMP")'),
        "loans.x",
    ),
    (
        "server-default-is-literal",
        models(
            'x: UUID = Field(sa_column_kwargs={"server_default": "gen_random_uuid()"})',
            '__table_args__ = {"schema": "s"}',
        ),
        "s.loans.x",
    ),
    (
        "cascade-overridden",
        models('x: list["User"] = Relationship(cascade_delete=True, sa_relationship_kwargs={"cascade": "all"})'),
        "Loan~x",
    ),
    ("relationship-annotation", models('user: "User | None" = Relationship()'), "Loan~user"),
    ("relationship-annotation", models("users: 'List[\"User\"]' = Relationship()"), "Loan~users"),
    (
        "table-name-implicit",
        "class UserProfile(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n",
        "userprofile",
    ),
    ("model-name", "class user_profile(SQLModel, table=True):\n    __tablename__ = 'u'\n", "user_profile"),
    ("model-name", "class Users(SQLModel, table=True):\n    __tablename__ = 'u'\n", "Users"),
]


@pytest.mark.parametrize(("name", "text", "object_"), FOUND)
def test_what_the_source_says_beyond_doubt_is_found(name: str, text: str, object_: str) -> None:
    check_found(get_rule(name), text, object_)


@pytest.mark.parametrize(("name", "text", "object_"), FOUND)
def test_the_rule_says_the_same_where_it_imports(name: str, text: str, object_: str, tmp_path: Path) -> None:
    rule = get_rule(name)
    with imported(tmp_path, {"found_models.py": text}) as (schema, source):
        if schema.is_whole:
            assert said(rule, source) <= said(rule, schema)
            assert {one for one, _ in said(rule, source)} == {object_}


def test_annotations_that_are_all_strings_are_told_as_such() -> None:
    text = (
        "# no usual imports\nfrom __future__ import annotations\nfrom sqlmodel import Field, Relationship, SQLModel\n"
        + QUOTED.replace('"', "").replace("book.id", '"book.id"').replace("CASCADE", '"CASCADE"')
    )
    (problem, _) = check_found(get_rule("relationship-annotation"), text, "Book~loans", "Loan~book")
    assert "__future__" in problem.remedy
    assert problem.fix is None


def test_two_relationships_over_one_key_are_found_from_either_side() -> None:
    text = models(
        'user_id: int = Field(foreign_key="users.id")',
        'user: "User" = Relationship()',
        before=LINKED.replace('back_populates="user"', ""),
    )
    found = check_found(get_rule("relationship-without-back-populates"), text, "Loan~user", "User~loans")
    assert {one.remedy for one in found} == {'back_populates="user"', 'back_populates="loans"'}


FOREIGN = [
    'x: int | None = Field(foreign_key="users.id", ondelete="set null")',
    'x: int = Field(foreign_key="users.id", ondelete=ACTION)',
    "x: int = Field(foreign_key=TARGET, ondelete='DELETE')",
    'x: int = Field(foreign_key="users.id", **more)',
    'x: int = Field(foreign_key="users.name")',
    'x: int = Field(foreign_key="shop.users.id")',  # the schema may be the metadata's own
    'x: int = Field(foreign_key="accounts.id")',  # nothing is called nearly so
    'x: int = Field(foreign_key="users")',  # there is no column x to take
    'x: int = Field(foreign_key="elsewhere")',
    "x: int = Field(sa_column_args=[ForeignKey(User.id, ondelete='DELETE')])",
    "x: int = Field(sa_column_args=[CheckConstraint('x > 0'), ForeignKey()])",
    "x: Annotated[int, Field(foreign_key='user.id')]",
    "x: int = OtherField(foreign_key='user.id', ondelete='DELETE')",
]

LINKS = [
    'user: "User" = Relationship(back_populates=NAME)',
    'user: "User" = Relationship(back_populates="x", sa_relationship_kwargs=MORE)',
    'user: "User" = Relationship(back_populates="x", sa_relationship_kwargs={**MORE})',
    'user: "User" = Relationship(back_populates="x", **more)',
    'user: "User" = Relationship(sa_relationship=relationship(back_populates="x"))',
    'user: "User" = Relationship(back_populates="x", sa_relationship_kwargs={"viewonly": True})',
    'user: "User" = Relationship(cascade_delete=True)',
    'user: "User" = Relationship(cascade_delete=YES, sa_relationship_kwargs={"cascade": "all"})',
    'user: "User" = Relationship(cascade_delete=True, sa_relationship_kwargs={"cascade": "all, delete-orphan"})',
    'user: "User" = Relationship(cascade_delete=True, sa_relationship_kwargs={"cascade": CASCADE})',
    'user: "Company" = Relationship(back_populates="x")',  # nothing is called nearly so
    'user: "User" | int = Relationship(back_populates="x")',
    'user: elsewhere.User = Relationship(back_populates="x")',
    'user: "User" = made_elsewhere(back_populates="x")',
]

DEFAULTS = [
    "x: datetime = Field(default_factory=lambda: datetime.now(UTC))",
    "x: datetime = Field(default_factory=utc_now)",
    "x: datetime = Field(default_factory=datetime.utcnow, sa_type=sa.DateTime)",
    "x: datetime = Field(default_factory=datetime.utcnow, sa_type=NaiveUtc)",
    "x: datetime = Field(default_factory=datetime.utcnow, sa_column=a_column())",
    "x: datetime = Field(default_factory=datetime.utcnow, sa_column=A_COLUMN)",
    "x: datetime = Field(default_factory=datetime.utcnow, sa_column=Column(sa.DateTime))",
    "x: datetime = Field(default_factory=datetime.utcnow, sa_column=Column(sa.DateTime(timezone=AWARE)))",
    "x: Stamp = Field(default_factory=datetime.utcnow)",
    "x: Annotated[datetime, AfterValidator(aware)] = Field(default_factory=datetime.utcnow)",
    "x: datetime | str = Field(default_factory=datetime.utcnow)",
    "x: UUID = Field(default_factory=uuid4)",
    "x: UUID = Field(default=uuid4())",  # not unique: it may be meant
    "x: UUID = Field(default=UUID(int=0), unique=True)",
    "x: datetime = Field(default=datetime(2020, 1, 1))",
    "x: datetime = Field(default=now())",
    "x: int = Field(default=5)",
    "x: int = Field(default=made_elsewhere)",
    "x: type = Field(default=User, sa_type=AType)",
    "x: ClassVar[Any] = uuid4()",
    "x: datetime = Field(sa_column_kwargs={'server_default': func.now()})",
    "x: str = Field(sa_column_kwargs={'server_default': 'draft'})",
    "x: int = Field(sa_column_kwargs={'server_default': '0'})",
    "x: Status = Field(sa_column_kwargs={'server_default': 'now()'})",
    "x: datetime = Field(sa_column_kwargs=MORE)",
    "x: datetime = Field(sa_column_kwargs={NAME: 'now()', 'comment': 'n'})",
    "x: int = Field(sa_type=AType, sa_column_kwargs={'server_default': 'now()'})",
]

OTHERS = [
    "x = Column(default=uuid4, unique=True)",
    "x: Mapped[datetime] = mapped_column(default=datetime.utcnow)",  # what str means is for the project to say
    "x: Mapped[datetime] = mapped_column(server_default='now()')",
    "x = Column(AType, sa.Identity(), server_default='now()')",
    "x = Column(sa.Enum('now()'), server_default='now()')",
    "x: Mapped[UUID] = mapped_column(default=uuid4)",
    "user = relationship(User, backref='loans')",
    "user = relationship(lambda: User, back_populates='x')",
    "user: Mapped['User'] = relationship('User', secondary='a')",
    "@declared_attr\n    def x(cls): return Column(ForeignKey('user.id', ondelete='DELETE'))",
]


@pytest.mark.parametrize("line", [*FOREIGN, *LINKS, *DEFAULTS])
def test_what_is_right_or_not_clear_is_left_alone(line: str) -> None:
    for rule in COMPANIONS.values():
        check_clean(rule, models(line))


@pytest.mark.parametrize("line", OTHERS)
def test_what_is_right_or_not_clear_in_declarative_classes_is_left_alone(line: str) -> None:
    for rule in COMPANIONS.values():
        check_clean(rule, mapped(line))


BROKEN = [
    'x: int = Field(foreign_key="user.id", ondelete="DELETE", default=uuid4(), unique=True)',
    'user: "Users | None" = Relationship(back_populates="x")',
]


@pytest.mark.parametrize(
    "text",
    [
        models(*BROKEN, head="class Loan(SQLModel):"),  # no table
        models("if True:", *(f"    {line}" for line in BROKEN)),
        "if True:" + models(*BROKEN, before="").replace("\n", "\n    "),
        models(*BROKEN, before="").replace('"loans"', "name_of()"),
        models(*BROKEN, *BROKEN, before=""),  # which of the two counts is another rule's business
        models(*BROKEN, before="").replace('__tablename__ = "loans"', "__table__ = made()"),
    ],
)
def test_classes_and_fields_that_are_not_clear_are_left_alone(text: str) -> None:
    for rule in COMPANIONS.values():
        check_clean(rule, text)


@pytest.mark.parametrize("singular", [True, False])
def test_a_companion_takes_the_options_of_its_rule(singular: bool) -> None:
    text = "class Users(SQLModel, table=True):\n    __tablename__ = 'u'\n"
    check_found(get_rule("model-name"), text, *(["Users"] if singular else []), singular=singular)


@pytest.mark.parametrize(
    "text",
    [
        # It may link two tables.
        "class UserRoles(SQLModel, table=True):\n    __tablename__ = 'r'\n    a: int = Field(foreign_key='a.id')\n    b: int = Field(foreign_key='b.id')\n",
        "class Both(SQLModel):\n    a: int = Field(foreign_key='a.id')\nclass UserRoles(Both, table=True):\n    __tablename__ = 'r'\n",
        "class UserSettings(SQLModel, table=True):\n    __tablename__ = 's'\n",
        "class _Thing(SQLModel, table=True):\n    __tablename__ = 't'\n",
    ],
)
def test_a_plural_that_may_be_right_is_left_alone(text: str) -> None:
    check_clean(get_rule("model-name"), text)


@pytest.mark.parametrize(
    "text",
    [
        "class Hero(SQLModel, table=True): id: int = Field(primary_key=True)\n",
        "class Named(SQLModel):\n    __tablename__ = 'n'\nclass UserProfile(Named, table=True): id: int = Field(primary_key=True)\n",
        "from elsewhere import Named\nclass UserProfile(Named, SQLModel, table=True): id: int = Field(primary_key=True)\n",
        "class Base(DeclarativeBase): pass\nclass UserProfile(Base):\n    __tablename__ = 'userprofile'\n",
        "class UserProfile(SQLModel): id: int = Field(primary_key=True)\n",
    ],
)
def test_a_name_that_is_said_or_fine_is_left_alone(text: str) -> None:
    check_clean(get_rule("table-name-implicit"), text)


@pytest.mark.parametrize(
    "more",
    [
        "Table('user', SQLModel.metadata, Column('id', sa.Integer))",
        "SQLModel.metadata.reflect(engine)",
        "importlib.import_module('shop.users')",
        "class Person(SQLModel, table=True):\n    __tablename__ = name_of()\n",
        "from elsewhere import Thing\nclass Person(Thing):\n    id: int = Field(primary_key=True)\n",
        "from elsewhere import *",
    ],
)
@pytest.mark.parametrize("name", ["foreign-key-target-missing", "relationship-target-missing"])
def test_a_table_that_the_source_may_not_show_is_not_missing(name: str, more: str) -> None:
    text = models('x: int = Field(foreign_key="user.id")', 'user: "Users" = Relationship()')
    check_found(get_rule(name), text, "loans.x" if "key" in name else "Loan~user")
    check_clean(get_rule(name), f"{text}\n{more}")


def test_a_file_that_python_cannot_read_may_have_the_table() -> None:
    text = models('x: int = Field(foreign_key="user.id")', 'user: "Users" = Relationship()')
    for name in ("foreign-key-target-missing", "relationship-target-missing"):
        check_clean(get_rule(name), {"shop/a.py": text, "shop/b.py": "class Broken(\n"})


def test_a_table_of_another_system_is_not_missing() -> None:
    from sources import ask, source_of

    source = source_of(models('x: int = Field(foreign_key="user.id")'), external_tables=("user",))
    assert list(ask(get_rule("foreign-key-target-missing"), source, {})) == []


@pytest.mark.parametrize(
    "user",
    [
        "class User(Base, table=True):",  # Base is somebody else's
        "@with_columns\nclass User(SQLModel, table=True):",
    ],
)
def test_a_class_that_may_have_more_is_not_judged_by_what_it_shows(user: str) -> None:
    text = models(
        'x: int = Field(foreign_key="users.uid")',
        'user: "User" = Relationship(back_populates="x")',
        before="from elsewhere import Base\n" + TABLES.replace("class User(SQLModel, table=True):", user),
    )
    for name in ("foreign-key-target-missing", "back-populates-target-missing"):
        check_clean(get_rule(name), text)


def test_a_backref_makes_an_attribute_that_no_class_shows() -> None:
    text = mapped('user: Mapped["User"] = relationship(back_populates="x")')
    check_found(get_rule("back-populates-target-missing"), text, "Loan~user")
    for backref in ('"x"', "NAME"):
        check_clean(
            get_rule("back-populates-target-missing"), f"{text}    other = relationship('User', backref={backref})\n"
        )


@pytest.mark.parametrize(
    ("user", "loan"),
    [
        (
            "loans: list['Loan'] = Relationship(back_populates='user')",
            "user: 'User' = Relationship(back_populates='loans')",
        ),
        (
            "loans: list['Loan'] = Relationship(sa_relationship_kwargs={'viewonly': True})",
            "user: 'User' = Relationship()",
        ),
        ("loans: list['Loan'] = Relationship(link_model=Link)", "users: list['User'] = Relationship(link_model=Link)"),
        (
            "loans: list['Loan'] = Relationship()\n    more: list['Loan'] = Relationship()",
            "user: 'User' = Relationship()",
        ),
        (
            "loans: list['Loan'] = Relationship()",
            "other_id: int = Field(foreign_key='users.id')\n    user: 'User' = Relationship()",
        ),
        ("loans: list['Loan'] = Relationship()", "__table_args__ = KEYS\n    user: 'User' = Relationship()"),
        ("loan: 'Loan' = Relationship()", "name: str"),
        (
            "loans: list['Loan'] = Relationship()",
            "user: 'User' = Relationship(sa_relationship_kwargs={'overlaps': 'loans'})",
        ),
        (
            "loans: list['Loan'] = Relationship()",
            "user: 'User' = Relationship()\n    third: 'User' = Relationship(back_populates='loans')",
        ),
        ("users: list['User'] = Relationship()", "loans: list['Loan'] = Relationship()"),
    ],
)
def test_pairs_that_know_each_other_or_are_none_are_left_alone(user: str, loan: str) -> None:
    before = f"{TABLES}    {user}\n"
    text = models('user_id: int = Field(foreign_key="users.id")', loan, before=before)
    check_clean(get_rule("relationship-without-back-populates"), text)


def test_a_class_name_that_two_classes_have_is_not_followed() -> None:
    text = models('user: "User" = Relationship(back_populates="x")')
    twin = "class User(SQLModel, table=True):\n    __tablename__ = 'others'\n    id: int = Field(primary_key=True)\n"
    for rule in COMPANIONS.values():
        check_clean(rule, {"shop/a.py": text, "shop/b.py": twin})
