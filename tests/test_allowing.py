"""`--add-allow` writes comments that allow what was found, and changes nothing else."""

import ast
import codecs
import shutil
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from schemalint.allowing import write_allowances
from schemalint.config import Config
from schemalint.finding import Finding, Location
from schemalint.suppression import allowances_in

MODELS = '''\
from sqlmodel import Field, SQLModel


class Book(SQLModel, table=True):
    """A book."""

    id: int | None = Field(default=None, primary_key=True)
    title: str
    isbn: str  # noqa: E501
    notes: str = Field(
        default="",
        index=True,
    )
    first: str; last: str
    # the one that sells it
    shop: str  # schemalint: allow[table-name-case] it was here before
    summary: str = """many
    words"""
'''


def found(line: int, rule: str = "string-length", end_line: int = 0, path: str = "models.py") -> Finding:
    return Finding(rule, f"books.{line}", Location(path, line, 5, end_line or line, 20), "it is wrong")


def written(root: Path, content: str | bytes, *findings: Finding, reason: str = "") -> str:
    """Return the file after comments were written for all of `findings`; a second time changes nothing."""
    path = root / "models.py"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = write_allowances(Config(root=root), findings, reason)
    assert (result.allowed, result.left) == (findings, ())
    before, after = ast.parse(content), ast.parse(path.read_bytes())
    assert ast.dump(before) == ast.dump(after)
    return path.read_bytes().decode("utf-8")


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in after.splitlines() if line not in before.splitlines()]


def test_a_comment_stands_at_the_end_of_a_line_and_above_a_statement_of_several(tmp_path: Path) -> None:
    text = written(tmp_path, MODELS, found(4, "model-name"), found(8), found(12, end_line=12), found(17, end_line=18))
    assert text == snapshot('''\
from sqlmodel import Field, SQLModel


class Book(SQLModel, table=True):  # schemalint: allow[model-name]
    """A book."""

    id: int | None = Field(default=None, primary_key=True)
    title: str  # schemalint: allow[string-length]
    isbn: str  # noqa: E501
    # schemalint: allow[string-length]
    notes: str = Field(
        default="",
        index=True,
    )
    first: str; last: str
    # the one that sells it
    shop: str  # schemalint: allow[table-name-case] it was here before
    # schemalint: allow[string-length]
    summary: str = """many
    words"""
''')


def test_a_comment_that_stands_there_already_is_merged_or_followed(tmp_path: Path) -> None:
    text = written(tmp_path, MODELS, found(9), found(16), found(16, "redundant-index"), reason="old")
    assert changed_lines(MODELS, text) == snapshot(
        [
            "    isbn: str  # noqa: E501  # schemalint: allow[string-length] old",
            "    shop: str  # schemalint: allow[table-name-case, redundant-index, string-length] it was here before",
        ]
    )


def test_a_reason_is_written_and_added_where_there_is_none(tmp_path: Path) -> None:
    text = written(
        tmp_path, "x = 1  # schemalint: allow[model-name]\ny = 2\n", found(1), found(2), reason=" see\n #12 "
    )
    assert text == snapshot("""\
x = 1  # schemalint: allow[model-name, string-length] see #12
y = 2  # schemalint: allow[string-length] see #12
""")


def test_statements_of_one_line_share_a_comment(tmp_path: Path) -> None:
    text = written(tmp_path, MODELS, found(14), found(14, "model-name"))
    assert changed_lines(MODELS, text) == ["    first: str; last: str  # schemalint: allow[model-name, string-length]"]


@pytest.mark.parametrize(
    "reason", ["", "a reason that makes the line longer than the eighty-eight columns of the formatters"]
)
def test_a_line_that_would_become_too_long_has_its_comment_above(tmp_path: Path, reason: str) -> None:
    text = written(tmp_path, "class A:\n\tx: str\n", found(2), reason=reason)
    one_line = "\tx: str  # schemalint: allow[string-length]\n"
    assert text == "class A:\n" + (f"\t# schemalint: allow[string-length] {reason}\n\tx: str\n" if reason else one_line)


@pytest.mark.parametrize("tool", ["ruff", "black"])
def test_the_line_length_is_the_formatters(tmp_path: Path, tool: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.{tool}]\nline-length = 40\n")
    assert written(tmp_path, "x = 1\n", found(1)) == "# schemalint: allow[string-length]\nx = 1\n"


def test_a_decorator_keeps_its_function(tmp_path: Path) -> None:
    text = written(tmp_path, "@decorated\ndef f():\n    return 1\n", found(2))
    assert text == "# schemalint: allow[string-length]\n@decorated\ndef f():\n    return 1\n"


TABLE = """\
t = Table(
    "t",
    metadata,
    Column("a", String),
    Column(
        "b",
        String,
    ),
    Index("i", "a", "b")
)
"""


def test_a_column_of_a_core_table_has_a_comment_of_its_own(tmp_path: Path) -> None:
    text = written(
        tmp_path, TABLE, found(4), found(5, end_line=8), found(9), found(1, "table-name-number", end_line=10)
    )
    assert text == snapshot("""\
# schemalint: allow[table-name-number]
t = Table(
    "t",
    metadata,
    Column("a", String),  # schemalint: allow[string-length]
    # schemalint: allow[string-length]
    Column(
        "b",
        String,
    ),
    Index("i", "a", "b")  # schemalint: allow[string-length]
)
""")


AWKWARD = {
    "a string over several lines behind": 'x = 1; y = """a\nb"""\n',
    "a backslash behind": "x = 1; y = \\\n    2\n",
    "no line behind": "x = 1",
    "an if on its line": "if True: x = 1\n",
    "a form feed": "\x0cx = 1\n",
    "a tab": "if True:\n\tx = 1\n",
}


@pytest.mark.parametrize("name", AWKWARD)
def test_whatever_stands_there_the_program_stays_the_same(tmp_path: Path, name: str) -> None:
    source = AWKWARD[name]
    line = 1 + source[: source.index("x = 1")].count("\n")
    written(tmp_path, source, found(line))
    assert [one.rules for one in allowances_in(tmp_path / "models.py", "models.py")] == [("string-length",)]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_line_endings_are_kept(tmp_path: Path, newline: str, end: str) -> None:
    source = f"class A:\n    y: str = f(\n    )\n    x: str{end}".replace("\n", newline)
    text = written(tmp_path, source.encode(), found(2, end_line=3), found(4))
    assert text.count("\n") == text.count(newline) == source.count(newline) + 1
    assert text.endswith(newline) is bool(end)


def test_a_byte_order_mark_and_another_encoding_are_kept(tmp_path: Path) -> None:
    marked = codecs.BOM_UTF8 + "é = 1\n".encode()
    path = tmp_path / "models.py"
    written(tmp_path, marked, found(1))
    assert path.read_bytes() == codecs.BOM_UTF8 + "é = 1  # schemalint: allow[string-length]\n".encode()
    latin = "# coding: latin-1\né = 1\n".encode("latin-1")
    path.write_bytes(latin)
    write_allowances(Config(root=tmp_path), [found(2)], "très long")
    assert path.read_bytes().decode("latin-1").endswith("é = 1  # schemalint: allow[string-length] très long\n")


def left(root: Path, *findings: Finding, reason: str = "") -> list[str]:
    result = write_allowances(Config(root=root), findings, reason)
    assert (result.allowed, result.files) == ((), ())
    return [why for _, why in result.left]


def test_what_cannot_be_written_is_left_alone_with_the_reason(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.py"
    elsewhere.write_text("x = 1\n")
    root = tmp_path / "project"
    root.mkdir()
    (root / "broken.py").write_text("x = (\n")
    (root / "latin.py").write_bytes(b"# coding: latin-1\nx = 1\n")
    (root / "empty.py").touch()
    findings = [
        found(1, path="alembic.ini"),
        Finding("string-length", "books.title", None, "it is wrong"),
        found(1, "unused-allowance"),
        found(1, path=str(elsewhere)),
        found(1, path="broken.py"),
        found(2, path="latin.py"),
        found(1, path="empty.py"),
        found(1, path="absent.py"),
    ]
    assert [one.replace(str(tmp_path), "...") for one in left(root, *findings, reason="日本")] == snapshot(
        [
            'it stands on no line of Python: write "books.1" under [tool.schemalint.allow]',
            'it stands on no line of Python: write "books.title" under [tool.schemalint.allow]',
            "an allowance that is wrong is mended, not allowed",
            ".../elsewhere.py is outside of the project",
            "broken.py cannot be written: it cannot be parsed",
            "latin.py cannot be written: 'latin-1' codec can't encode characters in position 60-61: ordinal not in range(256)",
            "empty.py cannot be written: no statement stands on line 1",
            "absent.py cannot be written: No such file or directory",
        ]
    )


def test_a_file_that_may_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "models.py"
    path.mkdir()
    assert left(tmp_path, found(1)) == ["models.py cannot be written: Is a directory"]


def test_a_program_that_comments_would_change_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models.py").write_text("x = 1\n")
    monkeypatch.setattr("schemalint.allowing.comment", lambda *_: "; y = 2")
    assert left(tmp_path, found(1)) == [
        "models.py cannot be written: no comment can be put there that leaves the program as it is"
    ]
    assert (tmp_path / "models.py").read_text() == "x = 1\n"


def test_the_reference_models_can_be_allowed_everywhere(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent
    shutil.copytree(root / "reference_models", tmp_path / "reference_models")
    for path in (tmp_path / "reference_models").glob("*.py"):
        shown = f"reference_models/{path.name}"
        lines = sorted({node.lineno for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.stmt)})
        findings = [found(line, path=shown) for line in lines]
        result = write_allowances(Config(root=tmp_path), findings, "why")
        assert result.left == ()
        before = path.read_bytes()
        again = [found(one.first_line, path=shown) for one in allowances_in(path, shown)]
        write_allowances(Config(root=tmp_path), again, "why")
        assert path.read_bytes() == before
