"""The arrangement of a run: load each subject that the selected rules name, ask the rules, place, allow, sort."""

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from schemalint.baseline import Baseline, load_baseline, updated, write
from schemalint.config import Config
from schemalint.errors import SchemalintError, UserLine
from schemalint.finding import Finding, Location, Report, Unasked
from schemalint.fix import Fix
from schemalint.loaders.alembic_settings import AlembicSettings, find_alembic
from schemalint.loaders.user_code import collector_off
from schemalint.rule import PROFILES, Place, Problem, Rule, Subject
from schemalint.rules import GROUPS, all_rules, rule_names
from schemalint.subjects.allowances import Allowances
from schemalint.subjects.history import History
from schemalint.suppression import find_allowances
from schemalint.throwaway.server import StartingServer, Wish, throwaway_server

if TYPE_CHECKING:
    from schemalint.subjects.schema import Schema
    from schemalint.subjects.source import Source

NEEDS_A_SERVER = frozenset({"drift"})
"""Groups whose rules ask PostgreSQL."""

Progress = Callable[[str], None]


@dataclass
class Run:
    """What one run has come to so far; `check` fills it subject by subject.

    `partly` are the groups that could be asked about a part only: their silence proves nothing about the rest.
    """

    config: Config
    progress: Progress
    rules: dict[str, list[Rule]]
    placed: list[tuple[Rule, Problem, Place]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    unasked: list[Unasked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    partly: set[str] = field(default_factory=set)
    schema: "Schema | None" = None
    tables: int = 0
    revisions: int = 0
    server: str = ""

    def ask(self, group: str, subject: Subject) -> None:
        """Ask the rules of `group` about `subject` and place their problems."""
        for one in self.rules[group]:
            options = {**one.options, **self.config.rules.get(one.name, {})}
            if isinstance(subject, one.subject):  # else a companion answers, for a part only
                self.asked.append(one.name)
            self.placed.extend(
                (one, with_placed_fix(problem, subject), placed(problem, subject))
                for problem in one.ask(subject, options)
            )

    def leave(self, groups: Sequence[str], error: SchemalintError) -> None:
        """Note that the rules of `groups` could not be asked, because of `error`; one reason is told once."""
        self.partly |= {*groups}
        names = tuple(one.name for group in groups for one in self.rules[group])
        for number, told in enumerate(self.unasked):
            if (told.reason, told.at) == (error.message, error.at):
                self.unasked[number] = replace(told, rules=(*told.rules, *names))
                return
        self.unasked.append(Unasked(names, error.message, error.at))


def placed(problem: Problem, subject: Subject) -> Place:
    """Return where a problem stands; what is wrong with more than its part is named by itself, and is of no one table."""
    place = subject.place(problem.part, problem.at)
    return place._replace(object=problem.about, declaration="", table="") if problem.about else place


def with_placed_fix(problem: Problem, subject: Subject) -> Problem:
    """Return a problem whose fix, where it has one, says where its parts stand: it is performed when the subject is gone."""
    if problem.fix is None:
        return problem
    from schemalint.subjects.targets import with_targets

    return replace(problem, fix=with_targets(problem.fix, subject))


def check(
    config: Config,
    progress: Progress = lambda _: None,
    watch: Callable[["Schema"], None] = lambda _: None,
) -> Report:
    """Ask every selected rule and return the report; `progress` is told what is being done, `watch` sees the models.

    Raises SchemalintError when there is nothing to look at; what fails for some subjects only stands in the report.
    """
    began = time.monotonic()
    baseline = load_baseline(config)
    settings = find_alembic(config)
    run = Run(config, progress, rules={group: [] for group in GROUPS})
    for one in selected_rules(config):
        run.rules[one.group].append(one)
    if not settings:
        without_history(run)
    elif config.offline:
        run.notes.append("drift was not looked at (--offline)")
    with ExitStack() as stack:
        stack.callback(gc.unfreeze)
        server = None
        if run.rules["drift"]:
            wish = Wish(database=config.database, postgres=config.postgres, image=config.image)
            server = stack.enter_context(throwaway_server(wish))
        look(run, settings, server)
    if run.schema is not None:
        watch(run.schema)
    allowances, allowed = allow(run)
    findings, accepted, allowances = accept(run, baseline, allowances)
    run.placed = []
    run.ask("allowances", allowances)
    findings += [one for one in merged(run.placed) if stands_below(one, config)]
    return Report(
        findings=tuple(sorted(findings, key=lambda finding: finding.order)),
        unasked=tuple(run.unasked),
        asked=tuple(run.asked),
        allowed=allowed,
        accepted=accepted,
        server=run.server,
        notes=tuple(run.notes),
        root=str(config.root),
        tables=run.tables,
        revisions=run.revisions,
        seconds=time.monotonic() - began,
    )


def selected_rules(config: Config) -> Iterator[Rule]:
    """Yield the rules of the profile, and those selected, without those ignored, by name or by group."""
    for one in all_rules(group for group in GROUPS if not (config.offline and group in NEEDS_A_SERVER)):
        names = {one.name, one.group}
        if (one.profile in PROFILES[config.profile] or names & {*config.select}) and not names & {*config.ignore}:
            yield one


def without_history(run: Run) -> None:
    """Leave out what needs Alembic; without models as well there is nothing to check, which raises SchemalintError."""
    if not run.config.models:
        raise SchemalintError(
            f"there is nothing to check in {run.config.root}: no alembic.ini (or [tool.alembic]) was found and no models are named;"
            ' write models = ["your_package.models"] under [tool.schemalint] in pyproject.toml'
        )
    run.notes.append("no alembic.ini and no [tool.alembic]: history and drift were not looked at")
    run.rules["history"] = run.rules["drift"] = []


def look(run: Run, settings: AlembicSettings | None, server: StartingServer | None) -> None:
    """Load the subjects that the selected rules name, each once, and ask their rules.

    The models come before the migrations: `env.py` imports them, and the server has time to start meanwhile.
    """
    history = look_at_history(run, settings) if settings and (run.rules["history"] or run.rules["drift"]) else None
    with collector_off():
        schema = look_at_models(run) if run.rules["schema"] or run.rules["drift"] else None
        source = look_at_source(run, schema)
        gc.freeze()  # models are many objects that stay: the collector need not go through them again and again
    leave_failures(run, schema, source)
    if settings and history and schema and server:
        look_at_drift(run, settings, schema, history, server)


def look_at_history(run: Run, settings: AlembicSettings) -> History | None:
    from schemalint.loaders.history import load_history

    try:
        history = load_history(run.config, settings)
    except SchemalintError as error:
        run.leave(["history", "drift"], error)
        return None
    run.files |= {*history.files}
    run.revisions = len(history.revisions)
    run.ask("history", history)
    return history


def look_at_models(run: Run) -> "Schema | None":
    from schemalint.loaders.models import load_schema

    run.progress("importing the models")
    try:
        schema = load_schema(run.config)
    except SchemalintError as error:
        run.leave(["schema", "drift"], error)
        return None
    if not schema.failures and not any(one.tables for one in schema.metadata):
        named = " and ".join(run.config.models) or "target_metadata"
        run.leave(["schema", "drift"], SchemalintError(f"no table is declared in {named}: name the modules that do"))
        return None
    run.files |= {*schema.files}
    run.tables = len(schema.tables)
    run.schema = schema
    run.partly |= {"schema", "drift"} if schema.failures else set()
    run.ask("schema", schema)
    return schema


def look_at_source(run: Run, schema: "Schema | None") -> "Source | None":
    """Ask the rules over the source, and those over the models that can be asked so about classes that were not imported."""
    is_whole = schema is not None and schema.is_whole
    if not run.rules["source"] and (is_whole or not any(one.in_source for one in run.rules["schema"])):
        return None
    from schemalint.loaders.source import load_source

    source = load_source(run.config, schema)
    run.files |= {*source.files}
    run.ask("source", source)
    if not is_whole:
        imported = {f"{one.class_.__module__}.{one.class_.__qualname__}" for one in schema.mappers} if schema else set()
        run.ask("schema", source.without(imported))
    run.partly |= {"source"} if source.failures else set()
    return source


def leave_failures(run: Run, schema: "Schema | None", source: "Source | None") -> None:
    """Note what of the models could not be looked at, each failure once: what a rule explains better is told in its name."""
    explained = set(lines_of_problems(run)) if schema and schema.failures else set()
    without_key = set(lines_of_lost_keys(run, schema)) if schema and schema.failures else set()
    for failure in schema.failures if schema else ():
        line = (failure.at.path, failure.at.line) if failure.at else None
        is_explained = line in explained or (line in without_key and any(one in failure.message for one in NO_KEY))
        # What did not import is told in any case: no rule over the models was asked about it.
        if schema and not (schema.is_whole and is_explained):
            run.leave([], failure)
    for failure in source.failures if source else ():
        if not any(says_the_same(one, failure) for one in run.unasked):
            run.leave([], failure)
    told: dict[tuple[str, UserLine | None], Unasked] = {}
    for unasked in run.unasked:
        one = because_of_the_source(run, unasked, source)
        before = told.get((one.reason, one.at))
        told[one.reason, one.at] = replace(one, rules=(*before.rules, *one.rules)) if before else one
    run.unasked = list(told.values())


def look_at_drift(
    run: Run, settings: AlembicSettings, schema: "Schema", history: History, server: StartingServer
) -> None:
    from schemalint.loaders.drift import load_drift

    run.progress("performing the migrations on a throwaway PostgreSQL")
    try:
        drift = load_drift(run.config, settings, schema, history, server)
    except SchemalintError as error:
        run.leave(["drift"], because_of_the_history(run) or error)
        return
    answering = server.ready()
    run.server = f"{answering.provider} PostgreSQL {answering.version}"
    run.notes.extend(drift.notes)
    run.partly |= {"drift"} if drift.failure or drift.uncreatable or drift.unimported else set()
    run.ask("drift", drift)


STOPS_ALEMBIC = frozenset({"down-revision-missing", "revision-cycle", "revision-does-not-parse"})
"""Rules whose problems keep Alembic from reading the history at all."""


def because_of_the_history(run: Run) -> SchemalintError | None:
    """Return that the history cannot be performed, where a rule says better than Alembic what is wrong with it."""
    for one, _, place in run.placed:
        if one.name in STOPS_ALEMBIC and place.location:
            at = UserLine(place.location.path, place.location.line, place.location.column)
            return SchemalintError(f"the migrations cannot be performed, because of {one.name}", at=at)
    return None


def says_the_same(unasked: Unasked, unreadable: SchemalintError) -> bool:
    """Whether it was told already that a file cannot be read: on the same line, or without a place in the same words."""
    if unasked.at and unreadable.at:
        return (unasked.at.path, unasked.at.line) == (unreadable.at.path, unreadable.at.line)
    return unreadable.message.partition(";")[0] in unasked.reason


STOPS_IMPORT = frozenset(
    {
        "circular-model-import",
        "foreign-key-set-null-not-null",
        "missing-import",
        "relationship-annotation",
        "reserved-attribute-name",
        "sa-column-conflict",
        "shared-schema-object",
        "table-args-shape",
        "table-defined-twice",
        "unsupported-field-type",
    }
)
"""Rules whose problems keep Python from importing the models."""


def because_of_the_source(run: Run, unasked: Unasked, source: "Source | None") -> Unasked:
    """Return why the models do not import in the name of the rule that says it on the same line, or in the class that is not made there."""
    at = unasked.at
    if at is None or source is None:
        return unasked
    blamed = [one for one in source.of.values() if (one.module.path, one.node.lineno) == (at.path, at.line)]
    # A class that is not made has its bases' fields as well.
    made = [above for one in blamed for above in (one, *one.above)]
    spans = [(at.path, at.line, at.line)]
    spans += [(one.module.path, one.node.lineno, one.node.end_lineno or one.node.lineno) for one in made]
    for path, first, last in spans:
        for one, problem, place in run.placed:
            found = place.location
            is_there = found and found.path == path and first <= found.line <= last
            if one.name in STOPS_IMPORT and is_there and may_be_why(one, problem, unasked.reason):
                return replace(unasked, reason=f"the models cannot be imported, because of {one.name}")
    return because_of_a_circle(run, unasked, source)


WORDS = {"foreign-key-set-null-not-null": "SET NULL", "relationship-annotation": "KeyError"}
"""What Python says where problems of these rules keep a class from being made; mostly they do not."""


def may_be_why(rule: Rule, problem: Problem, reason: str) -> bool:
    """Whether a problem keeps a class from being made: most reserved names are only warned of, and Python says the name of one that is refused."""
    from schemalint.subjects.source import Attribute

    if rule.name in WORDS:
        return WORDS[rule.name] in reason
    match problem:
        case Problem(part=Attribute(name=name), at="name"):
            return name == "model_config" or name in reason
        case _:
            return True


def because_of_a_circle(run: Run, unasked: Unasked, source: "Source") -> Unasked:
    """Return the same in the name of the rule, where a circle of imports was told at another of its imports."""
    if "partially initialized module" in unasked.reason and unasked.at:
        here = {one.name for one in source.known.values() if one.path == unasked.at.path}
        for one, _, place in run.placed:
            circle = place.object.removeprefix("import of ").split(", ")
            if one.name == "circular-model-import" and here & {*circle} and place.location:
                at = UserLine(place.location.path, place.location.line, place.location.column)
                return replace(unasked, reason=f"the models cannot be imported, because of {one.name}", at=at)
    return unasked


NO_KEY = ("NoReferencedTableError", "NoReferencedColumnError", "NoForeignKeysError")
"""What SQLAlchemy raises for a relationship whose foreign key leads nowhere."""


def lines_of_lost_keys(run: Run, schema: "Schema") -> Iterator[tuple[str, int]]:
    """Yield the files and lines of the relationships from and to tables of which a rule says that a foreign key leads nowhere."""
    lost = {place.table for one, _, place in run.placed if one.name == "foreign-key-target-missing"}
    for relationship in schema.relationships:
        ends = [relationship.parent, schema.targets.get(relationship)]
        if any(getattr(one.local_table, "fullname", "") in lost for one in ends if one):
            location = schema.place(relationship).location
            yield from [(location.path, location.line)] if location else []


def lines_of_problems(run: Run) -> Iterator[tuple[str, int]]:
    """Yield the files and lines that problems stand on; of a relationship also the one that its call begins on, where mappers fail."""
    from sqlalchemy.orm import RelationshipProperty

    for _, problem, place in run.placed:
        begins = (
            run.schema.place(problem.part) if run.schema and isinstance(problem.part, RelationshipProperty) else place
        )
        yield from ((one.path, one.line) for one in (place.location, begins.location) if one)


def allow(run: Run) -> tuple[Allowances, int]:
    """Take away what the user allowed; return the allowances, which know what they were used for, and how many findings were allowed."""
    allowances = Allowances(
        tuple(find_allowances(run.config, run.files)),
        asked=frozenset(proving(run)),
        known=rule_names(),
        home_of=homes(run.schema),
    )
    kept: list[tuple[Rule, Problem, Place]] = []
    taken: list[tuple[Rule, Problem, Place]] = []
    for one in run.placed:
        (taken if allowances.allow(one[0].name, one[2]) else kept).append(one)
    run.placed = kept
    # Counted as they would be told: what several tables share is one.
    return allowances, sum(1 for _ in merged(taken))


def proving(run: Run) -> Iterator[str]:
    """Yield the rules whose silence proves something, as they were asked about everything, and the groups whose default rules all are such."""
    if any(one.name in STOPS_ALEMBIC for one, _, _ in run.placed):
        run.partly |= {"history", "drift"}
    names = {name for name in run.asked if rule_names()[name] not in run.partly}
    yield from names
    for group, rules in run.rules.items():
        usual = {one.name for one in all_rules([group]) if one.profile == "default"} if rules else set()
        if usual and usual <= names:
            yield group


def homes(schema: "Schema | None") -> Callable[[str], Location | None]:
    """Return what says where a table is declared."""
    tables = {table.fullname: table for table in schema.tables} if schema else {}

    @cache
    def home_of(name: str) -> Location | None:
        table = tables.get(name)
        return schema.place(table).location if schema and table is not None else None

    return home_of


def accept(run: Run, baseline: Baseline | None, allowances: Allowances) -> tuple[list[Finding], int, Allowances]:
    """Return the findings without those that the baseline accepts, how many it does, and the allowances with its stale lines.

    The baseline is brought up to date before, where that is what the user asked for.
    """
    every = list(merged(run.placed))
    below = [one for one in every if stands_below(one, run.config)]
    if baseline is None:
        return below, 0, allowances
    stale = tuple(baseline.stale(every, allowances.asked))
    if run.config.update_baseline:
        before, baseline = baseline, updated(baseline, below, stale)
        write(baseline)
        new = len(baseline.entries) - len(before.entries) + len(stale)
        run.notes.append(
            f"{baseline.shown} is written: {len(baseline.entries)} accepted, {new} of them new, {len(stale)} taken out"
        )
        if not run.config.baseline:
            run.notes.append(
                f'no run reads it yet: write baseline = "{baseline.shown}" under [tool.schemalint] in pyproject.toml'
            )
        stale = ()
    standing = [one for one in below if not baseline.accepts(one)]
    return standing, len(below) - len(standing), replace(allowances, stale=stale)


def merged(placed: Iterable[tuple[Rule, Problem, Place]]) -> Iterator[Finding]:
    """Yield a finding for each problem; those of one rule at one shared declaration are one finding with all their tables."""
    shared: dict[tuple[str, str, Location | None], list[tuple[Problem, Place]]] = {}
    for one, problem, place in placed:
        shared.setdefault((one.name, place.declaration or place.object, place.location), []).append((problem, place))
    for (name, object_, location), together in shared.items():
        tables = tuple(sorted({place.table for _, place in together if place.table}))
        if all(place.declaration for _, place in together):
            message, remedy = together[0][0].message, together[0][0].remedy
            yield Finding(name, object_, location, message, remedy, tables, merged_fix(one for one, _ in together))
        else:
            for problem, _ in together:
                yield Finding(name, object_, location, problem.message, problem.remedy, tables, problem.fix)


def merged_fix(problems: Iterable[Problem]) -> Fix | None:
    """Return the fixes of one declaration's problems as one; none where one of its tables has none, or one of another kind."""
    fixes = [problem.fix for problem in problems]
    found = [one for one in fixes if one is not None]
    if len(found) < len(fixes) or len({one.kind for one in found}) > 1:
        return None
    edits = dict.fromkeys(edit for one in found for edit in one.edits)
    due = dict.fromkeys(one.due for one in found if one.due)
    return replace(found[0], edits=tuple(edits), due="\n".join(due))


def stands_below(finding: Finding, config: Config) -> bool:
    """Whether a finding stands in one of the files or directories that the user named; everywhere, when none is named."""
    if not config.paths:
        return True
    if finding.location is None:
        return False
    file = config.root / finding.location.path
    return any(file.is_relative_to(Path(path).resolve()) for path in config.paths)
