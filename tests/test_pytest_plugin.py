"""The pytest plugin, run by pytest itself on a project with mistakes."""

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

PROJECTS = Path(__file__).parent / "projects"

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def shop(pytester: pytest.Pytester) -> Path:
    """A copy of the shop with mistakes, in which pytest runs."""
    shutil.copytree(
        PROJECTS / "shop", pytester.path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".*")
    )
    return pytester.path


@pytest.fixture
def run(shop: Path, pytester: pytest.Pytester) -> Run:
    return pytester.runpytest_subprocess


def test_each_rule_is_an_item_of_the_session(run: Run) -> None:
    result = run("--schemalint", "-v")
    result.stdout.fnmatch_lines(
        [
            "schemalint::foreign-key-without-index FAILED*",
            "schemalint::table-name-case PASSED*",
            "schemalint::downgrade-missing FAILED*",
            "schemalint::type-drift FAILED*",
            "schemalint::could-look PASSED*",
            "shop/models.py:19:*: foreign-key-without-index [[][*] schema]",
            "*customer_id: int = Field(*",
        ]
    )
    assert result.ret == 1
    assert "Traceback" not in result.stdout.str()


def test_nothing_is_added_unless_asked_for(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_x(): pass")
    run().assert_outcomes(passed=1)


def test_offline_leaves_the_server_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHEMALINT_DATABASE_URL", "postgresql://nowhere.invalid/x")
    result = run("--schemalint-offline", "-v")
    result.stdout.fnmatch_lines(["schemalint::foreign-key-without-index FAILED*", "schemalint::could-look PASSED*"])
    result.stdout.no_fnmatch_line("*drift*")


def test_k_m_and_deselect_choose_among_the_items(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_x(): pass")
    run("--schemalint", "-k", "downgrade-missing").assert_outcomes(failed=1, deselected=counted(run) + 1 - 1)
    run("--schemalint", "-m", "not schemalint").assert_outcomes(passed=1, deselected=counted(run))
    result = run("--schemalint", "-k", "downgrade", "--deselect", "schemalint::downgrade-missing")
    assert "schemalint::downgrade-missing" not in result.stdout.str()


def counted(run: Run) -> int:
    collected = run("--schemalint", "--collect-only", "-q", "-m", "schemalint").outlines
    return sum(line.startswith("schemalint::") for line in collected)


def test_the_items_stand_in_junit_reports(run: Run, shop: Path) -> None:
    run("--schemalint", "--junit-xml=report.xml", "-k", "downgrade-missing or table-name-case")
    cases = {case.get("name"): case for case in ET.parse(shop / "report.xml").getroot().iter("testcase")}  # noqa: S314
    assert set(cases) == {"downgrade-missing", "table-name-case"}
    assert cases["downgrade-missing"].get("classname") == "schemalint"
    failure = cases["downgrade-missing"].find("failure")
    assert failure is not None
    assert "0002_notes.py" in (failure.text or "")
    assert cases["table-name-case"].find("failure") is None


def test_workers_share_one_run_and_one_server(run: Run, pytester: pytest.Pytester, shop: Path) -> None:
    """The slow part of the run leaves a line in a file each time it happens."""
    env = shop / "migrations" / "env.py"
    env.write_text(env.read_text() + "\nwith open('runs', 'a') as file:\n    file.write('run\\n')\n")
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(4))
        def test_database(throwaway_database, number):
            import psycopg
            with psycopg.connect(throwaway_database.url) as connection:
                address = connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0]
            with open("servers", "a") as file:
                file.write(f"{address}\\n")
        """
    )
    result = run("--schemalint", "-n", "2", "-k", "drift or test_database or could-look")
    assert result.parseoutcomes()["passed"] >= 5
    runs = (shop / "runs").read_text().splitlines()
    servers = (shop / "servers").read_text().splitlines()
    once = [line for line in runs if line == "run"]
    run("--schemalint", "-k", "drift or could-look")
    assert len((shop / "runs").read_text().splitlines()) == 2 * len(once)
    assert len(servers) == 4
    assert len(set(servers)) == 1


def test_a_rule_that_could_not_be_asked_fails_with_the_reason(run: Run, shop: Path) -> None:
    (shop / "shop" / "models.py").write_text("import nowhere_to_be_found\n")
    result = run("--schemalint", "-v", "-k", "table-name-case or downgrade-missing or could-look")
    result.stdout.fnmatch_lines(
        [
            "schemalint::downgrade-missing FAILED*",
            "schemalint::could-look FAILED*",
            "*could not look: *nowhere_to_be_found*",
        ]
    )


def test_what_the_baseline_accepts_passes_and_a_stale_line_fails(run: Run, shop: Path) -> None:
    with (shop / "pyproject.toml").open("a") as file:
        file.write('baseline = "accepted.txt"\n')
    (shop / "accepted.txt").write_text("string-length | customers.email\nstring-length | customers.phone\n")
    result = run("--schemalint-offline", "-v", "-k", "string-length or stale-baseline or downgrade-missing")
    result.stdout.fnmatch_lines(
        [
            "schemalint::string-length PASSED*",
            "schemalint::downgrade-missing FAILED*",
            "schemalint::stale-baseline FAILED*",
            "accepted.txt:2:1: stale-baseline",
        ]
    )
    (shop / "accepted.txt").write_text("<<<<<<< HEAD\n")
    result = run("--schemalint-offline", "-k", "could-look")
    result.stdout.fnmatch_lines(["*accepted.txt:1: a merge conflict in the baseline is not resolved*"])


def test_wrong_configuration_is_a_usage_error(run: Run, shop: Path) -> None:
    (shop / "pyproject.toml").write_text("[tool.schemalint]\nmodles = []\n")
    result = run("--schemalint")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*has no key 'modles'; did you mean 'models'?*"])


def test_a_project_with_nothing_to_check_fails_with_a_sentence(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--schemalint", "-k", "could-look")
    result.stdout.fnmatch_lines(["*there is nothing to check in*"])
    assert result.ret == 1


def test_a_test_gets_an_empty_database_of_its_own(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import psycopg
        import pytest

        @pytest.mark.parametrize("number", range(2))
        def test_empty(throwaway_database, number):
            with psycopg.connect(throwaway_database.url) as connection:
                connection.execute("CREATE TABLE mine (id int)")
        """
    )
    run().assert_outcomes(passed=2)


def test_a_test_gets_a_migrated_database_of_its_own(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import psycopg
        import pytest

        @pytest.mark.parametrize("number", range(2))
        def test_migrated(migrated_database, number):
            with psycopg.connect(migrated_database.url) as connection:
                assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]
                assert connection.execute("SELECT count(*) FROM customers").fetchone() == (0,)
                connection.execute("INSERT INTO customers (name, email) VALUES ('a', 'b')")
        """
    )
    run().assert_outcomes(passed=2)


def test_a_migration_that_fails_is_told_by_the_fixture(run: Run, pytester: pytest.Pytester, shop: Path) -> None:
    revision = shop / "migrations" / "versions" / "0002_notes.py"
    revision.write_text(revision.read_text().replace('"orders"', '"ordres"'))
    pytester.makepyfile("def test_migrated(migrated_database): pass")
    result = run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(['*relation "ordres" does not exist*'])


def test_nothing_is_left_behind(
    run: Run, pytester: pytest.Pytester, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(scratch))
    pytester.makepyfile("def test_empty(throwaway_database): pass")
    result = run("--schemalint", f"--basetemp={tmp_path / 'base'}", "-k", "test_empty or type-drift")
    assert (result.parseoutcomes()["passed"], result.parseoutcomes()["failed"]) == (1, 1)
    end = time.monotonic() + 10
    while left := [path for path in scratch.iterdir() if path.name.startswith("schemalint")]:
        assert time.monotonic() < end, left
        time.sleep(0.05)


def test_an_idle_plugin_imports_nothing_heavy(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_modules():
            import sys
            assert not {"sqlalchemy", "alembic", "psycopg", "schemalint.check"} & {*sys.modules}
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cov", "-p", "no:hypothesispytest", "-p", "no:inline_snapshot")
    result.assert_outcomes(passed=1)
    assert sys.executable
