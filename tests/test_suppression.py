"""What a comment or an entry of the configuration covers."""

import textwrap
from pathlib import Path

import pytest

from schemalint.config import Config
from schemalint.finding import Location
from schemalint.rule import Place
from schemalint.subjects.allowances import Allowances, matches
from schemalint.suppression import allowances_in, find_allowances

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
"""


@pytest.fixture
def covered(tmp_path: Path) -> dict[str, tuple[int, int]]:
    path = tmp_path / "models.py"
    path.write_text(MODELS, encoding="utf-8")
    return {
        rule: (allowance.first_line, allowance.last_line)
        for allowance in allowances_in(path, "models.py")
        for rule in allowance.rules
    }


def test_a_comment_covers_its_statement_or_the_one_below(covered: dict[str, tuple[int, int]]) -> None:
    assert covered == {
        "module-rule": (2, 2),
        "on-class": (4, 6),
        "below-header": (9, 9),
        "inside": (10, 12),
        "also-inside": (10, 12),
        "above": (15, 15),
        "in-a-body": (19, 19),
    }


def test_a_comment_inside_what_is_wrong_covers_it(tmp_path: Path) -> None:
    path = tmp_path / "0001.py"
    path.write_text("def downgrade():\n    pass  # schemalint: allow[downgrade-missing] a view, made again\n", "utf-8")
    (allowance,) = allowances_in(path, "0001.py")
    assert allowance.covers("downgrade-missing", Place("0001", Location("0001.py", 1, 1, 2, 9)))
    assert not allowance.covers("downgrade-missing", Place("0001", Location("0001.py", 1, 1, 1, 16)))


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
        [tool.schemalint.allow]
        string-length = [
            "books.*",
        ]
        """),
        encoding="utf-8",
    )
    config = Config(root=tmp_path, allow={"string-length": ("books.*",)})
    (allowance,) = find_allowances(config, [])
    assert (allowance.location.path, allowance.location.line) == ("pyproject.toml", 3)
    assert allowance.covers("string-length", Place("books.title", None))
    assert not allowance.covers("string-length", Place("loans.title", None))
    assert not allowance.covers("table-name-case", Place("books.title", None))


def test_an_entry_that_names_a_mixin_covers_its_field_in_every_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    config = Config(root=tmp_path, allow={"string-length": ("Named.name",)})
    (allowance,) = find_allowances(config, [])
    assert allowance.covers("string-length", Place("books.name", None, declaration="Named.name"))


def test_all_allowances_that_cover_a_problem_count_as_used(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    config = Config(root=tmp_path, allow={"string-length": ("books.*", "*.title", "*.isbn")})
    found = tuple(find_allowances(config, []))
    allowances = Allowances(found, asked=frozenset({"string-length"}), known=frozenset({"string-length"}))
    assert allowances.allow("string-length", Place("books.title", None))
    assert {allowance.pattern for allowance, _ in allowances.used} == {"books.*", "*.title"}


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
        Allowances((), frozenset(), frozenset()).place("books")
