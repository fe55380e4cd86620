"""`alembic.ini` and `[tool.alembic]` are read as Alembic reads them."""

import os
import sys
import warnings
from pathlib import Path
from types import ModuleType

import alembic
import pytest
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory

from history_examples import write_project
from schemalint.config import Config
from schemalint.errors import SchemalintError
from schemalint.loaders.alembic_settings import AlembicSettings, find_alembic

ALEMBIC = tuple(int(part) for part in alembic.__version__.split(".")[:2])
needs_path_separator = pytest.mark.skipif(ALEMBIC < (1, 16), reason="Alembic knows path_separator from 1.16")
needs_toml = pytest.mark.skipif(ALEMBIC < (1, 16), reason="Alembic reads pyproject.toml from 1.16")


def settings_of(root: Path, alembic: str = "") -> AlembicSettings:
    found = find_alembic(Config(root=root, alembic=alembic))
    assert found
    return found


def error_of(root: Path, alembic: str = "") -> str:
    with pytest.raises(SchemalintError) as caught:
        find_alembic(Config(root=root, alembic=alembic))
    return str(caught.value)


def alembic_reads(settings: AlembicSettings, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[Path], list[str]]:
    """Return script location, version locations and what is put on `sys.path`, as Alembic itself says, run where we say."""
    monkeypatch.chdir(settings.directory)
    monkeypatch.setattr(sys, "path", [str(settings.directory), *sys.path])
    before = list(sys.path)
    toml = {"toml_file": str(settings.toml)} if settings.toml else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        script = ScriptDirectory.from_config(
            AlembicConfig(str(settings.ini) if settings.ini else None, ini_section=settings.section, **toml)  # type: ignore[arg-type]
        )
        prepended = sys.path[: len(sys.path) - len(before)]
        versions = [Path(one) for one in script._version_locations]  # no public name tells all of them
    return Path(script.dir).absolute(), versions, [os.path.abspath(one) for one in prepended]  # noqa: PTH100


def check_as_alembic(root: Path, monkeypatch: pytest.MonkeyPatch, alembic: str = "") -> AlembicSettings:
    settings = settings_of(root, alembic)
    script, versions, prepended = alembic_reads(settings, monkeypatch)
    assert normal([settings.script_location]) == normal([script])
    assert normal(settings.version_locations) == normal(versions)
    assert list(settings.prepend_sys_path) == prepended
    return settings


def normal(paths: list[Path] | tuple[Path, ...]) -> list[str]:
    return [os.path.normpath(path) for path in paths]


PARITY = {
    "relative": "script_location = migrations",
    "dotted": "script_location = ./migrations/",
    "here": "script_location = %(here)s/migrations",
    "here, a directory up": "script_location = %(here)s/../{name}/migrations",
    "a package": "script_location = app:db/migrations",
    "a package, many colons": "script_location = app:db:migrations",
    "a package inside a package": "script_location = app.db:migrations",
    "prepended": "script_location = migrations\nprepend_sys_path = .",
    "prepended legacy": "script_location = migrations\nprepend_sys_path = .:src, lib  more",
    "prepended by os": "script_location = migrations\npath_separator = os\nprepend_sys_path = .:src : lib",
    "prepended by space": "script_location = migrations\npath_separator = space\nprepend_sys_path = . src",
    "prepended by newline": "script_location = migrations\npath_separator = newline\nprepend_sys_path =\n  .\n  src",
    "prepended, old separator": "script_location = migrations\nversion_path_separator = os\nprepend_sys_path = . src",
    "versions legacy": "script_location = migrations\nversion_locations = %(here)s/a, b  migrations/versions",
    "versions by os": "script_location = migrations\npath_separator = os\nversion_locations = %(here)s/a:b:c d",
    "versions by colon": "script_location = migrations\npath_separator = :\nversion_locations = a::b",
    "versions by semicolon": "script_location = migrations\npath_separator = ;\nversion_locations = a ;b; app:db/versions",
    "versions by space": "script_location = migrations\npath_separator = space\nversion_locations = a b app:db",
    "versions by newline": "script_location = migrations\npath_separator = newline\nversion_locations =\n   a\n   b",
    "versions, old separator": "script_location = migrations\nversion_path_separator = os\nversion_locations = a:b",
    "versions, both separators": "script_location = migrations\nversion_path_separator = space\npath_separator = os\nversion_locations = a:b c",
    "interpolation": "base = migrations\nscript_location = %(base)s\nversion_locations = %(base)s/versions",
    "an unread option with a bare percent sign": "script_location = migrations\nsqlalchemy.url = postgresql://u:p%40@h/d",
    "continued and commented": "; a comment\n# another\nscript_location:migrations",
    "true is true": "script_location = migrations\nrecursive_version_locations = true\nsourceless = true",
    "yes is not true": "script_location = migrations\nrecursive_version_locations = yes\nsourceless = True",
}


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(text, id=name, marks=[needs_path_separator] * ("\npath_separator" in text))
        for name, text in PARITY.items()
    ],
)
def test_an_ini_file_means_what_it_means_to_alembic(
    options: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = options.replace("{name}", tmp_path.name)
    write_project(
        tmp_path,
        {
            "alembic.ini": f"[alembic]\n{text}\n\n[loggers]\nkeys = root\n",
            "migrations/env.py": "",
            "app/__init__.py": "",
            "app/db/__init__.py": "",
            "app/db/migrations/env.py": "",
        },
    )
    try:
        check_as_alembic(tmp_path, monkeypatch)
    finally:
        for name in [name for name in sys.modules if name == "app" or name.startswith("app.")]:
            del sys.modules[name]  # Alembic imports a package to find its directory; we do not


def test_finding_a_package_imports_nothing(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = shop.db:migrations\n"
    broken = "raise RuntimeError('imported')"
    write_project(
        tmp_path,
        {
            "alembic.ini": ini,
            "shop/__init__.py": broken,
            "shop/db/__init__.py": broken,
            "shop/db/migrations/env.py": "",
        },
    )
    assert settings_of(tmp_path).script_location == tmp_path / "shop/db/migrations"


def test_a_package_below_src_is_found(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = shop:migrations\nprepend_sys_path = src\n"
    write_project(tmp_path, {"alembic.ini": ini, "src/shop/__init__.py": "", "src/shop/migrations/env.py": ""})
    assert settings_of(tmp_path).env == tmp_path / "src/shop/migrations/env.py"


def test_a_package_without_init_is_found(tmp_path: Path) -> None:
    write_project(
        tmp_path, {"alembic.ini": "[alembic]\nscript_location = shop:migrations\n", "shop/migrations/env.py": ""}
    )
    assert settings_of(tmp_path).script_location == tmp_path / "shop/migrations"


def test_a_module_that_is_no_package_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = ModuleType("odd")
    odd.__spec__ = None
    monkeypatch.setitem(sys.modules, "odd", odd)
    write_project(
        tmp_path, {"alembic.ini": "[alembic]\nscript_location = odd:migrations\n", "odd/migrations/env.py": ""}
    )
    (tmp_path / "odd").rename(tmp_path / "elsewhere")
    assert error_of(tmp_path).endswith("there is no package odd")


def test_an_installed_package_is_found(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = alembic:templates/generic\n")
    assert settings_of(tmp_path).script_location == Path(alembic.__file__).parent / "templates/generic"


def test_the_options_of_the_default_section_count_for_a_named_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ini = "[DEFAULT]\nscript_location = migrations\n[tenant]\nversion_locations = tenant_versions\n[alembic]\n"
    write_project(tmp_path, {"alembic.ini": ini, "migrations/env.py": ""})
    settings = check_as_alembic(tmp_path, monkeypatch, "alembic.ini:tenant")
    assert (settings.section, settings.version_locations) == ("tenant", (tmp_path / "tenant_versions",))


def test_sections_that_name_the_same_scripts_need_no_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ini = "[DEFAULT]\nscript_location = migrations\n[loggers]\nkeys=root\n[staging]\nurl=a\n[production]\nurl=b\n"
    write_project(tmp_path, {"alembic.ini": ini, "migrations/env.py": ""})
    assert check_as_alembic(tmp_path, monkeypatch).section == "staging"


def test_the_one_section_that_names_scripts_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ini = "[alembic]\ndatabases = main\n[main]\nscript_location = migrations\n[logger_root]\nlevel = WARN\n"
    write_project(tmp_path, {"alembic.ini": ini, "migrations/env.py": ""})
    assert check_as_alembic(tmp_path, monkeypatch).section == "main"


def test_sections_that_name_different_scripts_must_be_chosen(tmp_path: Path) -> None:
    ini = "[users]\nscript_location = users\n[billing]\nscript_location = billing\n"
    write_project(tmp_path, {"alembic.ini": ini, "users/env.py": "", "billing/env.py": ""})
    assert error_of(tmp_path) == (
        "alembic.ini: no script_location is set in [alembic], but in [users], [billing]; "
        'say which one is meant: alembic = "alembic.ini:users" in [tool.schemalint]'
    )
    assert settings_of(tmp_path, "alembic.ini:billing").script_location == tmp_path / "billing"


@pytest.mark.skipif(ALEMBIC < (1, 17), reason="Alembic 1.16.0 takes no boolean from pyproject.toml")
def test_pyproject_means_what_it_means_to_alembic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml = """
        [tool.alembic]
        script_location = "%(here)s/migrations"
        version_locations = ["%(here)s/a", "b"]
        prepend_sys_path = [".", "src"]
        recursive_version_locations = true
        """
    write_project(tmp_path, {"pyproject.toml": toml, "migrations/env.py": ""})
    settings = check_as_alembic(tmp_path, monkeypatch)
    assert settings.recursive_version_locations
    assert (settings.file, settings.ini) == (tmp_path / "pyproject.toml", None)


@needs_toml
def test_what_the_ini_file_leaves_out_stands_in_pyproject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml = '[tool.alembic]\nscript_location = "other"\nversion_locations = ["v"]\n'
    ini = "[alembic]\nscript_location = migrations\n"
    write_project(tmp_path, {"pyproject.toml": toml, "alembic.ini": ini, "migrations/env.py": ""})
    settings = check_as_alembic(tmp_path, monkeypatch)
    assert settings.version_locations == (tmp_path / "v",)


@needs_toml
def test_an_ini_file_for_logging_only_goes_with_pyproject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml = '[tool.alembic]\nscript_location = "migrations"\n'
    write_project(
        tmp_path, {"pyproject.toml": toml, "alembic.ini": "[loggers]\nkeys = root\n", "migrations/env.py": ""}
    )
    assert check_as_alembic(tmp_path, monkeypatch).script_location == tmp_path / "migrations"


def test_a_project_without_alembic_has_no_settings(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert find_alembic(Config(root=tmp_path)) is None


def test_one_ini_file_in_a_directory_below_is_found_and_run_there(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n"
    write_project(
        tmp_path,
        {
            "backend/alembic.ini": ini,
            "backend/migrations/env.py": "",
            ".hidden/alembic.ini": "",
            "venv/alembic.ini": "",
            "node_modules/alembic.ini": "",
            "my-environment/alembic.ini": "",
            "my-environment/pyvenv.cfg": "",
        },
    )
    settings = settings_of(tmp_path)
    assert settings.directory == tmp_path / "backend"
    assert settings.prepend_sys_path == (str(tmp_path / "backend"),)
    assert settings.version_locations == (tmp_path / "backend/migrations/versions",)


def test_several_ini_files_below_must_be_chosen_from(tmp_path: Path) -> None:
    write_project(tmp_path, {"users/alembic.ini": "", "billing/alembic.ini": ""})
    assert error_of(tmp_path) == (
        "there are several Alembic environments: billing/alembic.ini, users/alembic.ini; "
        'say which one is meant, such as alembic = "billing/alembic.ini" in [tool.schemalint]'
    )


def test_an_ini_file_beside_env_py_is_run_from_the_root(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = %(here)s\nprepend_sys_path = .\n"
    write_project(tmp_path, {"migrations/alembic.ini": ini, "migrations/env.py": ""})
    assert settings_of(tmp_path).prepend_sys_path == (str(tmp_path),)


def test_an_ini_file_in_a_directory_of_configuration_is_run_from_the_root(tmp_path: Path) -> None:
    write_project(tmp_path, {"etc/alembic.ini": "[alembic]\nscript_location = migrations\n", "migrations/env.py": ""})
    assert settings_of(tmp_path, "etc/alembic.ini").directory == tmp_path


def test_a_script_location_of_a_dot_is_the_directory_of_the_ini_file(tmp_path: Path) -> None:
    write_project(tmp_path, {"migrations/alembic.ini": "[alembic]\nscript_location = .\n", "migrations/env.py": ""})
    assert settings_of(tmp_path).script_location == tmp_path / "migrations"


def test_a_named_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
    assert (
        error_of(tmp_path, "db/alembic.ini")
        == "there is no db/alembic.ini, which [tool.schemalint] alembic (or --alembic) names"
    )


def test_a_named_section_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
    assert (
        error_of(tmp_path, "alembic.ini:tenant")
        == "alembic.ini has no section [tenant], which [tool.schemalint] alembic names"
    )


@pytest.mark.parametrize(
    ("ini", "message"),
    [
        ("[alembic]\nprepend_sys_path = .\n", "alembic.ini: no script_location is set"),
        ("[alembic]\n\nscript_location = nowhere\n", "alembic.ini:3: script_location is nowhere, but there is no directory {root}/nowhere"),
        ("[alembic]\nscript_location = empty\n", "alembic.ini:2: script_location is empty, but {root}/empty has no env.py"),
        ("[alembic]\nscript_location = nobody:migrations\n", "alembic.ini:2: script_location is nobody:migrations, but there is no package nobody"),
        ("[alembic]\nscript_location = good\nversion_locations = a\npath_separator = comma\n", "alembic.ini:4: path_separator is 'comma', but can only be space, newline, os, :, ;"),
        ("[alembic]\nscript_location = %(nothing)s\n", "alembic.ini:2: script_location cannot be read: Bad value substitution: option 'script_location' in section 'alembic' contains an interpolation key 'nothing' which is not a valid option name. Raw value: '%(nothing)s' (a percent sign itself is written %%)"),
        ("script_location = good\n", "alembic.ini:1: it cannot be read: File contains no section headers."),
        ("[alembic]\na = 1\na = 2\n", "alembic.ini:3: it cannot be read: While reading from 'alembic.ini' [line  3]: option 'a' in section 'alembic' already exists"),
        ("[alembic]\nscript_location = good\nnonsense\n", "alembic.ini:3: it cannot be read: Source contains parsing errors: 'alembic.ini'"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_an_ini_file_is_one_sentence_with_its_line(ini: str, message: str, tmp_path: Path) -> None:
    write_project(tmp_path, {"alembic.ini": ini, "good/env.py": "", "empty/README": ""})
    assert error_of(tmp_path).startswith(message.replace("{root}", str(tmp_path)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ('version_locations = ["a"]', "pyproject.toml: no script_location is set"),
        ("script_location = 7", "pyproject.toml:2: script_location must be a string"),
        ('script_location = "good"\nversion_locations = "a"', "pyproject.toml:3: version_locations must be a list of strings"),
        ('script_location = "%d"', "pyproject.toml:2: script_location cannot be read: %d format: a real number is required, not dict (a percent sign itself is written %%)"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_pyproject_is_one_sentence_with_its_line(options: str, message: str, tmp_path: Path) -> None:
    write_project(tmp_path, {"pyproject.toml": f"[tool.alembic]\n{options}\n", "good/env.py": ""})
    assert error_of(tmp_path) == message


def test_an_ini_file_that_is_not_utf_8_is_said(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_bytes(b"[alembic]\n# caf\xe9\n")
    assert error_of(tmp_path).startswith("alembic.ini cannot be read: 'utf-8' codec")


def test_a_compiled_environment_needs_no_env_py(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = migrations\nsourceless = true\n"
    write_project(tmp_path, {"alembic.ini": ini, "migrations/env.pyc": b""})
    assert settings_of(tmp_path).sourceless
