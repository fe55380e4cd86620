"""The command line: arguments, formats, exit statuses, and a sentence for everything that can go wrong."""

import os
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
    return "\n".join(line.rpartition(", ")[0] if line.startswith("Found") else line for line in text.splitlines())


def test_concise_output_is_one_line_a_finding_and_nothing_else(shop: Path) -> None:
    ended = schemalint("check", "--format", "concise", cwd=shop)
    assert ended.stdout == snapshot("""\
migrations/versions/0002_notes.py:14:1: downgrade-missing 0002 is taken back by nothing: alembic downgrade leaves its changes, and the next upgrade makes them again
shop/models.py:10:17: type-drift customers.name is character varying(100) in the models and character varying(80) after the migrations (0001)
shop/models.py:11:5: string-length customers.email is VARCHAR without a length: it takes strings of up to 1 GB
shop/models.py:19:24: foreign-key-without-index deleting a row of customers scans all of orders: no index begins with customer_id
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

shop/models.py:11:5: string-length
   |
11 |     email: str
   |     ^^^^^^^^^^
   = customers.email is VARCHAR without a length: it takes strings of up to 1 GB
   = write: Field(max_length=...), or sa_type=Text if any length is meant

shop/models.py:19:24: foreign-key-without-index
   |
19 |     customer_id: int = Field(foreign_key="customers.id", ondelete="CASCADE")
   |                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   = deleting a row of customers scans all of orders: no index begins with customer_id
   = write: index=True, or an index that begins with customer_id

Found 4 problems in 2 tables and 2 revisions (50 rules asked, embedded PostgreSQL 17.10\
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
    bs: list["Nothing"] = Relationship()
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
