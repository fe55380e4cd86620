"""The baseline: what stands in it is accepted, what is fixed must leave it, and what is new is found."""

import json
import shutil
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from schemalint.baseline import Baseline, identity, load_baseline, parsed, updated, write
from schemalint.config import Config
from schemalint.errors import SchemalintError
from schemalint.finding import Finding, Location
from schemalint.rules import rule_names
from test_cli import PROJECTS, schemalint

NAME = "schemalint-baseline.txt"


def finding(rule: str, object_: str) -> Finding:
    return Finding(rule, object_, Location("models.py", 1), "it is wrong")


def baseline(text: str) -> Baseline:
    return parsed(text, Path(NAME), NAME)


def identities(one: Baseline) -> list[str]:
    return [entry.identity for entry in one.entries]


def test_a_line_is_a_rule_and_an_object_and_comments_belong_to_the_line_below() -> None:
    found = baseline("\n# why it stays\nstring-length | books.title\r\nstring-length | books.title\n\n# last\n")
    assert identities(found) == ["string-length | books.title"]
    assert found.comments == {"string-length | books.title": ("# why it stays",)}
    assert (found.entries[0].rule, found.entries[0].object) == ("string-length", "books.title")
    assert found.entries[0].location == Location(NAME, 3, 1, 3, 28)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a | b\n<<<<<<< HEAD\n", f"{NAME}:2: a merge conflict in the baseline is not resolved"),
        ("=======\n", f"{NAME}:1: a merge conflict in the baseline is not resolved"),
        (">>>>>>> branch\n", f"{NAME}:1: a merge conflict in the baseline is not resolved"),
        ("||||||| base\n", f"{NAME}:1: a merge conflict in the baseline is not resolved"),
        ("a | b\nstring-length books.title\n", f"{NAME}:2: a line of the baseline is the name of a rule"),
        ("string-length | \n", f"{NAME}:1: a line of the baseline is the name of a rule"),
        ("two words | books\n", f"{NAME}:1: a line of the baseline is the name of a rule"),
    ],
)
def test_a_line_that_cannot_be_understood_is_told_with_its_number(text: str, sentence: str) -> None:
    with pytest.raises(SchemalintError) as caught:
        baseline(text)
    assert str(caught.value).startswith(sentence)


def test_identity_decides_and_neither_number_nor_line() -> None:
    found = baseline("string-length | books.title\n")
    assert found.accepts(finding("string-length", "books.title"))
    assert not found.accepts(finding("string-length", "books.isbn"))
    assert not found.accepts(finding("nullable-mismatch", "books.title"))


def test_an_object_of_several_lines_is_one_line() -> None:
    assert identity(finding("redundant-index", "books :index lower(\n  title)")) == (
        "redundant-index | books :index lower( title)"
    )


def test_what_is_wrong_with_an_allowance_is_never_accepted() -> None:
    found = finding("unused-allowance", "string-length for models.py:1")
    assert not baseline(f"{found.identity}\n").accepts(found)
    assert identities(updated(baseline(""), [found], [])) == []


def test_a_line_is_stale_when_its_rule_was_asked_or_is_none() -> None:
    found = baseline("string-length | books.title\nstring-length | books.isbn\ntype-drift | books.isbn\nno-rule | x\n")
    stale = found.stale([finding("string-length", "books.title")], asked=["string-length"])
    assert [one.identity for one in stale] == ["string-length | books.isbn", "no-rule | x"]


def test_an_update_keeps_what_was_not_asked_and_sorts(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text("type-drift | books.isbn\n# stays\nstring-length | b\nstring-length | a\n")
    before = load_baseline(Config(root=tmp_path, baseline=NAME))
    assert before
    found = [finding("string-length", "b"), finding("string-length", "b"), finding("model-name", "Books")]
    after = updated(before, found, before.stale(found, ["string-length", "model-name"]))
    write(after)
    assert path.read_text() == snapshot("""\
# Findings that this project has accepted; `schemalint check --update-baseline` takes out what is fixed.
model-name | Books
# stays
string-length | b
type-drift | books.isbn
""")
    again = load_baseline(Config(root=tmp_path, baseline=NAME))
    assert again
    path.chmod(0o444)
    write(again)  # the same: not touched


def test_line_endings_and_a_byte_order_mark_are_understood(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(b"\xef\xbb\xbfstring-length | b\r\n")
    found = load_baseline(Config(root=tmp_path, baseline=NAME))
    assert found
    write(updated(found, [finding("string-length", "a")], []))
    assert path.read_bytes().count(b"\r\n") == 3
    assert path.read_bytes().count(b"\n") == 3


def test_a_baseline_that_is_not_there_or_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        SchemalintError, match=r"baseline\.txt does not exist; schemalint check --update-baseline writes it"
    ):
        load_baseline(Config(root=tmp_path, baseline=NAME))
    (tmp_path / NAME).write_bytes(b"\xff\n")
    with pytest.raises(SchemalintError, match=r"baseline\.txt cannot be read"):
        load_baseline(Config(root=tmp_path, baseline=NAME))
    with pytest.raises(SchemalintError, match="cannot be written: No such file or directory"):
        write(Baseline(tmp_path / "absent" / NAME, NAME))
    assert load_baseline(Config(root=tmp_path)) is None


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the shop with its mistakes, of which four are accepted, whatever other rules may come to say."""
    path = Path(shutil.copytree(PROJECTS / "shop", tmp_path / "shop", ignore=shutil.ignore_patterns("__pycache__")))
    others = sorted({*rule_names()} - {*ABOUT})
    with (path / "pyproject.toml").open("a") as file:
        file.write(f'baseline = "{NAME}"\nignore = {json.dumps(others)}\n')
    ended = schemalint("check", "--update-baseline", cwd=path)
    assert "schemalint-baseline.txt is written: 4 accepted, 4 of them new, 0 taken out" in ended.stdout
    assert (ended.stderr, ended.returncode) == ("", 0)
    return path


def test_a_baseline_that_the_configuration_does_not_name_is_told_to_be_named(shop: Path) -> None:
    configuration = shop / "pyproject.toml"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(text.replace(f'baseline = "{NAME}"\n', ""), encoding="utf-8")
    line = f'note: no run reads it yet: write baseline = "{NAME}" under [tool.schemalint] in pyproject.toml\n'
    assert line in schemalint("check", "--offline", "--update-baseline", cwd=shop).stdout
    configuration.write_text(text, encoding="utf-8")
    assert "no run reads it" not in schemalint("check", "--offline", "--update-baseline", cwd=shop).stdout


ABOUT = (
    "downgrade-missing",
    "foreign-key-without-index",
    "revision-does-not-parse",
    "stale-baseline",
    "string-length",
    "type-drift",
    "upgrade-fails",
)


def rules(path: Path, *arguments: str) -> list[str]:
    ended = schemalint("check", "--format", "json", *arguments, cwd=path)
    assert ended.stderr == ""
    document = json.loads(ended.stdout)
    return [f"{document['accepted']} accepted", *(one["rule"] for one in document["findings"])]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_is_accepted_is_not_found_and_the_ending_says_how_much_it_is(shop: Path) -> None:
    assert (shop / NAME).read_text() == snapshot("""\
# Findings that this project has accepted; `schemalint check --update-baseline` takes out what is fixed.
downgrade-missing | 0002
foreign-key-without-index | orders.customer_id
string-length | customers.email
type-drift | customers.name
""")
    ended = schemalint("check", cwd=shop)
    assert ended.stdout.startswith("Found nothing in 2 tables and 2 revisions, 4 accepted (")
    assert (ended.stderr, ended.returncode) == ("", 0)


def test_a_new_finding_is_found_though_another_was_fixed_which_must_leave_the_file(shop: Path) -> None:
    change(shop / "shop" / "models.py", "    email: str\n", "    email: str = Field(max_length=200)\n    phone: str\n")
    assert rules(shop, "--offline") == ["2 accepted", "stale-baseline", "string-length"]
    ended = schemalint("check", "--offline", "--format", "concise", cwd=shop)
    assert ended.stdout.splitlines()[0].startswith(
        f"{NAME}:4:1: stale-baseline string-length finds nothing at customers.email"
    )
    assert schemalint("check", "--offline", "--update-baseline", cwd=shop).returncode == 0
    assert rules(shop, "--offline") == ["3 accepted"]
    lines = (shop / NAME).read_text().splitlines()
    assert "string-length | customers.phone" in lines
    assert "string-length | customers.email" not in lines
    assert "type-drift | customers.name" in lines  # which was not asked


@pytest.mark.parametrize("arguments", [["--offline"], ["--offline", "shop"], ["--offline", "shop/models.py"]])
def test_what_was_not_looked_at_makes_no_line_stale(shop: Path, arguments: list[str]) -> None:
    assert rules(shop, *arguments)[1:] == []
    change(shop / "pyproject.toml", "ignore = [", 'ignore = ["string-length", "downgrade-missing", ')
    assert rules(shop, *arguments)[1:] == []


def test_what_could_not_be_looked_at_makes_no_line_stale(shop: Path) -> None:
    before = (shop / NAME).read_text()
    (shop / "shop" / "models.py").write_text("import nowhere_to_be_found\n", encoding="utf-8")
    for arguments in ((), ("--offline",), ("--update-baseline",)):
        ended = schemalint("check", "--format", "concise", *arguments, cwd=shop)
        assert ended.stdout == ""
        assert ended.returncode == 2
    assert (shop / NAME).read_text() == before


def test_a_migration_that_fails_makes_no_line_about_drift_stale(shop: Path) -> None:
    change(shop / "migrations" / "versions" / "0002_notes.py", '"orders"', '"ordres"')
    assert rules(shop) == ["3 accepted", "upgrade-fails"]


def test_a_broken_revision_makes_no_line_about_the_history_stale(shop: Path) -> None:
    change(shop / "migrations" / "versions" / "0002_notes.py", "def downgrade", "def downgrade(")
    assert rules(shop, "--offline") == ["2 accepted", "revision-does-not-parse"]


def test_a_path_on_the_command_line_is_seen_from_the_working_directory(shop: Path) -> None:
    (shop / NAME).rename(shop / "shop" / "other.txt")
    ended = schemalint("check", "--offline", "--baseline", "other.txt", cwd=shop / "shop")
    assert ", 3 accepted (" in ended.stdout
    ended = schemalint("check", "--offline", cwd=shop)
    assert (
        ended.stderr
        == f"schemalint: the baseline {NAME} does not exist; schemalint check --update-baseline writes it\n"
    )
    assert (ended.stdout, ended.returncode) == ("", 2)


def test_an_update_below_a_path_accepts_only_what_stands_there(shop: Path) -> None:
    (shop / NAME).unlink()
    assert schemalint("check", "--offline", "--update-baseline", "migrations", cwd=shop).returncode == 0
    assert (shop / NAME).read_text().splitlines()[1:] == ["downgrade-missing | 0002"]


def test_a_conflict_is_a_sentence_with_its_line(shop: Path) -> None:
    change(shop / NAME, "downgrade-missing", "<<<<<<< HEAD\ndowngrade-missing")
    ended = schemalint("check", "--offline", cwd=shop)
    assert ended.stderr == f"schemalint: {NAME}:2: a merge conflict in the baseline is not resolved\n"
    assert (ended.stdout, ended.returncode) == ("", 2)


def test_a_convention_of_the_whole_project_keeps_its_name_whichever_example_goes(tmp_path: Path) -> None:
    table = """
class {0}(SQLModel, table=True):
    __tablename__ = "{0}s"
    id: int = Field(primary_key=True)
    code: str = Field(max_length=9, unique=True)
"""
    for names in (("Author", "Book", "Copy"), ("Book", "Copy")):
        models = "from sqlmodel import Field, SQLModel\n" + "".join(map(table.format, names))
        (tmp_path / "models.py").write_text(models, encoding="utf-8")
        ended = schemalint("check", "--models", "models", "--offline", "--format", "json", cwd=tmp_path)
        found = json.loads(ended.stdout)["findings"]
        assert "constraint-unnamed | naming convention" in [one["identity"] for one in found]
