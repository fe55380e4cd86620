"""Configuration: defaults, then `[tool.schemalint]`, then arguments; every mistake in one message."""

from pathlib import Path

import pytest

from schemalint.config import Config, load_config
from schemalint.errors import SchemalintError


def project(root: Path, toml: str) -> Path:
    (root / "pyproject.toml").write_text(toml, encoding="utf-8")
    return root


def test_a_project_without_a_table_has_the_defaults(tmp_path: Path) -> None:
    assert load_config(project(tmp_path, "[project]\nname = 'x'\n")) == Config(root=tmp_path)


def test_arguments_win_over_the_table_and_absent_arguments_do_not(tmp_path: Path) -> None:
    project(tmp_path, '[tool.schemalint]\nprofile = "strict"\ndatabase = "local"\n')
    config = load_config(tmp_path, profile="all", database=None)
    assert (config.profile, config.database) == ("all", "local")


def test_the_root_is_the_nearest_directory_upwards_that_configures_schemalint(tmp_path: Path) -> None:
    project(tmp_path, "[tool.schemalint]\n")
    inner = tmp_path / "package" / "inner"
    inner.mkdir(parents=True)
    (inner / "alembic.ini").touch()
    assert load_config(inner).root == tmp_path


def test_without_a_table_the_root_is_the_nearest_alembic_ini(tmp_path: Path) -> None:
    inner = tmp_path / "service"
    inner.mkdir()
    (inner / "alembic.ini").touch()
    (tmp_path / ".git").mkdir()
    assert load_config(inner).root == inner


def test_every_mistake_is_told_at_once_with_the_nearest_known_name(tmp_path: Path) -> None:
    project(
        tmp_path,
        """
        [tool.schemalint]
        modles = ["app"]
        profile = "strickt"
        models = "app.models"
        select = ["foreign-key-without-indx"]
        database = "embeded"
        [tool.schemalint.rules.table-name-number]
        stile = "plural"
        [tool.schemalint.rules.string-lenght]
        [tool.schemalint.allow]
        "redundant-indexes" = ["a.b"]
        """,
    )
    with pytest.raises(SchemalintError) as caught:
        load_config(tmp_path)
    assert str(caught.value).splitlines() == [
        "[tool.schemalint] has no key 'modles'; did you mean 'models'?",
        "[tool.schemalint] profile: there is no profile 'strickt'; did you mean 'strict'?",
        "[tool.schemalint] models must be a list of strings",
        "[tool.schemalint] select: there is no rule 'foreign-key-without-indx'; did you mean 'foreign-key-without-index'?",
        "[tool.schemalint] database: 'embeded' is neither a provider nor a URL; did you mean 'embedded'?",
        "[tool.schemalint.rules.table-name-number]: table-name-number has no option 'stile'; did you mean 'style'?",
        "[tool.schemalint.rules]: there is no rule 'string-lenght'; did you mean 'string-length'?",
        "[tool.schemalint.allow]: there is no rule 'redundant-indexes'; did you mean 'redundant-index'?",
    ]


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("[tool.schemalint]\nalembic = 3\n", '[tool.schemalint] alembic must be a string, such as "alembic.ini"'),
        ("[tool.schemalint]\nenvironment = ['A']\n", "[tool.schemalint] environment must be a table of strings"),
        ("[tool.schemalint]\nallow = 3\n", "[tool.schemalint.allow] must be a table: rule names with lists of objects"),
        ("[tool.schemalint]\nrules = { string-length = 3 }\n", "[tool.schemalint.rules] must hold one table a rule"),
        (
            "[tool.schemalint.allow]\nstring-length = 'books.title'\n",
            "[tool.schemalint.allow] string-length must be a list of strings",
        ),
        (
            "[tool.schemalint]\nallow-paths = ['legacy']\n",
            "[tool.schemalint.allow-paths] must be a table: paths with lists of rules or groups",
        ),
        (
            "[tool.schemalint.allow-paths]\n'legacy/**' = 'schema'\n",
            '[tool.schemalint.allow-paths] "legacy/**" must be a list of strings',
        ),
        (
            "[tool.schemalint.allow-paths]\n'legacy/**' = ['scheme']\n",
            "[tool.schemalint.allow-paths] \"legacy/**\": there is no rule 'scheme'; did you mean 'schema'?",
        ),
        (
            "[tool.schemalint.allow-paths]\n'../legacy' = ['schema']\n",
            '[tool.schemalint.allow-paths] "../legacy" must be a path below the directory of pyproject.toml, without ./ before it',
        ),
        (
            "[tool.schemalint]\nbaseline = true\n",
            '[tool.schemalint] baseline must be a string, such as "schemalint-baseline.txt"',
        ),
        (
            "[tool.schemalint.rules.string-length]\npolicy = 3\n",
            "[tool.schemalint.rules.string-length] policy must be like its default, 'max-length'",
        ),
        (
            "[tool.schemalint.rules.string-length]\npolicy = 'max-lenght'\n",
            "[tool.schemalint.rules.string-length] policy: there is no 'max-lenght'; did you mean 'max-length'?",
        ),
        ("[tool]\nschemalint = 3\n", "[tool.schemalint] must be a table"),
        ("[tool.schemalint\n", "cannot be read"),
    ],
)
def test_a_value_of_the_wrong_kind_is_one_sentence(tmp_path: Path, toml: str, sentence: str) -> None:
    with pytest.raises(SchemalintError) as caught:
        load_config(project(tmp_path, toml))
    assert sentence in str(caught.value)


def test_arguments_are_checked_like_the_table(tmp_path: Path) -> None:
    with pytest.raises(SchemalintError, match="--select: there is no rule 'drft'; did you mean 'drift'"):
        load_config(tmp_path, select=("drft",))
    with pytest.raises(SchemalintError, match="--database: 'nowhere' is neither"):
        load_config(tmp_path, database="nowhere")


def test_groups_can_be_selected_and_a_url_is_a_database(tmp_path: Path) -> None:
    config = load_config(tmp_path, select=("drift",), database="postgresql://db/x")
    assert (config.select, config.database) == (("drift",), "postgresql://db/x")


def test_a_configuration_cannot_be_changed(tmp_path: Path) -> None:
    project(tmp_path, "[tool.schemalint.rules.string-length]\npolicy = 'text'\n")
    config = load_config(tmp_path)
    with pytest.raises(TypeError):
        config.rules["string-length"]["policy"] = "either"  # type: ignore[index]


def test_objects_and_paths_are_allowed_for_rules_and_for_groups(tmp_path: Path) -> None:
    project(
        tmp_path,
        """
        [tool.schemalint]
        baseline = "accepted.txt"
        [tool.schemalint.allow]
        schema = ["legacy_*"]
        string-length = ["books.title"]
        [tool.schemalint.allow-paths]
        "app/legacy/**" = ["schema", "downgrade-missing"]
        """,
    )
    config = load_config(tmp_path)
    assert config.allow == {"schema": ("legacy_*",), "string-length": ("books.title",)}
    assert config.allow_paths == {"app/legacy/**": ("schema", "downgrade-missing")}
    assert (config.baseline, config.update_baseline) == ("accepted.txt", False)
