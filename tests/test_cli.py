"""The command line: arguments, formats, exit statuses, and a sentence for everything that can go wrong."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from schemalint import __version__
from schemalint.cli import main
from schemalint.rules import all_rules, get_rule, rule_names

PROJECTS = Path(__file__).parent / "projects"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the shop with mistakes."""
    return Path(shutil.copytree(PROJECTS / "shop", tmp_path / "shop", ignore=shutil.ignore_patterns("__pycache__")))


def schemalint(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "schemalint", *arguments],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def without_seconds(text: str) -> str:
    """Return a report without what differs from run to run, and without how many rules there are by now."""
    lines = (line.rpartition(", ")[0] if line.startswith("Found") else line for line in text.splitlines())
    return re.sub(r"\(\d+ rules asked", "(N rules asked", "\n".join(lines))


def test_concise_output_is_one_line_a_finding_and_nothing_else(shop: Path) -> None:
    ended = schemalint("check", "--format", "concise", cwd=shop)
    assert ended.stdout == snapshot("""\
migrations/versions/0002_notes.py:14:1: downgrade-missing 0002 is taken back by nothing: alembic downgrade leaves its changes, and the next upgrade makes them again
shop/models.py:10:17: type-drift customers.name is character varying(100) in the models and character varying(80) after the migrations (0001)
shop/models.py:11:5: string-length [* schema] customers.email is VARCHAR without a length: it takes strings of up to 1 GB
shop/models.py:19:24: foreign-key-without-index [* schema] deleting a row of customers scans all of orders: no index begins with customer_id
""")
    assert (ended.stderr, ended.returncode) == ("", 1)


def test_text_output_shows_the_users_own_lines(shop: Path) -> None:
    ended = schemalint("check", cwd=shop)
    assert without_seconds(ended.stdout) == snapshot("""\
migrations/versions/0002_notes.py:14:1: downgrade-missing
   |
14 | def downgrade() -> None:
   | ^^^^^^^^^^^^^^^^^^^^^^^^
   = 0002 is taken back by nothing: alembic downgrade leaves its changes, and the next upgrade makes them again
   = write: the way back, or raise NotImplementedError("why there is none")

shop/models.py:10:17: type-drift
   |
10 |     name: str = Field(max_length=100)
   |                 ^^^^^^^^^^^^^^^^^^^^^
   = customers.name is character varying(100) in the models and character varying(80) after the migrations (0001)
   = write: in a new revision:
     op.alter_column('customers', 'name',
                type_=sqlmodel.sql.sqltypes.AutoString(length=100))

shop/models.py:11:5: string-length [* schema]
   |
11 |     email: str
   |     ^^^^^^^^^^
   = customers.email is VARCHAR without a length: it takes strings of up to 1 GB
   = write: Field(max_length=...), or sa_type=Text if any length is meant

shop/models.py:19:24: foreign-key-without-index [* schema]
   |
19 |     customer_id: int = Field(foreign_key="customers.id", ondelete="CASCADE")
   |                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   = deleting a row of customers scans all of orders: no index begins with customer_id
   = write: index=True, or an index that begins with customer_id

Found 4 problems in 2 tables and 2 revisions (N rules asked, embedded PostgreSQL 17.10
2 fixable with --fix --unsafe-fixes.\
""")
    assert (ended.stderr, ended.returncode) == ("", 1)


def test_the_readme_shows_what_a_user_sees(shop: Path) -> None:
    readme = (PROJECTS.parent.parent / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("\n$ schemalint check\nmigrations")[2].partition("\n```")[0]
    assert without_seconds(f"migrations{shown}") == without_seconds(schemalint("check", cwd=shop).stdout)


def test_offline_asks_no_server_and_says_so(shop: Path) -> None:
    ended = schemalint("check", "--offline", cwd=shop, SCHEMALINT_DATABASE_URL="postgresql://nowhere.invalid/x")
    assert "note: drift was not looked at (--offline)" in ended.stdout
    assert "type-drift" not in ended.stdout
    assert (ended.stderr, ended.returncode) == ("", 1)


def test_paths_limit_what_is_reported(shop: Path) -> None:
    ended = schemalint("check", "--offline", "--format", "concise", "migrations", cwd=shop)
    assert {line.partition(":")[0] for line in ended.stdout.splitlines()} == {"migrations/versions/0002_notes.py"}


def test_ignored_rules_are_not_asked(shop: Path) -> None:
    ended = schemalint("check", "--offline", "--ignore", "schema,downgrade-missing", cwd=shop)
    assert ended.returncode == 0, ended.stdout
    assert "Found nothing" in ended.stdout


def test_a_comment_allows_a_finding_and_an_unused_one_is_found(shop: Path) -> None:
    models = shop / "shop" / "models.py"
    text = models.read_text(encoding="utf-8")
    text = text.replace(
        "    email: str\n", "    email: str  # schemalint: allow[string-length] checked by the mailer\n"
    )
    text = text.replace("max_length=100)", "max_length=100)  # schemalint: allow[string-length, strin-length]")
    models.write_text(text, encoding="utf-8")
    ended = schemalint("check", "--offline", "--format", "concise", "shop", cwd=shop)
    rules = [line.split(": ", 1)[1].split()[0] for line in ended.stdout.splitlines()]
    assert sorted(rules) == ["foreign-key-without-index", "unknown-rule-in-allowance", "unused-allowance"]


def test_an_allowance_in_the_configuration_is_used_or_found(shop: Path) -> None:
    with (shop / "pyproject.toml").open("a") as file:
        file.write('[tool.schemalint.allow]\nstring-length = ["customers.email", "customers.phone"]\n')
    ended = schemalint("check", "--offline", "--format", "concise", "--ignore", "history", cwd=shop)
    lines = ended.stdout.splitlines()
    assert [line.split(": ", 1)[1].split()[0] for line in lines] == ["unused-allowance", "foreign-key-without-index"]
    assert lines[0].startswith("pyproject.toml:4:1: ")


def test_a_path_or_a_group_is_allowed_in_the_configuration(shop: Path) -> None:
    with (shop / "pyproject.toml").open("a") as file:
        file.write('[tool.schemalint.allow-paths]\n"shop/**" = ["schema"]\n"migrations/**" = ["history"]\n')
    ended = schemalint("check", "--offline", "--format", "concise", cwd=shop)
    assert (ended.stdout, ended.returncode) == ("", 0)


def test_a_comment_for_a_file_or_a_class_takes_its_findings_away(shop: Path) -> None:
    models, revision = shop / "shop" / "models.py", shop / "migrations" / "versions" / "0002_notes.py"
    models.write_text(
        models.read_text(encoding="utf-8")
        .replace("class Customer(", "# schemalint: allow[string-length] checked by the mailer\nclass Customer(")
        .replace(
            "class Order(SQLModel, table=True):", "class Order(SQLModel, table=True):  # schemalint: allow[schema]"
        ),
        encoding="utf-8",
    )
    revision.write_text(f"# schemalint: allow-file[downgrade-missing]\n{revision.read_text(encoding='utf-8')}", "utf-8")
    ended = schemalint("check", "--offline", "--format", "concise", cwd=shop)
    assert (ended.stdout, ended.returncode) == ("", 0)


MIXIN = """\
from sqlmodel import Field, SQLModel


class Named(SQLModel):
    name: str


class Shelf(Named, table=True):  # schemalint: allow[string-length] three shelves
    __tablename__ = "shelves"
    id: int | None = Field(default=None, primary_key=True)


class Room(Named, table=True):
    __tablename__ = "rooms"
    id: int | None = Field(default=None, primary_key=True)
"""


def test_a_class_can_allow_what_it_inherits_and_the_other_tables_keep_it(shop: Path) -> None:
    (shop / "shop" / "models.py").write_text(MIXIN, encoding="utf-8")
    ended = schemalint("check", "--offline", "--format", "json", "shop", cwd=shop)
    (found,) = json.loads(ended.stdout)["findings"]
    assert (found["rule"], found["object"], found["tables"]) == ("string-length", "Named.name", ["rooms"])
    assert found["location"]["line"] == 5


def test_add_allow_writes_comments_after_which_nothing_is_found(shop: Path) -> None:
    found = schemalint("check", "--offline", "--format", "concise", cwd=shop).stdout.count("\n")
    ended = schemalint("check", "--offline", "--add-allow=we know", cwd=shop)
    assert ended.stderr == f"schemalint: allowed {found} findings in 2 files\n"
    assert f", {found} allowed (" in ended.stdout
    assert ended.returncode == 0
    models = (shop / "shop" / "models.py").read_text(encoding="utf-8")
    assert "    email: str  # schemalint: allow[string-length] we know\n" in models
    ended = schemalint("check", "--offline", "--add-allow", "shop", cwd=shop)  # the path is no reason
    assert ended.stderr == "schemalint: allowed 0 findings in 0 files\n"
    assert (shop / "shop" / "models.py").read_text(encoding="utf-8") == models


def test_add_allow_says_what_it_leaves_alone(shop: Path) -> None:
    with (shop / "pyproject.toml").open("a") as file:
        file.write('[tool.schemalint.allow]\nstring-length = ["customers.phone"]\n')
    ended = schemalint("check", "--offline", "--add-allow", "--format", "concise", cwd=shop)
    left, *_ = ended.stderr.splitlines()
    assert left == (
        "schemalint: left alone: unused-allowance | string-length for customers.phone: "
        "an allowance that is wrong is mended, not allowed"
    )
    assert ended.stdout.startswith("pyproject.toml:4:1: unused-allowance")
    assert ended.returncode == 1


def test_statistics_count_the_findings_of_each_rule(shop: Path) -> None:
    models = shop / "shop" / "models.py"
    text = models.read_text(encoding="utf-8")
    models.write_text(text.replace("    email: str\n", "    email: str\n    phone: str\n"), encoding="utf-8")
    ended = schemalint("check", "--statistics", "--offline", cwd=shop)
    assert without_seconds(ended.stdout) == snapshot("""\
2  string-length
1  downgrade-missing
1  foreign-key-without-index

note: drift was not looked at (--offline)
Found 4 problems in 2 tables and 2 revisions (N rules asked
3 fixable with --fix --unsafe-fixes.\
""")
    assert ended.returncode == 1
    document = json.loads(schemalint("check", "--statistics", "--offline", "--format", "json", cwd=shop).stdout)
    assert document["statistics"][0] == {"rule": "string-length", "count": 2}
    assert document["exit-status"] == 1
    ended = schemalint("check", "--statistics", "--offline", "--format", "github", cwd=shop)
    assert ended.stderr == "schemalint: --statistics are printed as text or json, not as github\n"
    assert (ended.stdout, ended.returncode) == ("", 2)


def test_statistics_of_nothing_are_the_ending(shop: Path) -> None:
    ended = schemalint("check", "--statistics", "--offline", "--ignore", "schema,history,source", cwd=shop)
    assert ended.stdout.splitlines()[1].startswith("Found nothing")
    assert ended.returncode == 0


def test_a_report_can_be_written_to_a_file(shop: Path) -> None:
    ended = schemalint("check", "--offline", "--format", "concise", "--output-file", "report.txt", cwd=shop)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("", "", 1)
    assert "string-length" in (shop / "report.txt").read_text(encoding="utf-8")
    ended = schemalint("check", "--offline", "--output-file", "absent/report.txt", cwd=shop)
    assert ended.stderr == "schemalint: the report cannot be written to absent/report.txt: No such file or directory\n"
    assert ended.returncode == 2


@pytest.mark.parametrize("path", ["shop/__init__.py", "pyproject.toml", "alembic.ini", "migrations/env.py"])
def test_a_file_in_which_nothing_stands_is_fine(shop: Path, path: str) -> None:
    ended = schemalint("check", "--offline", "--format", "concise", path, cwd=shop)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("", "", 0)


def test_a_revision_as_a_path_reports_what_stands_in_it(shop: Path) -> None:
    ended = schemalint("check", "--offline", "--format", "concise", "migrations/versions/0002_notes.py", cwd=shop)
    assert [line.split()[1] for line in ended.stdout.splitlines()] == ["downgrade-missing"]


def test_rules_are_a_table_with_one_line_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["rule", "profile", "group", "fix", "what", "it", "finds"]
    assert [line.split()[0] for line in lines] == [one.name for one in all_rules()]
    assert len({line.index(get_rule(line.split()[0]).summary) for line in lines}) == 1


def test_rules_as_json_have_options_choices_and_pages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", "json"]) == 0
    rules = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert {*rules} == {*rule_names()}
    one = rules["table-name-number"]
    assert (one["profile"], one["group"], one["summary"]) == ("default", "schema", get_rule(one["name"]).summary)
    assert {"name": "style", "default": "plural", "choices": ["plural", "singular"]} in one["options"]
    assert one["page"].startswith(one["summary"])


def test_explain_prints_the_page_how_to_allow_it_and_the_options_with_their_values_here(shop: Path) -> None:
    with (shop / "pyproject.toml").open("a") as file:
        file.write('[tool.schemalint.rules.table-name-number]\nstyle = "singular"\n')
    ended = schemalint("explain", "table-name-number", cwd=shop)
    assert ended.stdout.startswith(f"table-name-number (default, schema)\n\n{get_rule('table-name-number').page}\n")
    assert ended.stdout.partition("Allow it")[2] == snapshot("""\
 with a comment at the line, # schemalint: allow[table-name-number] and why, or in pyproject.toml by object or path.

  option     default   here        choices
  style      "plural"  "singular"  ["plural", "singular"]
  also-fine  []        []
""")


def test_explain_tells_a_long_value_below_its_table(shop: Path) -> None:
    ended = schemalint("explain", "small-primary-key", cwd=shop)
    table = ended.stdout.partition("  option")[2]
    assert table.startswith(
        "   default           here              choices\n  growing  29 values, below  29 values, below\n"
    )
    assert '\n  growing is by default ["audit", ' in table
    assert "is here" not in table
    assert max(map(len, table.splitlines())) <= 100
    with (shop / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[tool.schemalint.rules.small-primary-key]\ngrowing = ['log']\n")
    table = schemalint("explain", "small-primary-key", cwd=shop).stdout.partition("  option")[2]
    assert '  growing  29 values, below  ["log"]\n' in table
    with (shop / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write(
            f"[tool.schemalint.rules.required-index]\ncolumns = {[f'column_{number}' for number in range(9)]}\n"
        )
    table = schemalint("explain", "required-index", cwd=shop).stdout.partition("  option")[2]
    assert '\n  columns is here ["column_0", ' in table


def test_what_several_tables_share_is_allowed_once(tmp_path: Path) -> None:
    tables = "".join(
        f"class {name}(Titled, table=True):\n    __tablename__ = {name.lower()!r}\n    id: int | None = Field(default=None, primary_key=True)\n"
        for name in ("Books", "Films")
    )
    (tmp_path / "pyproject.toml").write_text('[tool.schemalint]\nmodels = ["shop"]\n', encoding="utf-8")
    (tmp_path / "shop.py").write_text(
        f"from sqlmodel import Field, SQLModel\nclass Titled(SQLModel):\n    title: str\n{tables}", encoding="utf-8"
    )
    arguments = ("--offline", "--select", "schema", "--ignore", "model-name")
    added = schemalint("check", *arguments, "--add-allow=old", cwd=tmp_path).stdout
    assert ", 1 allowed (" in added
    assert ", 1 allowed (" in schemalint("check", *arguments, cwd=tmp_path).stdout


def test_explain_says_what_is_fixed_and_what_cannot_be_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "foreign-key-without-column"]) == 0
    assert "\nFixes: safe (--fix).\n" in capsys.readouterr().out
    assert main(["explain", "unused-allowance"]) == 0
    assert capsys.readouterr().out.endswith("\nIt cannot be allowed; ignore turns it off.\n")
    assert main(["explain", "multiple-heads"]) == 0
    assert capsys.readouterr().out.endswith("or in pyproject.toml by revision or path.\n")


def test_explain_of_a_group_lists_its_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "allowances"]) == 0
    assert capsys.readouterr().out == snapshot("""\
allowances: 3 rules

stale-baseline             default  A line of the baseline that accepts nothing any more.
unknown-rule-in-allowance  default  An allowance that names no rule.
unused-allowance           default  An allowance that allows nothing.
""")


LIGHT = """\
import sys
from schemalint.cli import main
status = main([sys.argv[1]])
print({"sqlalchemy", "alembic", "psycopg", "sqlmodel"} & {*sys.modules})
sys.exit(status)
"""


def test_help_and_version_import_nothing_heavy() -> None:
    for argument, expected in (("--help", "exit status: 0 nothing found"), ("--version", f"schemalint {__version__}")):
        command = [sys.executable, "-c", LIGHT, argument]
        ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
        assert expected in ended.stdout
        assert ended.stdout.endswith("set()\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check", "--ofline"], "unrecognized arguments: --ofline; did you mean --offline?"),
        (["chek"], "invalid choice: 'chek'"),
        ([], "the following arguments are required: COMMAND"),
        (["explain", "string-lenght"], "there is no rule 'string-lenght'; did you mean 'string-length'?"),
        (["explain", "scheme"], "there is no rule 'scheme'; did you mean 'schema'?"),
        (["check", "--select", "string-lenght"], "did you mean 'string-length'?"),
        (["check", "absent.py"], "absent.py: there is no such file or directory"),
    ],
)
def test_misspelt_arguments_get_a_sentence_and_status_2(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert sentence in capsys.readouterr().err


def test_an_empty_directory_is_told_what_to_write(tmp_path: Path) -> None:
    ended = schemalint("check", cwd=tmp_path)
    assert (ended.stdout, ended.returncode) == ("", 2)
    assert "there is nothing to check in" in ended.stderr
    assert 'models = ["your_package.models"]' in ended.stderr


def test_models_without_alembic_are_checked(shop: Path) -> None:
    (shop / "alembic.ini").unlink()
    ended = schemalint("check", cwd=shop)
    assert "history and drift were not looked at" in ended.stdout
    assert (ended.stderr, ended.returncode) == ("", 1)


UNCONFIGURABLE = """\
from sqlmodel import Field, Relationship, SQLModel


class A(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    bs: list["B"] = Relationship(back_populates="a", sa_relationship_kwargs={"order_by": "Nothing.id"})


class B(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    a_id: int = Field(foreign_key="a.id", index=True)
    a: A = Relationship(back_populates="bs")
"""

BROKEN = {
    "models with a syntax error": ("shop/models.py", "class Customer(\n", "shop/models.py:1"),
    "models with an import that fails": ("shop/models.py", "import nowhere_to_be_found\n", "nowhere_to_be_found"),
    "models that raise": ("shop/models.py", "x = 1\nraise RuntimeError('no settings')\n", "shop/models.py:2"),
    "models that exit": ("shop/models.py", "import sys\nsys.exit(3)\n", "shop/models.py:2"),
    "a mapper that cannot be configured": (
        "shop/models.py",
        UNCONFIGURABLE,
        "Nothing",
    ),
    "an env.py that raises": ("migrations/env.py", "x = 1\nraise RuntimeError('no settings')\n", "migrations/env.py:2"),
    "an env.py with a syntax error": ("migrations/env.py", "x = (\n", "migrations/env.py:1"),
    "a configuration that is no TOML": ("pyproject.toml", "[tool.schemalint\n", "pyproject.toml"),
    "an ini without script_location": ("alembic.ini", "[alembic]\n", "script_location"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_input_is_one_sentence_with_the_users_line_and_status_2(shop: Path, name: str) -> None:
    file, content, expected = BROKEN[name]
    (shop / file).write_text(content, encoding="utf-8")
    ended = schemalint("check", cwd=shop)
    assert ended.returncode == 2
    assert expected in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout


def test_models_that_do_not_import_leave_the_history_judged(shop: Path) -> None:
    (shop / "shop" / "models.py").write_text("import nowhere_to_be_found\n", encoding="utf-8")
    ended = schemalint("check", "--format", "concise", cwd=shop)
    assert "downgrade-missing" in ended.stdout
    assert ended.returncode == 2


def test_a_migration_that_fails_in_the_middle_is_a_finding_on_its_line(shop: Path) -> None:
    revision = shop / "migrations" / "versions" / "0002_notes.py"
    revision.write_text(revision.read_text().replace('"orders"', '"ordres"'), encoding="utf-8")
    ended = schemalint(
        "check", "--format", "concise", "--select", "drift", "--ignore", "schema", "--ignore", "history", cwd=shop
    )
    (line,) = ended.stdout.splitlines()
    assert line.startswith("migrations/versions/0002_notes.py:11:")
    assert 'relation "ordres" does not exist' in line
    assert (ended.stderr, ended.returncode) == ("", 1)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('down_revision = "0001"', 'down_revision = "absent"', "down-revision-missing"),
        ("def downgrade", "def downgrade(", "revision-does-not-parse"),
    ],
)
def test_drift_that_a_broken_history_hides_is_told_in_the_words_of_its_rule(
    shop: Path, old: str, new: str, rule: str
) -> None:
    revision = shop / "migrations" / "versions" / "0002_notes.py"
    source = revision.read_text(encoding="utf-8")
    assert old in source
    revision.write_text(source.replace(old, new), encoding="utf-8")
    ended = schemalint("check", "--format", "concise", cwd=shop)
    assert f" {rule} " in ended.stdout
    assert ended.stderr.endswith(f": the migrations cannot be performed, because of {rule}\n")
    assert ended.returncode == 2


def test_a_server_that_cannot_be_had_is_a_sentence_and_the_rest_is_judged(shop: Path) -> None:
    ended = schemalint("check", "--database", "postgresql://127.0.0.1:1/x", "--format", "concise", cwd=shop)
    assert "foreign-key-without-index" in ended.stdout
    assert "could not look" in ended.stderr
    assert "127.0.0.1" in ended.stderr
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


def test_variables_of_another_server_do_not_mislead(shop: Path) -> None:
    variables = {
        "PGHOSTADDR": "127.0.0.9",
        "PGCHANNELBINDING": "require",
        "PGSSLMODE": "verify-full",
        "PGHOST": "nowhere.invalid",
    }
    ended = schemalint("check", "--format", "concise", cwd=shop, **variables)
    assert "type-drift" in ended.stdout
    assert (ended.stderr, ended.returncode) == ("", 1)


def test_models_without_any_table_are_not_called_good(shop: Path) -> None:
    (shop / "shop" / "models.py").write_text("x = 1\n", encoding="utf-8")
    ended = schemalint("check", "--format", "concise", cwd=shop)
    assert "no table" in ended.stderr
    assert ended.returncode == 2


def test_a_reader_that_goes_away_is_no_traceback(shop: Path) -> None:
    command = f"{sys.executable} -m schemalint check --offline | head -c 1"
    ended = subprocess.run(["sh", "-c", command], cwd=shop, capture_output=True, encoding="utf-8", check=False)
    assert ended.stderr == ""


def test_a_locale_without_the_users_letters_gets_them_escaped(shop: Path) -> None:
    models = shop / "shop" / "models.py"
    models.write_text(
        models.read_text(encoding="utf-8").replace("    email: str", "    email: str  # größer"), encoding="utf-8"
    )
    ended = schemalint("check", "--offline", cwd=shop, PYTHONIOENCODING="ascii")
    assert "email: str  # gr\\xf6\\xdfer" in ended.stdout
    assert (ended.stderr, ended.returncode) == ("", 1)


@pytest.mark.parametrize(
    ("redirection", "said"),
    [
        (">&-", "schemalint: standard output is closed\n"),
        (">&- 2>&- <&-", ""),
        pytest.param(
            ">/dev/full",
            "schemalint: the report cannot be written to standard output: No space left on device\n",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has /dev/full"),
        ),
    ],
)
def test_a_report_that_nobody_can_read_is_status_2(shop: Path, redirection: str, said: str) -> None:
    command = f"exec {sys.executable} -m schemalint check --offline {redirection}"
    ended = subprocess.run(["sh", "-c", command], cwd=shop, capture_output=True, encoding="utf-8", check=False)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("", said, 2)


def test_a_closed_standard_error_is_done_without(shop: Path) -> None:
    command = f"exec {sys.executable} -m schemalint check --offline --format concise 2>&-"
    ended = subprocess.run(["sh", "-c", command], cwd=shop, capture_output=True, encoding="utf-8", check=False)
    assert "string-length" in ended.stdout
    assert ended.returncode == 1


def test_paths_elsewhere_are_checked_in_their_own_project(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "pyproject.toml").touch()
    for directory in (tmp_path, tmp_path / "other"):  # outside of any project, and in another one
        ended = schemalint("check", "--offline", "--format", "concise", str(shop / "shop"), cwd=directory)
        path, _, rest = ended.stdout.partition(":")
        assert (directory / path).samefile(shop / "shop" / "models.py")
        assert "string-length" in rest
        assert (ended.stderr, ended.returncode) == ("", 1)


def test_paths_in_two_projects_are_a_sentence(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "pyproject.toml").touch()
    ended = schemalint("check", "--offline", "shop", "../other/pyproject.toml", cwd=shop)
    assert "the paths belong to different projects" in ended.stderr
    assert (ended.stdout, ended.returncode) == ("", 2)


def test_finding_nothing_is_not_called_so_when_something_could_not_be_looked_at(shop: Path) -> None:
    (shop / "shop" / "models.py").write_text("import nowhere_to_be_found\n", encoding="utf-8")
    ended = schemalint("check", "--ignore", "downgrade-missing", cwd=shop)
    assert ended.stdout.startswith("Found nothing in 2 revisions, and could not look at all of it (")
    assert ended.returncode == 2


SLOW = """\
from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    Path("reached").touch()
    op.execute("SELECT pg_sleep(60)")


def downgrade() -> None:
    op.execute("SELECT 1")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_it_is_ended_in_the_middle(shop: Path, number: signal.Signals, scratch: Path) -> None:
    (shop / "migrations" / "versions" / "0003_slow.py").write_text(SLOW, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "schemalint", "check"],
        cwd=shop,
        env=os.environ | {"TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    wait_until(lambda: (shop / "reached").exists() or process.poll() is not None, 60)
    started = descendants(process.pid)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert len(started) > 3  # the keeper, the postmaster and its own processes
    assert "Traceback" not in out + err
    if number == signal.SIGINT:
        assert (process.returncode, err) == (2, "schemalint: interrupted\n")
    wait_until(lambda: not list(scratch.iterdir()), 10)
    wait_until(lambda: not started & {pid for pid, _ in processes()}, 10)


def descendants(pid: int) -> set[int]:
    """Return the processes that `pid` started, and those that they started."""
    listed = list(processes())
    found = {child for child, parent in listed if parent == pid}
    return found.union(*(descendants(child) for child in found))


def processes() -> Iterator[tuple[int, int]]:
    """Yield every process of the machine with its parent."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, encoding="utf-8", check=True)
    for line in listed.stdout.splitlines():
        pid, parent = line.split()
        yield int(pid), int(parent)


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
