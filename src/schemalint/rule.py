"""What a rule is: a function that asks one question of one subject and yields problems."""

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol, get_args, get_origin, overload, runtime_checkable

from schemalint.finding import Location
from schemalint.fix import Fix, FixKind

Profile = Literal["default", "strict", "opt-in"]

PROFILES: Mapping[str, tuple[Profile, ...]] = MappingProxyType(
    {
        "default": ("default",),
        "strict": ("default", "strict"),
        "all": ("default", "strict", "opt-in"),
    }
)
"""Which rules each profile that the user can name turns on."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule yields: the part that is wrong, what will happen, and what to write instead.

    `part` is anything that the rule's subject can place: a table, a column, a constraint, an index, a relationship, a revision, a
    difference. `message` names the user's own table and column; `remedy` is what to write instead. `at` narrows the place: the name of a keyword
    whose value is wrong (`ondelete`), or `annotation`; where the declaration does not write it, the whole part is marked. `fix` is what
    `--fix` or `--unsafe-fixes` may write. `about` names what is wrong where that is more than the part, which is then one example of it
    (a convention of the whole project): it is the finding's object, whichever part is the first.
    """

    part: object
    message: str
    remedy: str = ""
    at: str = ""
    fix: Fix | None = None
    about: str = ""


class Place(NamedTuple):
    """Where a part is: its identity, the source it was written in, and the shared declaration it comes from.

    `object` is `table.column`, `table :index a, b`, `Model~relationship`, a revision's id, ...; `declaration` names what
    several tables share (`TimestampMixin.created_at`): problems of one rule at one declaration become one finding.
    """

    object: str
    location: Location | None
    declaration: str = ""
    table: str = ""


@runtime_checkable
class Subject(Protocol):
    """What a rule looks at: facts, and where each of them stands."""

    def place(self, part: object, at: str = "") -> Place:
        """Return where `part` is, or `at` in it (see Problem); raises TypeError for something that is no part of this subject."""
        ...


Check = Callable[..., Iterable[Problem]]


@dataclass(frozen=True)
class Rule:
    """A rule's function with everything that its signature and its page say about it; `fixes` are the kinds that it may offer."""

    function: Check
    profile: Profile = "default"
    fixes: tuple[FixKind, ...] = ()
    in_source: list[Check] = field(default_factory=list, compare=False)

    def without_import(self, function: Check) -> Check:
        """Register what asks the same question of a Source: of the classes that could not be imported, and of them only.

        A decorator; a rule over the models has at most one. It yields the same objects as the rule itself would.
        """
        self.in_source.append(function)
        return function

    @property
    def name(self) -> str:
        """The function's name in kebab case: what the user writes in `allow[...]`, `select` and `ignore`."""
        return self.function.__name__.replace("_", "-")

    @cached_property
    def subject(self) -> type[Subject]:
        """The class that the first parameter is annotated with."""
        first = next(iter(inspect.signature(self.function).parameters.values()))
        assert isinstance(first.annotation, type), (
            f"{self.name}: the first parameter must be annotated with its subject"
        )
        return first.annotation

    @property
    def group(self) -> str:
        """The folder that the rule stands in: `schema`, `history`, `drift` or `allowances`."""
        return self.function.__module__.split(".")[-2]

    @cached_property
    def options(self) -> Mapping[str, object]:
        """Option names, as the user writes them (`max-length`), with their defaults."""
        return {
            parameter.name.replace("_", "-"): parameter.default
            for parameter in inspect.signature(self.function).parameters.values()
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY
        }

    @cached_property
    def choices(self) -> Mapping[str, tuple[object, ...]]:
        """The values of each option that is annotated with a Literal and takes nothing else."""
        return {
            parameter.name.replace("_", "-"): get_args(parameter.annotation)
            for parameter in inspect.signature(self.function).parameters.values()
            if get_origin(parameter.annotation) is Literal
        }

    @property
    def page(self) -> str:
        """The module's docstring: what is found, what it costs, when it is right anyway, Bad and Good."""
        return inspect.cleandoc(sys.modules[self.function.__module__].__doc__ or "")

    @property
    def summary(self) -> str:
        """The first sentence of the page."""
        return self.page.partition("\n")[0]

    def examples(self, heading: Literal["Bad", "Good"]) -> tuple[str, ...]:
        """Return the code blocks under `Bad:` or `Good:` in the page, in order."""
        return tuple(
            block
            for title, block in re.findall(
                r"^(Bad|Good)[^\n]*:\n+```python\n(.*?)^```", self.page, re.MULTILINE | re.DOTALL
            )
            if title == heading
        )

    def ask(self, subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
        """Yield the problems of `subject`; a surprise inside the rule propagates, naming the rule.

        Where `subject` is not what the rule is annotated with, its companions for that subject answer (`without_import`).
        """
        functions = [self.function] if isinstance(subject, self.subject) else self.in_source
        try:
            for function in functions:
                yield from function(subject, **{name.replace("-", "_"): value for name, value in options.items()})
        except Exception as surprise:
            surprise.add_note(
                f"in the rule {self.name}, looking at {type(subject).__name__}: this is a defect of schemalint"
            )
            raise


@overload
def rule(function: Check, /) -> Rule: ...
@overload
def rule(*, profile: Profile = ..., fixes: tuple[FixKind, ...] = ...) -> Callable[[Check], Rule]: ...
def rule(
    function: Check | None = None, /, *, profile: Profile = "default", fixes: tuple[FixKind, ...] = ()
) -> Rule | Callable[[Check], Rule]:
    """Make a rule of a function: `@rule`, `@rule(profile="strict")`, or `@rule(fixes=("schema",))` where its problems offer fixes."""
    if function is not None:
        return Rule(function)
    return lambda function: Rule(function, profile, fixes)
