"""What each history rule finds and, more often, does not."""

import shutil
from pathlib import Path

import pytest

from history_examples import INI, found_by, history_from_example, read_history, write_project
from schemalint.rule import Problem, Rule
from schemalint.rules import all_rules, get_rule

RULES = tuple(all_rules(["history"]))

BODY = "def upgrade():\n    op.execute('SELECT 1')\n\ndef downgrade():\n    op.execute('SELECT 2')\n"
NOTHING = "def upgrade():\n    pass\n\ndef downgrade():\n    pass\n"


def revision(revision_id: str, down: object = None, *more: str, body: str = BODY) -> str:
    """Return the text of a revision file."""
    return "\n".join([f"revision = {revision_id!r}", f"down_revision = {down!r}", *more, "", body])


def block(**files: str) -> str:
    """Return a block with the files `versions/<name>.py`; two underscores in a name make a directory."""
    return "".join(f"# versions/{name.replace('__', '/')}.py\n{text}\n" for name, text in files.items())


def problems(rule: Rule, text: str, root: Path, **options: object) -> list[Problem]:
    return list(rule.ask(history_from_example(text, root), {**rule.options, **options}))


class Asking:
    """A rule, with an empty directory to read histories from."""

    def __init__(self, rule: Rule, root: Path) -> None:
        self.rule = rule
        self.root = root

    def found(self, *identities: str, text: str = "", options: dict[str, object] | None = None, **files: str) -> None:
        self.read(text or block(**files), identities, options or {})

    def silent(self, text: str = "", options: dict[str, object] | None = None, **files: str) -> None:
        self.read(text or block(**files), (), options or {})

    def read(self, text: str, identities: tuple[str, ...], options: dict[str, object]) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        assert found_by(self.rule, history_from_example(text, self.root), **options) == sorted(identities)


def asking(name: str) -> object:
    """Return a fixture that asks the rule called `name`."""

    @pytest.fixture
    def ask(tmp_path: Path) -> Asking:
        return Asking(get_rule(name), tmp_path / "project")

    return ask


heads = asking("multiple-heads")
bases = asking("undeclared-base")
missing = asking("down-revision-missing")
cycle = asking("revision-cycle")
duplicate = asking("duplicate-revision-id")
broken = asking("revision-does-not-parse")
undeclared = asking("revision-not-declared")
too_long = asking("revision-id-too-long")
downgrade = asking("downgrade-missing")
empty = asking("empty-revision")
models = asking("imports-application-models")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_project_without_revisions_is_clean(rule: Rule, tmp_path: Path) -> None:
    write_project(tmp_path, {"alembic.ini": INI, "migrations/env.py": ""})
    assert found_by(rule, read_history(tmp_path)) == []


# multiple-heads


def test_a_fork_is_found_at_the_later_file(heads: Asking) -> None:
    heads.found("c", a=revision("a"), b=revision("b", "a"), c=revision("c", "a"))


def test_a_fork_of_three_is_one_problem(heads: Asking) -> None:
    heads.found("d", a=revision("a"), b=revision("b", "a"), c=revision("c", "a"), d=revision("d", "a"))


def test_a_fork_of_long_branches_is_found_where_one_begins(heads: Asking) -> None:
    heads.found(
        "d", a=revision("a"), b=revision("b", "a"), c=revision("c", "b"), d=revision("d", "a"), e=revision("e", "d")
    )


def test_a_fork_inside_a_labelled_branch_is_found(heads: Asking) -> None:
    heads.found("c", a=revision("a", None, "branch_labels = ('users',)"), b=revision("b", "a"), c=revision("c", "a"))


def test_a_fork_after_a_merge_is_found(heads: Asking) -> None:
    heads.found(
        "f",
        a=revision("a"),
        b=revision("b", "a"),
        c=revision("c", "a"),
        d=revision("d", ("b", "c")),
        e=revision("e", "d"),
        f=revision("f", "d"),
    )


def test_a_fork_in_directories_that_only_count_is_found(heads: Asking) -> None:
    ini = INI + "recursive_version_locations = true\n"
    write_project(
        heads.root,
        {
            "alembic.ini": ini,
            "migrations/env.py": "",
            "migrations/versions/2025/a.py": revision("a"),
            "migrations/versions/2025/b.py": revision("b", "a"),
            "migrations/versions/2026/07/c.py": revision("c", "a"),
        },
    )
    assert found_by(heads.rule, read_history(heads.root)) == ["c"]


def test_a_line_of_revisions_has_one_head(heads: Asking) -> None:
    heads.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", "b"))


def test_a_single_revision_has_one_head(heads: Asking) -> None:
    heads.silent(a=revision("a"))


def test_a_merged_fork_has_one_head(heads: Asking) -> None:
    heads.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", "a"), d=revision("d", ("b", "c")))


def test_a_merge_of_three_written_as_a_list_has_one_head(heads: Asking) -> None:
    heads.silent(
        a=revision("a"),
        b=revision("b", "a"),
        c=revision("c", "a"),
        d=revision("d", "a"),
        e=revision("e", ["b", "c", "d"]),
    )


def test_branches_with_labels_of_their_own_may_have_heads(heads: Asking) -> None:
    heads.silent(
        a=revision("a"),
        b=revision("b", "a", "branch_labels = 'expand'"),
        c=revision("c", "a", "branch_labels = ['contract']"),
        d=revision("d", "b"),
    )


def test_one_label_tells_two_branches_apart(heads: Asking) -> None:
    heads.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", "a", "branch_labels = 'experiment'"))


def test_independent_histories_with_labels_may_have_heads(heads: Asking) -> None:
    heads.silent(
        a=revision("a", None, "branch_labels = 'users'"),
        b=revision("b", "a"),
        c=revision("c", None, "branch_labels = 'billing'"),
    )


def test_a_head_that_another_depends_on_is_none(heads: Asking) -> None:
    heads.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", "a", "depends_on = 'b'"))


def test_branches_in_directories_of_their_own_may_have_heads(heads: Asking) -> None:
    write_project(
        heads.root,
        {
            "alembic.ini": INI + "version_locations = %(here)s/users:%(here)s/billing\n",
            "migrations/env.py": "",
            "users/a.py": revision("a"),
            "users/b.py": revision("b", "a"),
            "billing/c.py": revision("c", "a"),
        },
    )
    assert found_by(heads.rule, read_history(heads.root)) == []


@pytest.mark.parametrize(
    "unknown",
    [
        "revision = 'm'\ndown_revision = find_heads()\n",
        "revision = 'm'\ndown_revision = ('b', LAST)\n",
        "revision = f'{NAME}'\ndown_revision = 'b'\n",
        "revision = 'm'\ndown_revision = ('b', 'c'\n",
        "revision = 'm'\ndown_revision = 'c'\ndepends_on = needs()\n",
        "from settings import *\ndown_revision = 'c'\n",
    ],
)
def test_heads_are_not_judged_while_a_file_does_not_say_its_place(heads: Asking, unknown: str) -> None:
    heads.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", "a"), m=unknown)


def test_heads_are_not_judged_while_an_id_is_missing(heads: Asking) -> None:
    heads.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", "bb"))


def test_heads_are_not_judged_while_an_id_is_there_twice(heads: Asking) -> None:
    heads.silent(a=revision("a"), b=revision("b", "a"), c=revision("b", "a"))


def test_heads_are_not_judged_while_there_is_a_cycle(heads: Asking) -> None:
    heads.silent(
        a=revision("a"), b=revision("b", "a"), c=revision("c", "a"), d=revision("d", "e"), e=revision("e", "d")
    )


def test_a_fork_says_both_files_and_both_ways_out(heads: Asking) -> None:
    text = block(a=revision("a"), b=revision("b", "a"), c=revision("c", "a"))
    (problem,) = problems(heads.rule, text, heads.root)
    assert problem.message == (
        "c is a head beside b (migrations/versions/b.py): alembic upgrade head stops, because it does not know which is meant"
    )
    assert problem.remedy == 'down_revision = "b" when c was not deployed yet; else alembic merge heads'


def test_a_fork_of_long_branches_says_what_to_move(heads: Asking) -> None:
    text = block(a=revision("a"), b=revision("b", "a"), c=revision("c", "a"), d=revision("d", "c"))
    (problem,) = problems(heads.rule, text, heads.root)
    assert problem.message.startswith(
        "c leads to a head, d, beside b (migrations/versions/b.py): alembic upgrade head stops"
    )
    assert problem.remedy == 'down_revision = "b" when c was not deployed yet; else alembic merge heads'


def test_a_fork_with_merges_in_it_can_only_be_merged(heads: Asking) -> None:
    text = block(
        a=revision("a"),
        b=revision("b", "a"),
        c=revision("c", "a"),
        d=revision("d", "a"),
        e=revision("e", ("c", "d")),
    )
    (problem,) = problems(heads.rule, text, heads.root)
    assert problem.message.startswith("e is a head beside b (migrations/versions/b.py): ")
    assert problem.remedy == "alembic merge heads"


def test_a_fork_below_a_merge_is_not_moved_away_from_the_merge(heads: Asking) -> None:
    text = block(
        a=revision("a"),
        b=revision("b", "a"),
        c=revision("c", "a"),
        d=revision("d", ("b", "c")),
        e=revision("e", ("b", "c")),
    )
    (problem,) = problems(heads.rule, text, heads.root)
    assert problem.remedy == "alembic merge heads"


# undeclared-base


def test_a_second_base_is_found_where_the_shorter_history_begins(bases: Asking) -> None:
    bases.found("a", a=revision("a"), b=revision("b"), c=revision("c", "b"))


def test_each_further_base_is_found(bases: Asking) -> None:
    bases.found("c", "d", a=revision("a"), b=revision("b", "a"), c=revision("c"), d=revision("d"))


def test_two_unlabelled_bases_beside_a_labelled_one_are_found(bases: Asking) -> None:
    bases.found("b", a=revision("a"), b=revision("b"), c=revision("c", None, "branch_labels = 'billing'"))


def test_an_empty_tuple_is_a_base(bases: Asking) -> None:
    bases.found("b", a=revision("a"), b=revision("b", ()))


def test_one_base_is_declared_enough(bases: Asking) -> None:
    bases.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", "a"))


def test_a_labelled_base_is_declared(bases: Asking) -> None:
    bases.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", None, "branch_labels = ('billing',)"))


def test_a_label_anywhere_in_a_history_declares_it(bases: Asking) -> None:
    bases.silent(a=revision("a"), b=revision("b"), c=revision("c", "b", "branch_labels: str = 'billing'"))


def test_a_base_that_depends_on_another_history_is_declared(bases: Asking) -> None:
    bases.silent(a=revision("a"), b=revision("b", None, "depends_on = 'a'"))


def test_a_base_that_another_history_depends_on_is_declared(bases: Asking) -> None:
    bases.silent(a=revision("a"), b=revision("b", "a", "depends_on = ['c']"), c=revision("c"))


def test_bases_that_are_merged_are_declared(bases: Asking) -> None:
    bases.silent(a=revision("a"), b=revision("b"), c=revision("c", ("a", "b")))


def test_bases_in_version_locations_of_their_own_are_declared(bases: Asking) -> None:
    write_project(
        bases.root,
        {
            "alembic.ini": INI + "version_locations = %(here)s/users:%(here)s/billing\n",
            "migrations/env.py": "",
            "users/a.py": revision("a"),
            "billing/b.py": revision("b"),
        },
    )
    assert found_by(bases.rule, read_history(bases.root)) == []


def test_bases_in_directories_of_one_location_are_declared(bases: Asking) -> None:
    write_project(
        bases.root,
        {
            "alembic.ini": INI + "recursive_version_locations = true\n",
            "migrations/env.py": "",
            "migrations/versions/users/2026/a.py": revision("a"),
            "migrations/versions/billing/2026/b.py": revision("b"),
        },
    )
    assert found_by(bases.rule, read_history(bases.root)) == []


@pytest.mark.parametrize("unknown", ["revision = 'm'\ndown_revision = both()\n", "revision = 'm'\ndown_revision =\n"])
def test_bases_are_not_judged_while_a_file_does_not_say_its_place(bases: Asking, unknown: str) -> None:
    bases.silent(a=revision("a"), b=revision("b"), m=unknown)


def test_bases_are_not_judged_while_an_id_is_missing(bases: Asking) -> None:
    bases.silent(a=revision("a"), b=revision("b"), c=revision("c", ("a", "bb")))


# down-revision-missing


def test_a_down_revision_that_names_nothing_is_found(missing: Asking) -> None:
    missing.found("b", a=revision("a"), b=revision("b", "z"))


def test_one_missing_name_of_a_merge_is_found(missing: Asking) -> None:
    missing.found("c", a=revision("a"), b=revision("b", "a"), c=revision("c", ("b", "z")))


def test_a_dependency_that_names_nothing_is_found(missing: Asking) -> None:
    missing.found("b", a=revision("a"), b=revision("b", "a", "depends_on = 'z'"))


def test_an_abbreviated_id_is_found(missing: Asking) -> None:
    missing.found("b", a=revision("abcdef123456"), b=revision("b", "abcdef"))


def test_a_branch_label_is_no_down_revision(missing: Asking) -> None:
    missing.found("b", a=revision("a", None, "branch_labels = 'users'"), b=revision("b", "users"))


def test_an_empty_down_revision_names_nothing(missing: Asking) -> None:
    missing.found("a", a=revision("a", ""))


def test_names_of_revisions_that_are_there_are_fine(missing: Asking) -> None:
    missing.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", ["a", "b"], "depends_on = ('a', 'b')"))


def test_a_dependency_on_a_branch_label_is_fine(missing: Asking) -> None:
    missing.silent(a=revision("a", None, "branch_labels = ('users',)"), b=revision("b", None, "depends_on = 'users'"))


def test_no_dependency_is_fine(missing: Asking) -> None:
    missing.silent(
        a=revision("a", None, "branch_labels = None", "depends_on = None"), b=revision("b", "a", "depends_on = []")
    )


def test_a_name_that_is_computed_is_not_judged(missing: Asking) -> None:
    missing.silent(a=revision("a"), b="revision = 'b'\ndown_revision = os.environ['BASE']\n")


def test_an_id_that_is_a_constant_of_the_file_is_known(missing: Asking) -> None:
    missing.silent(a=revision("a"), b="PARENT = 'a'\nrevision = 'b'\ndown_revision = PARENT\n")


@pytest.mark.parametrize(
    "unknown", ["revision = make_id()\ndown_revision = 'a'\n", "revision = 'z'\ndown_revision = 'a'\ndef (\n"]
)
def test_names_are_not_judged_while_a_file_does_not_say_its_id(missing: Asking, unknown: str) -> None:
    missing.silent(a=revision("a"), b=revision("b", "z"), z=unknown)


def test_a_name_in_another_version_location_is_fine(missing: Asking) -> None:
    write_project(
        missing.root,
        {
            "alembic.ini": INI + "version_locations = %(here)s/users:%(here)s/billing\n",
            "migrations/env.py": "",
            "users/a.py": revision("a"),
            "billing/b.py": revision("b", "a"),
        },
    )
    assert found_by(missing.rule, read_history(missing.root)) == []


@pytest.mark.parametrize(
    ("named", "remedy"),
    [
        ("abcdef", '"abcdef123456", which is migrations/versions/a.py'),
        ("abcdef123465", '"abcdef123456", which is migrations/versions/a.py'),
        ("users", '"abcdef123456", which is migrations/versions/a.py'),
        ("0", "the id of a revision that is there; or bring its file back"),
        ("fedcba987654", "the id of a revision that is there; or bring its file back"),
    ],
)
def test_what_may_have_been_meant_is_offered(named: str, remedy: str, missing: Asking) -> None:
    text = block(
        a=revision("abcdef123456", None, "branch_labels = 'users'"),
        b=revision("b", named),
        c=revision("0123", "abcdef123456"),
    )
    (problem,) = problems(missing.rule, text, missing.root)
    assert problem.message == (
        f"down_revision names {named!r}, which no revision is called: every alembic command stops with KeyError: {named!r}"
    )
    assert problem.remedy == remedy


# revision-cycle


def test_a_ring_is_found_once(cycle: Asking) -> None:
    cycle.found("b", a=revision("a"), b=revision("b", "d"), c=revision("c", "b"), d=revision("d", "c"))


def test_two_rings_are_found(cycle: Asking) -> None:
    cycle.found(
        "b",
        "d",
        a=revision("a"),
        b=revision("b", "c"),
        c=revision("c", "b"),
        d=revision("d", "e"),
        e=revision("e", "d"),
    )


def test_a_revision_that_follows_itself_is_found(cycle: Asking) -> None:
    cycle.found("a", a=revision("a", "a"))


def test_a_revision_that_depends_on_itself_is_found(cycle: Asking) -> None:
    cycle.found("a", a=revision("a", None, "depends_on = 'a'"))


def test_a_ring_through_a_dependency_is_found(cycle: Asking) -> None:
    cycle.found("a", a=revision("a", None, "depends_on = 'b'"), b=revision("b", "a"))


def test_a_ring_through_the_label_of_a_dependency_is_found(cycle: Asking) -> None:
    cycle.found("a", a=revision("a", None, "depends_on = 'x'"), b=revision("b", "a", "branch_labels = 'x'"))


def test_a_ring_is_found_although_another_file_is_broken(cycle: Asking) -> None:
    cycle.found("b", a="def (", b=revision("b", "c"), c=revision("c", "b"))


def test_a_merge_of_a_fork_is_no_ring(cycle: Asking) -> None:
    cycle.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", "a"), d=revision("d", ("b", "c")))


def test_a_dependency_on_an_ancestor_is_no_ring(cycle: Asking) -> None:
    cycle.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", "b", "depends_on = 'a'"))


def test_branches_that_depend_on_each_other_in_turn_are_no_ring(cycle: Asking) -> None:
    cycle.silent(
        a=revision("a", None, "branch_labels = 'x'"),
        b=revision("b", None, "branch_labels = 'y'", "depends_on = 'a'"),
        c=revision("c", "a", "depends_on = 'b'"),
        d=revision("d", "b", "depends_on = 'c'"),
    )


def test_a_ring_that_a_copied_id_closes_is_left_to_the_copied_id(cycle: Asking) -> None:
    cycle.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", "b"), d=revision("b", "c"))


def test_a_line_of_three_thousand_revisions_is_no_ring(cycle: Asking) -> None:
    numbers = range(1, 3000)
    cycle.silent(text=block(r0=revision("r0"), **{f"r{one}": revision(f"r{one}", f"r{one - 1}") for one in numbers}))


# duplicate-revision-id


def test_a_copied_id_is_found_at_the_second_file(duplicate: Asking) -> None:
    text = block(a=revision("a"), b=revision("b", "a"), c=revision("b", "a"))
    duplicate.found("b", text=text)
    history = history_from_example(text, duplicate.root)
    (problem,) = duplicate.rule.ask(history, {})
    location = history.place(problem.part).location
    assert location
    assert (location.path, location.line) == ("migrations/versions/c.py", 1)
    assert problem.message == (
        "migrations/versions/b.py is revision b too: Alembic keeps migrations/versions/c.py and never performs the other"
    )


def test_a_copied_id_is_found_although_another_file_is_broken(duplicate: Asking) -> None:
    duplicate.found("b", a="def (", b=revision("b"), c=revision("b"))


def test_an_id_that_begins_like_another_is_fine(duplicate: Asking) -> None:
    duplicate.silent(a=revision("a1"), b=revision("a1b", "a1"), c=revision("A1", "a1b"))


def test_ids_that_are_not_known_are_no_duplicates(duplicate: Asking) -> None:
    duplicate.silent(a="revision = new_id()\ndown_revision = None\n", b="revision = new_id()\ndown_revision = 'x'\n")


def test_one_file_that_is_reached_twice_is_no_duplicate(duplicate: Asking) -> None:
    write_project(
        duplicate.root,
        {
            "alembic.ini": INI + "version_locations = %(here)s/v:%(here)s/link:%(here)s/v/../v\n",
            "migrations/env.py": "",
            "v/a.py": revision("a"),
        },
    )
    (duplicate.root / "link").symlink_to("v")
    assert found_by(duplicate.rule, read_history(duplicate.root)) == []


# revision-does-not-parse


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        (b"revision = 'a'\ndown_revision = (None\n\ndef f():\n    pass\n", 2, 17, "'(' was never closed"),
        (b"revision = 'a'\n<<<<<<< HEAD\ndown_revision = 'b'\n", 2, 1, "invalid syntax"),
        ("é = 'ü' $ 1\n".encode(), 1, 9, "invalid syntax"),
        (b"revision = 'a'\nx = '\0'\n", 2, 6, "the file holds a null byte"),
        (b"revision = 'a'\n\n\n# caf\xe9\n", 4, 6, "byte 0xe9 is not utf-8, and the file declares no other encoding"),
        (b"# caf\xe9\n", 1, 6, "byte 0xe9 is not utf-8, and the file declares no other encoding"),
        (b"# coding: ascii\n# caf\xc3\xa9\n", 2, 6, "byte 0xc3 is not ascii, which the file declares"),
        (b"# coding: klingon\n", 1, 1, "unknown encoding: klingon"),
        (b"x = " + b"-" * 100_000 + b"1\n", 1, 1, "it is nested too deeply"),
        (b"def f():\n\tx = 1\n        y = 2\n", 3, 1, "inconsistent use of tabs and spaces in indentation"),
    ],
)
def test_a_file_that_python_cannot_read_is_found_with_its_line(
    content: bytes, line: int, column: int, reason: str, tmp_path: Path
) -> None:
    write_project(tmp_path, {"alembic.ini": INI, "migrations/env.py": "", "migrations/versions/a_café.py": content})
    history = read_history(tmp_path)
    (problem,) = get_rule("revision-does-not-parse").ask(history, {})
    place = history.place(problem.part)
    assert place.object == "migrations/versions/a_café.py"
    assert place.location
    assert (place.location.line, problem.message) == (
        line,
        f"Python cannot read this file ({reason}): every alembic command stops here",
    )
    if "indentation" not in reason:
        assert place.location.column == column


def test_the_other_files_are_judged_beside_a_broken_one(downgrade: Asking) -> None:
    downgrade.found("b", a="def (", b=revision("b", body="def upgrade():\n    op.execute('')\n"))


@pytest.mark.parametrize(
    "content",
    [
        "revision = 'é'\n".encode("utf-8-sig"),
        "# coding: latin-1\nrevision = 'é'\n".encode("latin-1"),
        b"revision = 'a'\r\ndown_revision = None\r\n",
        b"revision = 'a'\rdown_revision = None\r",
        b"def f():\n\treturn '\\d'\n",
        b"",
    ],
)
def test_what_python_reads_is_fine(content: bytes, tmp_path: Path) -> None:
    write_project(tmp_path, {"alembic.ini": INI, "migrations/env.py": "", "migrations/versions/a.py": content})
    assert found_by(get_rule("revision-does-not-parse"), read_history(tmp_path)) == []


# revision-not-declared


def test_a_helper_among_the_revisions_is_found(undeclared: Asking) -> None:
    undeclared.found("migrations/versions/_helpers.py", a=revision("a"), _helpers="x = 1\n")


def test_a_revision_without_down_revision_is_found(undeclared: Asking) -> None:
    undeclared.found("a", a="revision = 'a'\n")


@pytest.mark.parametrize("name", ["a-b", "a@b", "a+b", "a:b"])
def test_an_id_that_alembic_refuses_is_found(name: str, undeclared: Asking) -> None:
    undeclared.found(name, a=revision(name))


def test_an_init_file_is_no_revision(undeclared: Asking) -> None:
    undeclared.silent(a=revision("a"), __init__="x = 1\n")


def test_a_hexadecimal_file_name_is_an_id(undeclared: Asking) -> None:
    undeclared.silent(text="# versions/1a2b3c.py\ndown_revision = None\n")


def test_annotated_declarations_are_declarations(undeclared: Asking) -> None:
    text = "from typing import Sequence, Union\nrevision: str = 'a'\ndown_revision: Union[str, Sequence[str], None] = None\n"
    undeclared.silent(a=text)


@pytest.mark.parametrize(
    "text",
    [
        "from settings import revision, down_revision\n",
        "from settings import *\n",
        "revision, down_revision = identify(__file__)\n",
        "revision, down_revision = 'a', None\n",
        "if True:\n    revision = 'a'\n    down_revision = None\n",
        "try:\n    revision = 'a'\nfinally:\n    down_revision = None\n",
        "with context():\n    revision = 'a'\n    down_revision = None\n",
        "for revision in ['a']:\n    down_revision = None\n",
        "revision = down_revision = identify()\n",
        "revision = 'é_日本'\ndown_revision = None\n",
    ],
)
def test_a_declaration_in_any_form_is_one(text: str, undeclared: Asking) -> None:
    undeclared.silent(a=text)


# revision-id-too-long


def test_an_id_of_33_characters_is_found(too_long: Asking) -> None:
    too_long.found("a" * 33, a=revision("a" * 33))


def test_a_narrower_limit_is_kept(too_long: Asking) -> None:
    too_long.found("abcde", a=revision("abcde"), b=revision("abcd", "abcde"), options={"limit": 4})


def test_an_id_of_32_characters_is_fine(too_long: Asking) -> None:
    too_long.silent(a=revision("a" * 32))


def test_characters_count_and_not_bytes(too_long: Asking) -> None:
    too_long.silent(a=revision("é" * 32))


def test_a_wider_limit_is_kept(too_long: Asking) -> None:
    too_long.silent(a=revision("a" * 64), options={"limit": 64})


def test_a_project_that_widened_the_column_is_fine(too_long: Asking) -> None:
    widen = "def upgrade():\n    op.alter_column('alembic_version', 'version_num', type_=sa.String(64))\n"
    too_long.silent(a=revision("a", None, body=widen), b=revision("b" * 40, "a"))


@pytest.mark.parametrize("file", ["env.py", "version_table.py"])
@pytest.mark.parametrize(
    "hook", ["def version_table_impl(self): ...\n", "connection.execute('... version_num TYPE text')\n"]
)
def test_an_env_py_that_widens_the_column_is_fine(hook: str, file: str, tmp_path: Path) -> None:
    write_project(
        tmp_path, {"alembic.ini": INI, "migrations/env.py": "", "migrations/versions/a.py": revision("a" * 40)}
    )
    write_project(tmp_path, {f"migrations/{file}": hook})
    assert found_by(get_rule("revision-id-too-long"), read_history(tmp_path)) == []


def test_a_long_file_name_is_fine(too_long: Asking) -> None:
    too_long.silent(text=f"# versions/2026_07_21_1200_a1_{'x' * 60}.py\n{revision('a1')}")


# downgrade-missing


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        "return",
        "return None",
        '"""Downgrade schema."""',
        '"""Downgrade schema."""\n    # ### commands auto generated by Alembic - please adjust! ###\n    pass\n    # ### end Alembic commands ###',
        '"""Downgrade database schema and/or data back to the previous revision."""',
        '"""Unapply the index of runs."""\n    pass',
    ],
)  # fmt: skip
def test_a_downgrade_that_does_nothing_is_found(body: str, downgrade: Asking) -> None:
    downgrade.found(
        "a", a=revision("a", body=f"def upgrade():\n    op.execute('')\n\ndef downgrade() -> None:\n    {body}\n")
    )


def test_no_downgrade_at_all_is_found_at_the_revision(downgrade: Asking) -> None:
    text = block(a=revision("a", body="def upgrade():\n    op.execute('')\n"))
    history = history_from_example(text, downgrade.root)
    (problem,) = downgrade.rule.ask(history, {})
    location = history.place(problem.part).location
    assert location
    assert (location.line, location.column, location.end_column) == (1, 12, 15)
    assert problem.message == "a has no downgrade: alembic downgrade stops here"


@pytest.mark.parametrize(
    "body",
    [
        "op.drop_table('a')",
        "raise NotImplementedError('the names are gone')",
        "raise NotImplementedError",
        "print('nothing to do')",
        "if True:\n        pass",
        "assert False, 'no way back'",
        "_run()",
    ],
)
def test_a_downgrade_that_does_or_declares_something_is_fine(body: str, downgrade: Asking) -> None:
    downgrade.silent(a=revision("a", body=f"def upgrade():\n    op.execute('')\n\ndef downgrade():\n    {body}\n"))


@pytest.mark.parametrize(
    "downgrade_",
    [
        "downgrade = upgrade",
        "from shared import downgrade",
        "from shared import *",
        "downgrade = reverse(upgrade)",
        "if POSTGRES:\n    def downgrade():\n        pass\nelse:\n    def downgrade():\n        op.execute('')\n",
        "try:\n    from shared import downgrade\nexcept ImportError:\n    def downgrade():\n        pass\n",
        "async def downgrade():\n    pass",
        "def downgrade(engine_name):\n    globals()[f'downgrade_{engine_name}']()",
        "def downgrade():\n    pass\n\ndef downgrade():\n    op.execute('')\n",
    ],
)
def test_a_downgrade_that_is_made_elsewhere_is_fine(downgrade_: str, downgrade: Asking) -> None:
    downgrade.silent(a=revision("a", body=f"def upgrade():\n    op.execute('')\n\n{downgrade_}\n"))


def test_a_merge_needs_no_downgrade(downgrade: Asking) -> None:
    downgrade.silent(a=revision("a"), b=revision("b"), c=revision("c", ("a", "b"), body=NOTHING))


def test_an_empty_upgrade_needs_no_downgrade(downgrade: Asking) -> None:
    downgrade.silent(a=revision("a", body="def upgrade():\n    '''Nothing.'''\n"))


@pytest.mark.parametrize(
    "body",
    [
        "pass  # cannot be undone",
        "# The backfill is irreversible on purpose.\n    return",
        '"""Data repair is intentionally irreversible."""',
        '"""Keep the canonical values on downgrade."""',
        '"""Downgrade is not supported."""',
    ],
)
def test_a_downgrade_that_says_why_it_does_nothing_is_fine(body: str, downgrade: Asking) -> None:
    downgrade.silent(a=revision("a", body=f"def upgrade():\n    op.drop_table('a')\n\ndef downgrade():\n    {body}\n"))


@pytest.mark.parametrize(
    "upgrade",
    [
        "op.execute('UPDATE books SET title = 1')",
        'op.execute("""\n        with a as (select 1) update books set title = 1\n    """)',
        "op.get_bind().execute(sa.text('DELETE FROM books'))",
        "op.execute(f'INSERT INTO books VALUES ({one})')",
        "books = sa.table('books')\n    op.get_bind().execute(books.delete().where(books.c.id == 1))",
        "op.execute(sa.update(books).values(title=1))",
        "sql = text(dedent('UPDATE books SET title = 1'))\n    bind = op.get_bind()\n    bind.execute(sql)",
        "op.bulk_insert(sa.table('books'), [])",
        "if op.get_context().as_sql:\n        return\n    op.execute('DELETE FROM books')",
    ],
)
def test_a_revision_that_only_changes_rows_may_be_taken_back_by_nothing(upgrade: str, downgrade: Asking) -> None:
    downgrade.silent(a=revision("a", body=f"def upgrade():\n    {upgrade}\n\ndef downgrade():\n    pass\n"))


@pytest.mark.parametrize(
    "upgrade",
    [
        "op.execute('CREATE TYPE colour AS ENUM ()')",
        "op.execute('ALTER TYPE colour ADD VALUE 1')",
        "op.execute('UPDATE books SET title = 1')\n    op.drop_column('books', 'title')",
        "with op.batch_alter_table('books') as batch:\n        batch.execute('UPDATE books SET title = 1')",
        "op.execute(function_body)",
        "sql = 'UPDATE books'\n    sql = 'DROP TABLE books'\n    op.execute(sql)",
        "op.bulk_insert(books, [])\n    metadata.create_all(op.get_bind())",
        "make_tables()",
        "op.execute(sql := sql)",
    ],
)
def test_a_revision_that_may_change_the_schema_is_found(upgrade: str, downgrade: Asking) -> None:
    downgrade.found("a", a=revision("a", body=f"def upgrade():\n    {upgrade}\n\ndef downgrade():\n    pass\n"))


def test_a_last_definition_that_is_empty_is_found(downgrade: Asking) -> None:
    twice = "def upgrade():\n    op.execute('')\n\ndef downgrade():\n    op.execute('')\n\ndef downgrade():\n    pass\n"
    downgrade.found("a", a=revision("a", body=twice))


# empty-revision


def test_a_revision_that_does_nothing_is_found(empty: Asking) -> None:
    empty.found("b", a=revision("a"), b=revision("b", "a", body=NOTHING))


def test_a_generated_revision_that_does_nothing_is_found(empty: Asking) -> None:
    body = '''def upgrade() -> None:
    """Upgrade schema."""
    # ### commands auto generated by Alembic - please adjust! ###
    pass
    # ### end Alembic commands ###


def downgrade() -> None:
    """Downgrade schema."""
    # ### commands auto generated by Alembic - please adjust! ###
    pass
    # ### end Alembic commands ###
'''
    empty.found("b", a=revision("a"), b=revision("b", "a", body=body))


def test_a_revision_without_functions_is_found(empty: Asking) -> None:
    empty.found("b", a=revision("a"), b=revision("b", "a", body=""))


def test_a_revision_with_the_words_of_another_template_is_found(empty: Asking) -> None:
    body = 'def upgrade():\n    """Upgrade database."""\n\ndef downgrade():\n    """Downgrade database."""\n'
    empty.found("b", a=revision("a"), b=revision("b", "a", body=body))


@pytest.mark.parametrize("message", ["Base revision -- noop.", "no-op", "Placeholder for 2.0"])
def test_an_empty_revision_whose_message_says_so_is_fine(message: str, empty: Asking) -> None:
    body = f'"""{message}\n\nRevision ID: b\n"""\n' + revision("b", "a", body=NOTHING)
    empty.silent(a=revision("a"), b=body)


def test_an_empty_merge_is_fine(empty: Asking) -> None:
    empty.silent(a=revision("a"), b=revision("b", "a"), c=revision("c", "a"), d=revision("d", ("b", "c"), body=NOTHING))


def test_an_empty_first_revision_is_fine(empty: Asking) -> None:
    empty.silent(a=revision("a", body=NOTHING), b=revision("b", "a"))


def test_an_empty_revision_with_a_label_is_fine(empty: Asking) -> None:
    empty.silent(a=revision("a"), b=revision("b", "a", "branch_labels = 'v2'", body=NOTHING))


def test_an_empty_revision_with_a_dependency_is_fine(empty: Asking) -> None:
    empty.silent(a=revision("a"), b=revision("b"), c=revision("c", "a", "depends_on = 'b'", body=NOTHING))


def test_an_empty_revision_that_others_depend_on_is_fine(empty: Asking) -> None:
    empty.silent(a=revision("a"), b=revision("b", "a", body=NOTHING), c=revision("c", None, "depends_on = 'b'"))


def test_an_empty_revision_where_branches_part_is_fine(empty: Asking) -> None:
    empty.silent(a=revision("a"), b=revision("b", "a", body=NOTHING), c=revision("c", "b"), d=revision("d", "b"))


@pytest.mark.parametrize(
    "body",
    [
        '    """Emptied: see 1f2e."""\n',
        '    """Upgrade is not needed any more, 1f2e does it."""\n',
        "    # the column came with a hot fix\n    pass\n",
        "    pass  # emptied, 1f2e does it\n",
        "    pass\n\n    # op.drop_table('books')\n",
    ],
)
def test_an_empty_revision_that_says_why_is_fine(body: str, empty: Asking) -> None:
    empty.silent(a=revision("a"), b=revision("b", "a", body=f"def upgrade():\n{body}\n\ndef downgrade():\n    pass\n"))


@pytest.mark.parametrize(
    "body",
    [
        "def upgrade():\n    pass\n\ndef downgrade():\n    raise NotImplementedError\n",
        "def upgrade():\n    op.execute('')\n\ndef downgrade():\n    pass\n",
        "from shared import upgrade, downgrade\n",
        "upgrade = downgrade = replay(__file__)\n",
        "def upgrade(engine):\n    globals()[f'upgrade_{engine}']()\n\ndef downgrade(engine):\n    pass\n",
    ],
)
def test_a_revision_that_does_something_is_fine(body: str, empty: Asking) -> None:
    empty.silent(a=revision("a"), b=revision("b", "a", body=body))


def test_an_empty_revision_is_not_judged_while_its_place_is_not_known(empty: Asking) -> None:
    empty.silent(a=revision("a"), b=revision("b", "a", body=NOTHING), c="revision = 'c'\ndown_revision = find()\n")


# imports-application-models

MODELS = """
from enum import Enum
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlmodel import Field, SQLModel

LIMIT = 200
mapper_registry = registry()

class Status(str, Enum):
    open = "open"

class GUID(sa.types.TypeDecorator):
    impl = sa.Uuid

class Base(DeclarativeBase):
    pass

class Dated:
    created_at: Mapped[str]

class Book(Dated, Base):
    __tablename__ = "books"

class Comic(Book):
    pass

class ReaderBase(SQLModel):
    name: str

class Reader(ReaderBase, table=True):
    id: int | None = Field(default=None, primary_key=True)

class ReaderRead(Reader):
    pass

@mapper_registry.mapped_as_dataclass
class Loan:
    pass

class Shelf(db.Model):
    pass

@mapper_registry.mapped_as_dataclass(init=False)
class Fine:
    pass

@decorators[0]
class Plain(Generic[T], orm.MappedAsDataclass):
    __slots__: tuple = ()

links = sa.Table("links", Base.metadata)
tags: sa.Table = sa.Table("tags", Base.metadata)
Alias = Book
odd = factories[0]()

match LIMIT:
    case 200:
        class Wing(Base):
            __tablename__ = "wings"
if LIMIT:
    pass
else:
    with db:
        class Room(Base):
            __table__ = links

def now(): ...
"""


def with_models(imports: str) -> str:
    """Return a block with `app/models.py` and one revision that begins with `imports`."""
    return f"# app/__init__.py\n# app/models.py\n{MODELS}\n# versions/a.py\n{imports}\n{revision('a')}"


@pytest.mark.parametrize(
    "imports",
    [
        "from app.models import Book",
        "from app.models import Status, Book as B",
        "from app.models import Base",
        "from app.models import Comic",
        "from app.models import Reader",
        "from app.models import Loan",
        "from app.models import Shelf",
        "from app.models import Fine",
        "from app.models import links",
        "from app.models import tags",
        "from app.models import Wing",
        "from app.models import Room",
        "import app\napp.models.Book",
        "async def f():\n    while True:\n        from app.models import Book",
        "from app.models import Alias",
        "from app import models\nmodels.Book.metadata",
        "from app import models as m\nm.Book",
        "import app.models\napp.models.Book",
        "import app.models as m\nm.links",
        "from app.models import *\nprint(Book)",
        "def f():\n    from app.models import Book",
        "try:\n    from app.models import Book\nexcept ImportError:\n    Book = None",
    ],
)
def test_an_imported_model_is_found(imports: str, models: Asking) -> None:
    models.found("a", text=with_models(imports))


def test_a_model_that_a_package_passes_on_is_found(models: Asking) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/models/__init__.py": "from .order import *\nfrom ..base import Base\n",
        "shop/models/order.py": "from shop.base import Base\nclass Order(Base): ...\n",
        "shop/base.py": "from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n",
    }
    text = "".join(f"# {path}\n{content}\n" for path, content in files.items())
    models.found("a", text=f"{text}# versions/a.py\nfrom shop.models import Order\n{revision('a')}")
    models.found("a", text=f"{text}# versions/a.py\nfrom shop.models import Base\n{revision('a')}")
    models.silent(text=f"{text}# versions/a.py\nfrom shop.models import order, nothing\n{revision('a')}")


def test_a_model_below_src_is_found(models: Asking) -> None:
    models.found(
        "a", text=f"# src/shop/models.py\n{MODELS}\n# versions/a.py\nfrom shop.models import Book\n{revision('a')}"
    )


def test_each_import_statement_is_one_problem(models: Asking) -> None:
    text = with_models("from app.models import Book, Reader\nfrom app.models import links")
    first, second = problems(models.rule, text, models.root)
    assert first.message == (
        "a uses app.models.Book, app.models.Reader as it is today: upgrading an empty database may fail once the model changes"
    )
    assert "app.models.links" in second.message


@pytest.mark.parametrize(
    "imports",
    [
        "from app.models import Status",
        "from app.models import GUID, LIMIT, now",
        "from app.models import Dated",
        "from app.models import ReaderBase",
        "from app.models import ReaderRead",
        "from app.models import Plain, odd",
        "from app import models\nfind().models.Book",
        "from app.models import nothing_that_is_there",
        "from app import models\nmodels.Status.open",
        "import app.models\nsa.Column('id', app.models.GUID())",
        "import app.models as m",
        "from app.models import *\nprint(Status)",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.models import Book",
        "import typing as t\nif t.TYPE_CHECKING:\n    from app.models import Book",
        "from alembic import op\nimport sqlalchemy as sa\nfrom sqlmodel import SQLModel\nfrom sqlalchemy.orm import Session",
        "import sqlmodel\nsqlmodel.sql.sqltypes.AutoString()",
        "from .models import Book",
        "from missing.models import Book",
        "class Book: ...",
        "# from app.models import Book",
    ],
)
def test_what_is_no_model_may_be_imported(imports: str, models: Asking) -> None:
    models.silent(text=with_models(imports))


def test_models_beside_the_migrations_may_be_imported(models: Asking) -> None:
    table = "from sqlalchemy import Table, MetaData\nbooks = Table('books', MetaData())\n"
    models.silent(
        text=f"# migrations/frozen.py\n{table}\n# versions/a.py\nfrom migrations.frozen import books\n{revision('a')}"
    )


def test_models_of_an_installed_package_may_be_imported(models: Asking) -> None:
    models.silent(a="from sqlalchemy.orm import DeclarativeBase\nfrom sqlmodel import SQLModel\n" + revision("a"))


def test_a_module_that_does_not_parse_is_not_judged(models: Asking) -> None:
    text = f"# app/models.py\nclass Book(\n# versions/a.py\nfrom app.models import Book\n{revision('a')}"
    models.silent(text=text)


def test_modules_that_import_each_other_are_not_judged_for_ever(models: Asking) -> None:
    text = "# app/a.py\nfrom app.b import X\nY = X\n# app/b.py\nfrom app.a import Y\nX = Y\nfrom app.a import *\n"
    models.silent(text=f"{text}# versions/a.py\nfrom app.a import X, Y, Z\n{revision('a')}")


def test_a_class_that_derives_from_itself_is_no_model(models: Asking) -> None:
    text = "# app/a.py\nclass X(X): ...\nclass Y(Z): ...\nclass Z(Y): ...\n"
    models.silent(text=f"{text}# versions/a.py\nfrom app.a import X, Y\n{revision('a')}")


def test_a_migration_directory_called_alembic_does_not_hide_the_library(models: Asking) -> None:
    write_project(
        models.root,
        {
            "alembic.ini": "[alembic]\nscript_location = alembic\nprepend_sys_path = .\n",
            "alembic/env.py": "from sqlalchemy.orm import DeclarativeBase\nclass op(DeclarativeBase): ...\n",
            "alembic/versions/a.py": "from alembic import op\nfrom alembic.env import op\n" + revision("a"),
        },
    )
    assert found_by(models.rule, read_history(models.root)) == []


def test_an_environment_in_the_root_still_sees_the_application(models: Asking) -> None:
    write_project(
        models.root,
        {
            "alembic.ini": "[alembic]\nscript_location = .\nprepend_sys_path = .\n",
            "env.py": "",
            "app/models.py": MODELS,
            "versions/a.py": "from app.models import Book\n" + revision("a"),
        },
    )
    assert found_by(models.rule, read_history(models.root)) == ["a"]
