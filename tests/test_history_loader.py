"""The history is read as Alembic reads it, and every part of it has its place in the user's file."""

import io
import os
import py_compile
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from alembic.script.revision import CycleDetected, RevisionMap
from alembic.script.revision import Revision as AlembicRevision
from hypothesis import given, settings
from hypothesis import strategies as st

from history_examples import INI, read_history, write_project
from schemalint.finding import Location
from schemalint.subjects.history import History, Reference, Revision, RevisionPart
from schemalint.throwaway.server import Database

NOWHERE = Location("", 1)


def text_of(location: Location, root: Path) -> str:
    """Return the one-line stretch of a file that a location marks."""
    assert location.line == location.end_line
    lines = (root / location.path).read_text(encoding="utf-8-sig").split("\n")
    return lines[location.line - 1][location.column - 1 : location.end_column - 1]


def one_revision(root: Path, text: str | bytes) -> Revision:
    write_project(root, {"alembic.ini": INI, "migrations/env.py": "", "migrations/versions/a.py": text})
    (revision,) = read_history(root).revisions
    return revision


def alembic_of(root: Path) -> ScriptDirectory:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ScriptDirectory.from_config(AlembicConfig(str(root / "alembic.ini")))


# Which files, in which order


def check_files_as_alembic(root: Path, files: dict[str, str | bytes], options: str = "") -> list[str]:
    """Assert that we read the same revisions as Alembic, and return their paths in our order."""
    write_project(root, {"alembic.ini": INI + options, "migrations/env.py": "", **files})
    history = read_history(root)
    loaded = alembic_of(root)._load_revisions()  # the only way to the order in which Alembic reads
    assert [one.path for one in loaded if one.path.endswith(".py")] == list(history.files)
    return [one.path for one in history.revisions]


def plain(revision_id: str) -> str:
    return f"revision = {revision_id!r}\ndown_revision = None\n"


def test_only_python_files_of_the_versions_directory_are_revisions(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"migrations/versions/{name}": plain("x")
        for name in (
            "b.py",
            "a.py",
            "__init__.py",
            ".#lock.py",
            "notes.txt",
            "c.py.bak",
            "__init__old.py",
            "sub/d.py",
            "e.pyc",
        )
    }
    assert check_files_as_alembic(tmp_path, files) == ["migrations/versions/a.py", "migrations/versions/b.py"]


def test_directories_below_are_read_when_they_are_wanted(tmp_path: Path) -> None:
    names = ("z.py", "2026/01/a.py", "2025/b.py", "__pycache__/c.py", "2025/__pycache__/d.py", "2026/__init__.py")
    files: dict[str, str | bytes] = {f"migrations/versions/{name}": plain(name) for name in names}
    assert check_files_as_alembic(tmp_path, files, "recursive_version_locations = true\n") == [
        "migrations/versions/z.py",
        "migrations/versions/2025/b.py",
        "migrations/versions/2026/01/a.py",
    ]


def test_version_locations_are_read_in_their_order(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a/a.py": plain("a"), "b/b.py": plain("b"), "b/below/c.py": plain("c")}
    options = f"version_locations = {os.pathsep.join(f'%(here)s/{one}' for one in ('b', 'missing', 'a', 'b/below'))}\n"
    assert check_files_as_alembic(tmp_path, files, options) == ["b/b.py", "a/a.py", "b/below/c.py"]


def test_a_location_inside_another_is_read_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a/a.py": plain("a"), "a/below/b.py": plain("b")}
    options = f"recursive_version_locations = true\nversion_locations = %(here)s/a{os.pathsep}%(here)s/a/below\n"
    write_project(tmp_path, {"alembic.ini": INI + options, "migrations/env.py": "", **files})
    assert [one.id for one in read_history(tmp_path).revisions] == ["a", "b"]


def test_a_linked_file_is_shown_where_it_really_is(tmp_path: Path) -> None:
    write_project(tmp_path, {"shared/a.py": plain("a"), "migrations/versions/b.py": plain("b")})
    (tmp_path / "migrations/versions/a.py").symlink_to(tmp_path / "shared/a.py")
    assert check_files_as_alembic(tmp_path, {}) == ["shared/a.py", "migrations/versions/b.py"]


def test_a_file_outside_the_root_has_its_whole_path(tmp_path: Path) -> None:
    write_project(tmp_path, {"elsewhere/a.py": plain("a")})
    options = "version_locations = %(here)s/../elsewhere\n"
    write_project(tmp_path / "root", {"alembic.ini": INI + options, "migrations/env.py": ""})
    (revision,) = read_history(tmp_path / "root").revisions
    assert revision.path == (tmp_path / "elsewhere/a.py").resolve().as_posix()


def test_a_compiled_file_counts_only_without_its_source(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        {
            "alembic.ini": INI + "sourceless = true\n",
            "migrations/env.py": "",
            "migrations/versions/a.py": plain("a"),
            "migrations/versions/b.py": plain("b"),
        },
    )
    for name in ("a", "b"):
        py_compile.compile(
            str(tmp_path / f"migrations/versions/{name}.py"), str(tmp_path / f"migrations/versions/{name}.pyc")
        )
        py_compile.compile(str(tmp_path / f"migrations/versions/{name}.py"))
    (tmp_path / "migrations/versions/b.py").unlink()
    history = read_history(tmp_path)
    assert [one.id for one in history.revisions] == ["a"]
    assert history.compiled == ("migrations/versions/b.pyc",)
    assert not history.ids_are_known
    assert sorted(alembic_of(tmp_path).revision_map.heads) == ["a", "b"]


def test_a_source_that_only_the_cache_remembers_counts_when_sourceless(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        {
            "alembic.ini": INI + "sourceless = true\n",
            "migrations/env.py": "",
            "migrations/versions/a.py": plain("a"),
            "migrations/versions/b.py": plain("b"),
        },
    )
    for name in ("a", "b"):
        py_compile.compile(str(tmp_path / f"migrations/versions/{name}.py"))
    (tmp_path / "migrations/versions/b.py").unlink()
    history = read_history(tmp_path)
    assert [one.id for one in history.revisions] == ["a"]
    assert len(history.compiled) == 1
    assert sorted(alembic_of(tmp_path).revision_map.heads) == ["a", "b"]


def test_the_cache_is_no_revision_otherwise(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        {"alembic.ini": INI, "migrations/env.py": "", "migrations/versions/__pycache__/b.cpython-311.pyc": b""},
    )
    assert read_history(tmp_path).compiled == ()


def test_a_directory_that_does_not_exist_holds_no_revisions(tmp_path: Path) -> None:
    write_project(tmp_path, {"alembic.ini": INI, "migrations/env.py": ""})
    history = read_history(tmp_path)
    assert (history.revisions, history.files, history.heads, history.bases) == ((), (), (), ())
    assert history.is_sound


# Where things stand


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_columns_count_characters(newline: str, mark: str, tmp_path: Path) -> None:
    lines = [
        "é = 'ü'; revision = 'ß日本'",
        "\x0cdown_revision = ('a',",
        "\t'é', 'b')",
        "if é:",
        "\tx = 'ü'; depends_on = 'd'",
        "depends_on = 'd'",
    ]
    revision = one_revision(tmp_path, (mark + newline.join(lines)).encode())
    assert revision.id == "ß日本"
    assert (revision.stated.line, revision.stated.column, revision.stated.end_column) == (1, 21, 26)
    places = [(one.to, one.location.line, one.location.column, one.location.end_column) for one in revision.references]
    assert places == [("a", 2, 19, 22), ("é", 3, 2, 5), ("b", 3, 7, 10), ("d", 6, 14, 17)]
    assert [text_of(one.location, tmp_path) for one in revision.references] == ["'a'", "'é'", "'b'", "'d'"]


def test_the_first_line_of_a_file_with_a_mark_is_right(tmp_path: Path) -> None:
    revision = one_revision(tmp_path, "\ufeffrevision = 'a'\ndown_revision = None".encode())
    assert revision.stated == Location("migrations/versions/a.py", 1, 12, 1, 15)
    assert revision.parts["down_revision"] == Location("migrations/versions/a.py", 2, 17, 2, 21)


def test_a_function_stands_from_its_def_to_its_end(tmp_path: Path) -> None:
    revision = one_revision(tmp_path, plain("a") + "\n@cache\ndef downgrade():\n    '''ü'''\n    pass  # why\n")
    assert revision.parts["downgrade"] == Location("migrations/versions/a.py", 5, 1, 7, 9)


def test_every_part_of_a_history_has_its_place(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        {
            "alembic.ini": INI,
            "migrations/env.py": "",
            "migrations/versions/a.py": plain("a"),
            "migrations/versions/b.py": "revision = identify()\ndown_revision = None\n",
            "migrations/versions/c.py": "\ndef (\n",
        },
    )
    history = read_history(tmp_path)
    known, unknown = history.revisions
    (broken,) = history.broken
    assert history.place(known).object == "a"
    assert history.place(unknown).object == "migrations/versions/b.py"
    assert history.place(broken).object == "migrations/versions/c.py"
    assert history.place(broken).location == Location("migrations/versions/c.py", 2, 5)
    part = RevisionPart(known, "down_revision", known.parts["down_revision"])
    assert history.place(part) == ("a", Location("migrations/versions/a.py", 2, 17, 2, 21), "", "")
    assert history.line_of("a") == Location("migrations/versions/a.py", 1, 12, 1, 15)
    assert (history.line_of("b"), history.revision("a"), history.revision("b")) == (None, known, None)
    with pytest.raises(TypeError, match="is no part of a history"):
        history.place("a")


# What is declared


@pytest.mark.parametrize(
    ("text", "down", "unknown"),
    [
        ("down_revision = None", (), False),
        ("down_revision = 'p'", ("p",), False),
        ("down_revision = ('p', 'q')", ("p", "q"), False),
        ("down_revision = ['p', 'q']", ("p", "q"), False),
        ("down_revision = {'p'}", ("p",), False),
        ("down_revision = ()", (), False),
        ("down_revision = (None,)", (), False),
        ("down_revision = 'p' 'q'", ("pq",), False),
        ("down_revision: str | None = 'p'", ("p",), False),
        ("down_revision: str\ndown_revision = 'p'", ("p",), False),
        ("down_revision = 'p'\ndown_revision = 'q'", ("q",), False),
        ("parent = 'p'\ndown_revision = parent", ("p",), False),
        ("p, q = 'p', 'q'\ndown_revision = (q, p)", ("q", "p"), False),
        ("[x, down_revision] = 1, 'p'", ("p",), False),
        ("a = down_revision = 'p'", ("p",), False),
        ("if X:\n    down_revision = 'p'\nelse:\n    down_revision = 'p'", ("p",), False),
        ("if X:\n    pass\ndown_revision = 'p'", ("p",), False),
        ("down_revision = 'p'\nif X:\n    pass\nelif Y:\n    z = 1", ("p",), False),
        ("try:\n    down_revision = 'p'\nexcept E:\n    down_revision = 'p'", ("p",), False),
        ("try:\n    import x\nexcept* E:\n    x = None\ndown_revision = 'p'", ("p",), False),
        ("try:\n    pass\nfinally:\n    down_revision = 'p'", ("p",), False),
        ("with x as y:\n    down_revision = 'p'", ("p",), False),
        ("match x:\n    case 1:\n        y = 1\ndown_revision = 'p'", ("p",), False),
        ("down_revision = 'p'\ndef f():\n    down_revision = 'q'\nclass C:\n    down_revision = 'q'", ("p",), False),
        ("down_revision = 'p'\nfrom sqlalchemy import *", ("p",), False),
        ("down_revision = f'p'", (), True),
        ("down_revision = 'p' + 'q'", (), True),
        ("down_revision = 7", (), True),
        ("down_revision = ('p', None)", (), True),
        ("down_revision = ('p', q)", (), True),
        ("down_revision = parent", (), True),
        ("import parent\ndown_revision = parent", (), True),
        ("from x import parent\ndown_revision = parent", (), True),
        ("def parent(): ...\ndown_revision = parent", (), True),
        ("from x import down_revision", (), True),
        ("from x import *", (), True),
        ("if X:\n    down_revision = 'p'", (), True),
        ("if X:\n    down_revision = 'p'\nelse:\n    down_revision = 'q'", (), True),
        ("if X:\n    down_revision = 'p'\nelse:\n    down_revision = ('p',)", (), True),
        ("down_revision = 'p'\nif X:\n    down_revision = 'q'", (), True),
        ("try:\n    down_revision = 'p'\nexcept E:\n    pass", (), True),
        ("for down_revision in 'p':\n    pass", (), True),
        ("down_revision = 'p'\nwhile x():\n    down_revision = 'q'", (), True),
        ("with x as down_revision:\n    pass", (), True),
        ("match x:\n    case 1:\n        down_revision = 'p'", (), True),
        ("down_revision = 'p'\ndown_revision += 'q'", (), True),
        ("down_revision = 'p'\ndel down_revision", (), True),
        ("down_revision, x = f()", (), True),
        ("class down_revision: ...", (), True),
    ],
)
def test_a_down_revision_is_read_or_left_open(text: str, down: tuple[str, ...], unknown: bool, tmp_path: Path) -> None:
    revision = one_revision(tmp_path, f"revision = 'a'\n{text}\n")
    assert (revision.down_revisions, "down_revision" in revision.unknown) == (down, unknown)
    assert revision.is_base is (not down and not unknown)


def test_everything_else_is_read_too(tmp_path: Path) -> None:
    text = "revision = 'a'\ndown_revision = ('p', 'q')\ndepends_on = ['d', 'e']\nbranch_labels = 'x', 'y'\n"
    revision = one_revision(tmp_path, text)
    assert (revision.id, revision.depends_on, revision.branch_labels) == ("a", ("d", "e"), ("x", "y"))
    assert revision.is_merge


def test_a_project_of_another_time_is_read(tmp_path: Path) -> None:
    text = '"""create books\n\nRevision ID: 1f2e\nRevises: \n\n"""\n\n# revision identifiers, used by Alembic.\nrevision = \'1f2e\'\ndown_revision = None\n\nfrom alembic import op\nimport sqlalchemy as sa\n\n\ndef upgrade():\n    op.drop_table(u\'books\')\n'
    revision = one_revision(tmp_path, text)
    assert (revision.id, revision.is_base, revision.upgrade, revision.downgrade) == ("1f2e", True, "written", "absent")


def test_an_escape_that_python_warns_of_is_read_without_a_word(tmp_path: Path) -> None:
    assert one_revision(tmp_path, plain("a") + "x = '\\d'\n").id == "a"


# The graph agrees with Alembic's


IDS = [f"r{number}" for number in range(6)]


@st.composite
def graphs(draw: st.DrawFn) -> list[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Draw revisions with down revisions, dependencies (by id or label) and labels; mostly, but not always, an order exists."""
    count = draw(st.integers(1, len(IDS)))
    known = IDS[:count]
    revisions = []
    for number, revision_id in enumerate(known):
        above = known if draw(st.integers(0, 9)) == 9 else known[:number]
        names = st.lists(st.sampled_from(above), max_size=2, unique=True) if above else st.just([])
        down = tuple(draw(names))
        labels = (f"label_{revision_id}",) if draw(st.integers(0, 3)) == 0 else ()
        needs = tuple(draw(names))
        revisions.append((revision_id, down, needs, labels))
    labelled = {revision_id: labels[0] for revision_id, _, _, labels in revisions if labels}
    by_label = draw(st.booleans())
    return [
        (one, down, tuple(labelled.get(need, need) if by_label else need for need in needs), labels)
        for one, down, needs, labels in revisions
    ]


@settings(deadline=None)  # a loaded machine is not slower code
@given(graphs())
def test_heads_bases_and_cycles_are_alembics(
    drawn: list[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]],
) -> None:
    history = History(
        tuple(
            Revision(
                path=f"{one}.py",
                id=one,
                stated=NOWHERE,
                references=(
                    *(Reference("down_revision", name, NOWHERE) for name in down),
                    *(Reference("depends_on", name, NOWHERE) for name in needs),
                ),
                branch_labels=labels,
                parts={"revision": NOWHERE, "down_revision": NOWHERE},
            )
            for one, down, needs, labels in drawn
        )
    )
    try:
        revision_map = RevisionMap(lambda: [AlembicRevision(*one) for one in drawn])
        heads, bases = revision_map._real_heads, revision_map.bases  # Alembic has no public name for effective heads
    except CycleDetected:
        assert history.cycles
    for cycle in history.cycles:
        for before, after in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
            assert before in map(history.resolve, after.references)
    assert history.is_sound is not bool(history.cycles)
    if history.cycles:  # Alembic does not notice one that a base leads into and a head out of
        return
    assert {one.id for one in history.heads} == set(heads)
    assert {one.id for one in history.bases} == set(bases)
    for one in history.revisions:
        assert one.id
        theirs = revision_map.get_revision(one.id)
        assert theirs
        assert history.labels[one] <= set(theirs.branch_labels)
        assert {child.id for child in history.children(one)} == set(theirs.nextrev)
    assert sorted(one.name for tree in history.trees for one in tree) == sorted(one.name for one in history.revisions)
    assert sorted(one.name for grove in history.groves for one in grove) == sorted(
        one.name for one in history.revisions
    )


# What the messages say will happen does happen


@pytest.mark.parametrize(
    ("files", "kind", "error"),
    [
        ({"a": plain("a"), "b": "revision = 'b'\ndown_revision = 'z'\n"}, "KeyError", "'z'"),
        (
            {"a": "revision = 'a'\ndown_revision = 'b'\n", "b": "revision = 'b'\ndown_revision = 'a'\n"},
            "CycleDetected",
            "Cycle is detected",
        ),
        ({"a": "revision = 'a'\ndown_revision = 'a'\n"}, "LoopDetected", "Self-loop is detected"),
        ({"a": "def (\n"}, "SyntaxError", "invalid syntax"),
        ({"helpers": "x = 1\n"}, "CommandError", "Could not determine revision id"),
        ({"a": "revision = 'a'\n"}, "AttributeError", "module 'a_py' has no attribute 'down_revision'"),
        ({"a": plain("a-b")}, "RevisionError", "Character(s) '-' not allowed"),
    ],
)
def test_alembic_stops_at_a_history_that_is_wrong(files: dict[str, str], kind: str, error: str, tmp_path: Path) -> None:
    write_project(tmp_path, {"alembic.ini": INI, "migrations/env.py": ""})
    write_project(tmp_path, {f"migrations/versions/{name}.py": text for name, text in files.items()})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(Exception, match=re.escape(error)) as caught:
            alembic_of(tmp_path).get_heads()
    assert caught.type.__name__ == kind


def test_alembic_keeps_the_last_of_two_files_with_one_id(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_project(tmp_path, {f"migrations/versions/{name}.py": plain("same")})
    write_project(tmp_path, {"alembic.ini": INI, "migrations/env.py": ""})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kept = alembic_of(tmp_path).get_revision("same")
    ours = read_history(tmp_path).revision("same")
    assert ours
    assert Path(kept.path).name == Path(ours.path).name == "b.py"


def upgraded(root: Path, url: str, revision_id: str) -> None:
    env = (
        "from alembic import context\nimport sqlalchemy as sa\n"
        "engine = sa.create_engine(context.config.attributes['url'], poolclass=sa.NullPool)\n"
        "with engine.connect() as connection:\n"
        "    context.configure(connection=connection)\n"
        "    with context.begin_transaction():\n        context.run_migrations()\n"
        "engine.dispose()\n"
    )
    body = "def upgrade():\n    pass\n"
    write_project(
        root, {"alembic.ini": INI, "migrations/env.py": env, "migrations/versions/a.py": plain(revision_id) + body}
    )
    config = AlembicConfig(str(root / "alembic.ini"), attributes={"url": url}, stdout=io.StringIO())
    command.upgrade(config, "head")


def test_the_version_table_holds_an_id_of_32_characters(database: Database, tmp_path: Path) -> None:
    upgraded(tmp_path, database.url, "é" * 32)


def test_the_version_table_does_not_hold_an_id_of_33_characters(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"value too long for type character varying\(32\)"):
        upgraded(tmp_path, database.url, "a" * 33)


# What it costs


def test_reading_the_history_imports_neither_alembic_nor_sqlalchemy(tmp_path: Path) -> None:
    write_project(tmp_path, {"alembic.ini": INI, "migrations/env.py": "", "migrations/versions/a.py": plain("a")})
    program = (
        "import sys; from pathlib import Path; from schemalint.config import Config\n"
        "from schemalint.loaders.alembic_settings import find_alembic\nfrom schemalint.loaders.history import load_history\n"
        "config = Config(root=Path(sys.argv[1])); history = load_history(config, find_alembic(config))\n"
        "print(len(history.revisions), sorted({'alembic', 'sqlalchemy', 'mako'} & {*sys.modules}))"
    )
    said = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert said.stdout == "1 []\n"
