"""What a comment or an entry of the configuration covers."""

import textwrap
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from inline_snapshot import snapshot

from schemalint.config import Config
from schemalint.finding import Location
from schemalint.rule import Place, Rule
from schemalint.rules import get_rule
from schemalint.subjects.allowances import Accepted, Allowance, Allowances, matches
from schemalint.suppression import allowances_in, find_allowances, lies_in

MODELS = """\
# schemalint: allow[module-rule] for nothing in particular
import x

class Book(  # schemalint: allow[on-class]
    Base,
    table=True,
):
    # schemalint: allow[below-header] the first field
    id: int = Field()
    title: str = Field(
        index=True,  # schemalint: allow[inside, also-inside]  a reason, with a comma
    )
    # schemalint: allow[above]
    # more words about it
    isbn: str
    note = "# schemalint: allow[in-a-string]"

    def method(self):
        return 1  # schemalint: allow[in-a-body]


# schemalint: allow[above-class]
@decorated  # schemalint: allow[at-decorator]
class Loan(Base):
    book: int  # type: ignore[x]  # schemalint: allow[behind-another] why  # noqa: E501
    __table_args__ = (
        Index("a"),  # schemalint: allow[one-index]
        # schemalint: allow[index-below]
        Index(
            "b",
        ),
    )  # schemalint: allow[all-arguments]

users = Table(  # schemalint: allow[whole-table]
    "users",
    metadata,
    Column("id", Integer),  # schemalint: allow[one-column]
    # schemalint: allow[columns-of-a-line]
    Column("a", Integer), Column("b", Integer),
)

  # schemalint: allow-file[indented]
# schemalint: allow-file[file] all of it
x = 1  # schemalint: allow-file[behind]
y = 1  # schemalint: ignore[another-word]
z = 1  # schemalint: is a linter
"""


@pytest.fixture
def models(tmp_path: Path) -> dict[str, Allowance]:
    path = tmp_path / "models.py"
    path.write_text(MODELS, encoding="utf-8")
    return {rule: allowance for allowance in allowances_in(path, "models.py") for rule in allowance.rules}


def test_a_comment_covers_its_statement_or_the_one_below_and_a_class_its_body(models: dict[str, Allowance]) -> None:
    assert {rule: (one.first_line, one.last_line) for rule, one in models.items() if not one.fault} == snapshot(
        {
            "module-rule": (2, 2),
            "on-class": (4, 19),
            "below-header": (9, 9),
            "inside": (10, 12),
            "also-inside": (10, 12),
            "above": (15, 15),
            "in-a-body": (19, 19),
            "above-class": (23, 32),
            "at-decorator": (23, 32),
            "behind-another": (25, 25),
            "one-index": (27, 27),
            "index-below": (29, 31),
            "all-arguments": (26, 32),
            "whole-table": (34, 40),
            "one-column": (37, 37),
            "columns-of-a-line": (39, 39),
            "file": (1, 46),
        }
    )


def test_a_comment_that_counts_nowhere_says_why(models: dict[str, Allowance]) -> None:
    assert {rule: one.fault for rule, one in models.items() if one.fault} == snapshot(
        {
            "indented": "allow-file counts only where it stands on a line of its own, not indented",
            "behind": "allow-file counts only where it stands on a line of its own, not indented",
            "another-word": "ignore is nothing that schemalint knows",
        }
    )


def test_a_comment_inside_what_is_wrong_covers_it(tmp_path: Path) -> None:
    path = tmp_path / "0001.py"
    path.write_text("def downgrade():\n    pass  # schemalint: allow[downgrade-missing] a view, made again\n", "utf-8")
    (allowance,) = allowances_in(path, "0001.py")
    assert allowance.covers(Place("0001", Location("0001.py", 1, 1, 2, 9)), None)
    assert not allowance.covers(Place("0001", Location("0001.py", 1, 1, 1, 16)), None)


def test_the_reason_and_the_place_of_a_comment_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "models.py"
    path.write_text("é = 1  # schemalint: allow[a, b] because é\n", encoding="utf-8")
    (allowance,) = allowances_in(path, "models.py")
    assert (allowance.rules, allowance.reason) == (("a", "b"), "because é")
    assert allowance.location == Location("models.py", 1, 8, 1, 43)


def test_what_python_warns_of_in_a_file_takes_no_allowance_away(tmp_path: Path) -> None:
    path = tmp_path / "models.py"
    path.write_text('x = "\\d"  # schemalint: allow[a]\n')
    (allowance,) = allowances_in(path, "models.py")
    assert allowance.rules == ("a",)


TOO_DEEP = b"# schemalint: allow[a]\nx = " + b"-" * 100_000 + b"1\n"


@pytest.mark.parametrize(
    "content",
    [b"x = (  # schemalint: allow[a]\n", b"\xff # schemalint: allow[a]\n", b"x = 1\n", TOO_DEEP],
    ids=["unfinished", "no encoding", "no allowance", "too deep"],
)
def test_a_file_that_cannot_be_parsed_or_has_no_comment_allows_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "models.py"
    path.write_bytes(content)
    assert list(allowances_in(path, "models.py")) == []
    assert list(allowances_in(tmp_path / "absent.py", "absent.py")) == []


def test_an_entry_of_the_configuration_has_its_line_in_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        textwrap.dedent("""\
        [tool.schemalint.allow-paths]
        "legacy/**" = [
            "schema",
            "string-length",
        ]
        [tool.schemalint.allow]
        string-length = [
            "books.*",
        ]
        """),
        encoding="utf-8",
    )
    (tmp_path / "legacy").mkdir()
    (tmp_path / "legacy" / "old.py").touch()
    config = Config(
        root=tmp_path,
        allow={"string-length": ("books.*",)},
        allow_paths={"legacy/**": ("schema", "string-length")},
    )
    found = list(find_allowances(config, []))
    assert [(one.location.path, one.location.line) for one in found] == [
        ("pyproject.toml", 8),
        ("pyproject.toml", 3),
        ("pyproject.toml", 4),
    ]
    assert not any(one.fault for one in found)


BOOK = {"string-length": "schema", "table-name-case": "schema", "multiple-heads": "history"}


def allowances(*found: Allowance, homes: Mapping[str, Location] = MappingProxyType({})) -> Allowances:
    return Allowances(found, asked=frozenset(BOOK), known=BOOK, home_of=homes.get)


def configured(root: Path, **config: Any) -> Allowances:
    (root / "pyproject.toml").touch()
    return allowances(*find_allowances(Config(root=root, **config), [str(root / "legacy" / "old.py")]))


def test_an_object_of_the_configuration_is_covered_for_its_rule_only(tmp_path: Path) -> None:
    found = configured(tmp_path, allow={"string-length": ("books.*",)})
    assert found.allow("string-length", Place("books.title", None))
    assert not found.allow("string-length", Place("loans.title", None))
    assert not found.allow("table-name-case", Place("books.title", None))


def test_a_group_covers_all_of_its_rules(tmp_path: Path) -> None:
    found = configured(tmp_path, allow={"schema": ("books*",)})
    assert found.allow("string-length", Place("books.title", None))
    assert found.allow("table-name-case", Place("books", None))
    assert not found.allow("multiple-heads", Place("books", None))


def test_an_entry_that_names_a_mixin_covers_its_field_in_every_table(tmp_path: Path) -> None:
    found = configured(tmp_path, allow={"string-length": ("Named.name",)})
    assert found.allow("string-length", Place("books.name", None, declaration="Named.name"))


def test_all_allowances_that_cover_a_problem_count_as_used(tmp_path: Path) -> None:
    found = configured(tmp_path, allow={"string-length": ("books.*", "*.title", "*.isbn")})
    assert found.allow("string-length", Place("books.title", None))
    assert {allowance.pattern for allowance, _ in found.used} == {"books.*", "*.title"}


def test_a_path_covers_what_stands_in_its_files_and_what_their_tables_inherit(tmp_path: Path) -> None:
    found = configured(tmp_path, allow_paths={"legacy": ("string-length",)})
    in_mixin = Place("books.name", Location("mixins.py", 3), "Named.name", "books")
    assert found.allow("string-length", Place("x", Location("legacy/old.py", 1)))
    assert not found.allow("string-length", Place("x", Location("models.py", 1)))
    assert not found.allow("string-length", Place("legacy", None))
    assert not found.allow("string-length", in_mixin)
    at_home = allowances(*found.all, homes={"books": Location("legacy/old.py", 9)})
    assert at_home.allow("string-length", in_mixin)


def test_a_path_that_no_file_has_says_so(tmp_path: Path) -> None:
    for directory in ("src", ".hidden", "node_modules", "environment"):
        (tmp_path / directory).mkdir()
        (tmp_path / directory / f"in_{directory.strip('.')}.py").touch()
    (tmp_path / "environment" / "pyvenv.cfg").touch()
    names = ("in_src", "in_hidden", "in_node_modules", "in_environment")
    found = configured(tmp_path, allow_paths={f"**/{name}.py": ("string-length",) for name in names})
    assert [one.path for one in found.all if not one.fault] == ["**/in_src.py"]
    assert found.all[1].fault == "no file of the project is called **/in_hidden.py"


MIXED = """\
class Named:
    name: str

class Book(Named, Base):  # schemalint: allow[string-length] titles are long
    title: str

class Loan(Named, Base):
    # schemalint: allow[table-name-case]
    title: str
"""


def test_a_comment_at_a_class_covers_what_it_declares_and_what_it_inherits(tmp_path: Path) -> None:
    path = tmp_path / "models.py"
    path.write_text(MIXED, encoding="utf-8")
    homes = {"books": Location("models.py", 4), "loans": Location("models.py", 7)}
    found = allowances(*allowances_in(path, "models.py"), homes=homes)
    assert found.allow("string-length", Place("books.title", Location("models.py", 5, 5, 5, 15), "", "books"))
    assert found.allow("string-length", Place("books.name", Location("models.py", 2), "Named.name", "books"))
    assert not found.allow("string-length", Place("loans.name", Location("models.py", 2), "Named.name", "loans"))
    assert not found.allow("table-name-case", Place("loans", Location("models.py", 7), "", "loans"))
    assert not found.allow("table-name-case", Place("loans.name", Location("models.py", 2), "Named.name", "loans"))


def test_a_comment_at_a_column_of_a_core_table_covers_nothing_else_of_the_table(tmp_path: Path) -> None:
    path = tmp_path / "models.py"
    path.write_text(
        't = Table(\n    "t", m,\n    Column("a"),  # schemalint: allow[string-length]\n    Column("b"),\n)\n'
    )
    found = allowances(*allowances_in(path, "models.py"), homes={"t": Location("models.py", 1, 5, 5, 2)})
    assert found.allow("string-length", Place("t.a", Location("models.py", 3, 5, 3, 16), "", "t"))
    assert not found.allow("string-length", Place("t.b", Location("models.py", 4, 5, 4, 16), "", "t"))


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("app/models.py", "app/models.py", True),
        ("app/models.py", "app", True),
        ("app/models.py", "app/", True),
        ("app/models.py", "models.py", False),
        ("app/models.py", "*.py", False),
        ("app/models.py", "**/*.py", True),
        ("app/models.py", "**/models.py", True),
        ("models.py", "**/models.py", True),
        ("app/legacy/a/b.py", "app/legacy/**", True),
        ("app/legacy/a/b.py", "app/*/b.py", False),
        ("app/legacy/a/b.py", "app/**/b.py", True),
        ("app/b.py", "app/**/b.py", True),
        ("app/legacy/a/b.py", "app/leg*", True),
        ("app/legacy2/b.py", "app/legacy", False),
        ("app/legacy", "app/legacy/**", False),
        ("app/b1.py", "app/b?.py", True),
        ("app/b.py", "app/[b].py", False),
    ],
)
def test_a_path_is_a_glob_and_a_directory_means_what_lies_below_it(path: str, pattern: str, expected: bool) -> None:
    assert lies_in(path, pattern) is expected


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("books.title", "books.title", True),
        ("books.title", "books", False),
        ("books.title", "*", True),
        ("books.title", "*.title", True),
        ("books.title", "b*s.t*e", True),
        ("books.title", "b*x", False),
        ("books :index title", "books :index *", True),
        ("books.title", "books.[t]itle", False),
    ],
)
def test_a_star_stands_for_any_characters_and_nothing_else_is_special(name: str, pattern: str, expected: bool) -> None:
    assert matches(name, pattern) is expected


def test_allowances_place_nothing_but_their_own_rules() -> None:
    with pytest.raises(TypeError):
        allowances().place("books")


def told(rule: Rule, found: Allowances) -> list[tuple[str, str]]:
    return [(found.place(problem.part).object, problem.message) for problem in rule.ask(found, {})]


def test_what_allows_nothing_is_told_in_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "models.py"
    path.write_text(
        textwrap.dedent("""\
        a = 1  # schemalint: allow[]
        b = 1  # schemalint: allow why not
        c = 1  # schemalint: allow[string-lenght, schema, xyz]
        d = 1  # schemalint: ignore[string-length]
        e = 1  # schemalint: allow[string-length, not-asked]
        """),
        encoding="utf-8",
    )
    in_source = allowances_in(path, "models.py")
    configured = find_allowances(
        Config(root=project(tmp_path), allow={"schema": ("x*",)}, allow_paths={"gone/**": ("string-length",)}), []
    )
    known = {**BOOK, "not-asked": "drift"}
    found = Allowances((*in_source, *configured), asked=frozenset({*BOOK, "schema"}), known=known)
    assert told(get_rule("unknown-rule-in-allowance"), found) == snapshot(
        [
            ("for models.py:1", "no rule is named, so nothing is allowed"),
            ("for models.py:2", "no rule is named, so nothing is allowed"),
            ("string-lenght for models.py:3", "there is no rule 'string-lenght', so nothing is allowed"),
            ("xyz for models.py:3", "there is no rule 'xyz', so nothing is allowed"),
        ]
    )
    assert told(get_rule("unused-allowance"), found) == snapshot(
        [
            (
                "schema for models.py:3",
                "schema finds nothing here: the next problem of the kind would be allowed unseen",
            ),
            ("string-length for models.py:4", "ignore is nothing that schemalint knows, so nothing is allowed"),
            (
                "string-length for models.py:5",
                "string-length finds nothing here: the next problem of the kind would be allowed unseen",
            ),
            ("schema for x*", "schema finds nothing at x*: the next problem of the kind would be allowed unseen"),
            ("string-length for gone/**", "no file of the project is called gone/**, so nothing is allowed"),
        ]
    )
    remedies = [one.remedy for one in get_rule("unused-allowance").ask(found, {}) if "so nothing" in one.message]
    assert remedies == snapshot(
        [
            "# schemalint: allow[rule] at a statement or above it, # schemalint: allow-file[rule] on a line of its own",
            "the path of a file or directory that is there, or remove the line",
        ]
    )


def project(root: Path) -> Path:
    (root / "pyproject.toml").touch()
    return root


def test_a_line_of_the_baseline_about_no_rule_says_so() -> None:
    lines = (
        Accepted("string-length | books.title", Location("b.txt", 1)),
        Accepted("gone | books", Location("b.txt", 2)),
    )
    found = Allowances((), frozenset(), BOOK, stale=lines)
    assert told(get_rule("stale-baseline"), found) == snapshot(
        [
            (
                "string-length | books.title",
                "string-length finds nothing at books.title any more: the next problem there would be accepted unseen",
            ),
            ("gone | books", "there is no rule 'gone', so nothing is accepted"),
        ]
    )
