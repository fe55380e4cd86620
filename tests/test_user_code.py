"""What user code changes in our process is put back, and what it raises is one sentence on the user's own line."""

import gc
import importlib
import logging
import os
import subprocess
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from runpy import run_path

import pytest

from schemalint.config import Config
from schemalint.errors import SchemalintError, UserLine
from schemalint.loaders.user_code import explain, explained, named, running_user_code

Run = Callable[..., SchemalintError]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Callable[..., Config]]:
    """Return a function that writes files (`app__models="..."` is app/models.py) and gives the project's configuration."""

    def make(environment: dict[str, str] | None = None, /, **files: str) -> Config:
        for name, source in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(source), encoding="utf-8")
        return Config(root=tmp_path, environment=environment or {})

    yield make
    for name, module in list(sys.modules.items()):
        if Path(getattr(module, "__file__", None) or "/").is_relative_to(tmp_path):
            del sys.modules[name]


def failing(config: Config, module: str) -> SchemalintError:
    """Return what importing a module says."""
    with pytest.raises(SchemalintError) as raised, running_user_code(config), explained(config, f"importing {module}"):
        importlib.import_module(module)
    return raised.value


def test_modules_are_found_beside_the_project_and_under_src(project: Callable[..., Config]) -> None:
    config = project(one="X = 1", src__two="X = 2")
    with running_user_code(config):
        assert importlib.import_module("one").X == 1
        assert importlib.import_module("two").X == 2


def test_src_hides_nothing_and_is_no_place_of_modules_when_it_is_a_package(project: Callable[..., Config]) -> None:
    config = project(one="X = 1", src__one="X = 2", src__logging="raise RuntimeError")
    (config.root / "src" / "__init__.py").touch()
    with running_user_code(config):
        assert importlib.import_module("one").X == 1
        assert importlib.import_module("src.one").X == 2
        assert str(config.root / "src") not in sys.path


def test_what_alembic_prepends_goes_first_and_its_directory_is_where_code_runs(project: Callable[..., Config]) -> None:
    config = project(backend__lib__one="from pathlib import Path\nHERE = Path.cwd()", one="")
    (config.root / "backend" / "migrations").mkdir()
    (config.root / "backend" / "migrations" / "env.py").touch()
    ini = "[alembic]\nscript_location = migrations\nprepend_sys_path = lib\n"
    (config.root / "backend" / "alembic.ini").write_text(ini)
    with running_user_code(config):
        assert config.root / "backend" == importlib.import_module("one").HERE


def test_an_alembic_that_cannot_be_read_keeps_no_models_from_being_imported(project: Callable[..., Config]) -> None:
    config = project(one="X = 1")
    (config.root / "alembic.ini").write_text("[alembic]\n")
    with running_user_code(config):
        assert importlib.import_module("one").X == 1


def test_the_process_is_put_back(project: Callable[..., Config], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", "before")
    config = project(
        {"GIVEN": "1", "KEPT": "given"},
        changes="""
            import gc, os, sys, warnings
            assert os.environ["GIVEN"] == "1" and os.environ["KEPT"] == "given"
            assert sys.argv == ["alembic"]
            os.environ["NEW"] = "1"
            del os.environ["PATH"]
            os.chdir("/")
            sys.path.clear()
            sys.argv = ["changed"]
            warnings.simplefilter("error")
            sys.stdout = sys.stdin = None
        """,
    )
    before = dict(os.environ), Path.cwd(), list(sys.path), sys.argv, sys.stdout, sys.stdin, warnings.filters[:]
    with running_user_code(config):
        assert not gc.isenabled()
        importlib.import_module("changes")
    assert (
        dict(os.environ),
        Path.cwd(),
        list(sys.path),
        sys.argv,
        sys.stdout,
        sys.stdin,
        warnings.filters[:],
    ) == before
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off(project: Callable[..., Config]) -> None:
    gc.disable()
    try:
        with running_user_code(project()):
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_warnings_are_not_ours_even_where_they_are_errors(project: Callable[..., Config]) -> None:
    config = project(warns="import warnings\nwarnings.warn('old', DeprecationWarning)\nX = '\\d'")
    with running_user_code(config):
        importlib.import_module("warns")


def test_standard_output_is_ours_and_user_code_writes_to_standard_error(
    project: Callable[..., Config], capfd: pytest.CaptureFixture[str]
) -> None:
    config = project(prints="import os\nprint('python')\nos.system('echo program')\nos.write(1, b'descriptor\\n')")
    print("before")
    with running_user_code(config):
        importlib.import_module("prints")
    print("after")
    assert capfd.readouterr() == ("before\nafter\n", "python\nprogram\ndescriptor\n")


def test_standard_streams_may_be_closed(project: Callable[..., Config]) -> None:
    config = project(reads="import sys\nassert sys.stdin.read() == ''")
    program = (
        "from pathlib import Path; from schemalint.config import Config; from schemalint.loaders.user_code import running_user_code\n"
        f"with running_user_code(Config(root=Path({str(config.root)!r}))):\n    import reads\n"
    )
    subprocess.run(["/bin/sh", "-c", f'exec "{sys.executable}" -c "$0" <&- >&-', program], check=True)


def test_logging_is_put_back_and_only_errors_are_heard(
    project: Callable[..., Config], capfd: pytest.CaptureFixture[str]
) -> None:
    config = project(
        logs="""
            import logging, logging.config
            logging.getLogger("theirs").warning("noise")
            logging.basicConfig(force=True, level="DEBUG", format="%(message)s")
            logging.config.dictConfig({"version": 1, "disable_existing_loggers": True, "root": {"level": "DEBUG"}})
            logging.error("trouble")
        """
    )
    mine = logging.getLogger("schemalint.tests")
    mine.setLevel("DEBUG")
    before = logging.root.level, logging.root.handlers[:], mine.level, mine.disabled, logging.root.manager.disable
    with running_user_code(config):
        importlib.import_module("logs")
    assert (
        logging.root.level,
        logging.root.handlers,
        mine.level,
        mine.disabled,
        logging.root.manager.disable,
    ) == before
    out, err = capfd.readouterr()
    assert out == ""
    assert "noise" not in err


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("\n1 / 0", "ZeroDivisionError: division by zero", (2, 1)),
        ("é = '日本'; x = é.nothing", "AttributeError: 'str' object has no attribute 'nothing'", (1, 15)),
        ("x = 1\ny = (", "SyntaxError: '(' was never closed", (2, 5)),
        ("class A:\nx = 1", "IndentationError: expected an indented block after class definition on line 1", (2, 1)),
        ("raise ValueError", "ValueError", (1, 1)),
        ("raise ValueError('a\\n  b')", "ValueError: a b", (1, 1)),
        ("raise ValueError('x' * 1000)", f"ValueError: {'x' * 397}...", (1, 1)),
        ("import sys\nsys.exit()", "it calls sys.exit()", (2, 1)),
        ("import sys\nsys.exit('no')", "it calls sys.exit('no')", (2, 1)),
        ("input('who? ')", "it asks for input, and there is nobody to ask", (1, 1)),
        ("import pytest\npytest.skip('not now', allow_module_level=True)", "Skipped: not now", (2, 1)),
        ("from sys import nothing", "ImportError: cannot import name 'nothing' from 'sys' (unknown location)", (1, 1)),
        ("{}['DATABASE_URL']", "KeyError: 'DATABASE_URL'", (1, 1)),
        ("raise ExceptionGroup('two', [ExceptionGroup('one', [ValueError('inner')])])", "ValueError: inner", (1, 1)),
    ],
)
def test_an_error_is_a_sentence_on_the_users_line(
    project: Callable[..., Config], source: str, message: str, line: tuple[int, int]
) -> None:
    error = failing(project(models=source), "models")
    assert error.message == f"importing models fails: {message}"
    assert error.at == UserLine("models.py", *line)


def test_the_line_is_the_deepest_of_the_projects_own(project: Callable[..., Config]) -> None:
    config = project(
        app__models="from app.base import check\n\n\ncheck('{')",
        app__base="import json\n\ndef check(text):\n    return json.loads(text)\n",
    )
    error = failing(config, "app.models")
    assert error.at == UserLine("app/base.py", 4, 12)
    assert error.message.startswith("importing app.models fails: JSONDecodeError: Expecting property name")


def test_an_environment_inside_the_project_is_not_the_projects_own(project: Callable[..., Config]) -> None:
    files = {".venv__lib__site-packages__library": "def fail():\n    raise ValueError"}
    config = project(
        **files, models="import sys\nsys.path.append('.venv/lib/site-packages')\nimport library\nlibrary.fail()"
    )
    assert failing(config, "models").at == UserLine("models.py", 4, 1)


def test_code_outside_of_the_project_is_named_by_its_path(
    project: Callable[..., Config], tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "shared_models.py").write_text("\n1 / 0")
    config = project()
    with pytest.raises(SchemalintError) as raised, running_user_code(config), explained(config, "importing it"):
        run_path(str(elsewhere / "shared_models.py"))
    assert raised.value.at == UserLine((elsewhere / "shared_models.py").as_posix(), 2, 1)


def test_an_error_that_passed_no_code_of_theirs_has_no_line(tmp_path: Path) -> None:
    error = explain(ModuleNotFoundError(name="nowhere"), Config(root=tmp_path), "importing nowhere")
    assert error.at is None
    assert error.message == (
        "importing nowhere fails: there is no module 'nowhere'; install it, with the project's other dependencies, "
        f"where schemalint runs ({sys.prefix})"
    )


@pytest.mark.parametrize(
    ("files", "advice"),
    [
        ({"models": "import nowhere.deep"}, "there is no module 'nowhere'; install it"),
        (
            {"models": "import json.nowhere"},
            "there is no module 'json.nowhere'; the package json is there, but without it",
        ),
        (
            {"models": "import parts", "services__lib__parts": ""},
            "there is no module 'parts'; it stands in services/lib/, which is not on the path: install the project",
        ),
        (
            {"models": "import parts.deep", "services__parts__deep": ""},
            "there is no module 'parts'; it stands in services/, which is not on the path",
        ),
        (
            {"models": "import parts", ".venv__parts": "", "node_modules__parts": ""},
            "there is no module 'parts'; install it",
        ),
        (
            {"models": "raise ModuleNotFoundError(name='psycopg2')"},
            "there is no module 'psycopg2'; pip install \"psycopg2-binary\" (postgresql:// that names no driver means psycopg from",
        ),
    ],
)
def test_a_missing_module_is_told_with_what_to_do(
    project: Callable[..., Config], files: dict[str, str], advice: str
) -> None:
    error = failing(project(**files), "models")
    assert error.message.startswith(f"importing models fails: {advice}")
    assert error.at is not None
    assert error.at.path == "models.py"


def test_a_variable_that_is_not_set_is_named(project: Callable[..., Config]) -> None:
    error = failing(project(models="import os\nos.environ['SHELF_URL']"), "models")
    assert error.message.startswith(
        "importing models fails: the environment variable SHELF_URL is not set; "
        'SHELF_URL = "..." under [tool.schemalint.environment] sets it'
    )
    with running_user_code(project({"SHELF_URL": "x"}, others="import os\nX = os.environ['SHELF_URL']")):
        assert importlib.import_module("others").X == "x"


SETTINGS = """
from pydantic import Field, BaseModel
from pydantic_settings import BaseSettings, SettingsConfigDict

class Database(BaseModel):
    url: str
    port: int = 1

class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHELF_", env_nested_delimiter="__")
    secret: str
    database: Database
    key: str = Field(validation_alias="THE_KEY")

{}
"""


def test_settings_that_lack_variables_name_them(project: Callable[..., Config]) -> None:
    error = failing(project(models=SETTINGS.format("Settings()")), "models")
    assert "settings without a value: SHELF_SECRET, SHELF_DATABASE, THE_KEY; SHELF_SECRET" in error.message
    nested = project({"SHELF_DATABASE__PORT": "1"}, nested=SETTINGS.format("Settings(secret='x', THE_KEY='y')"))
    assert "settings without a value: SHELF_DATABASE__URL; " in failing(nested, "nested").message


def test_a_value_that_settings_refuse_and_a_model_that_is_no_settings_are_told_as_they_are(
    project: Callable[..., Config],
) -> None:
    config = project(
        {"SHELF_PORT": "x"},
        one=SETTINGS.format("class Port(BaseSettings):\n    shelf_port: int\nPort()"),
        two=SETTINGS.format("Database()"),
    )
    assert failing(config, "one").message.startswith(
        "importing one fails: ValidationError: 1 validation error for Port shelf_port Input"
    )
    assert failing(config, "two").message.startswith(
        "importing two fails: ValidationError: 1 validation error for Database url Field"
    )


def test_a_table_claimed_twice_is_told_with_the_likeliest_cause(project: Callable[..., Config]) -> None:
    table = "from sqlalchemy import *\nmetadata = MetaData()\nTable('a', metadata)\nTable('a', metadata, Column('b', Integer))"
    error = failing(project(models=table), "models")
    assert "InvalidRequestError: Table 'a' is already defined for this MetaData instance" in error.message
    assert "one file is imported under two names" in error.message
    assert error.at == UserLine("models.py", 4, 1)


def test_a_connection_made_while_importing_is_refused_on_its_line(project: Callable[..., Config]) -> None:
    source = "import sqlalchemy\nengine = sqlalchemy.create_engine('postgresql+psycopg://nowhere.invalid/x')\nengine.connect()"
    error = failing(project(models=source), "models")
    assert str(error) == (
        "models.py:3:1: importing models fails: it opens a database connection, and schemalint has none to give at this point"
    )


def test_user_code_that_lives_without_its_database_is_fine(project: Callable[..., Config]) -> None:
    config = project(
        models="import psycopg\ntry:\n    psycopg.connect('host=nowhere.invalid')\nexcept OSError:\n    X = 1"
    )
    with running_user_code(config):
        assert importlib.import_module("models").X == 1


def test_ctrl_c_passes(project: Callable[..., Config]) -> None:
    config = project(models="raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt), running_user_code(config), explained(config, "importing models"):
        importlib.import_module("models")


def test_our_own_sentences_pass_as_they_are(tmp_path: Path) -> None:
    error = SchemalintError("said", UserLine("a.py", 1))
    assert explain(error, Config(root=tmp_path), "importing a") is error


def test_sqlalchemys_postscripts_are_left_out() -> None:
    from sqlalchemy.exc import InvalidRequestError

    assert named(InvalidRequestError("not so", code="f405")) == "InvalidRequestError: not so"
