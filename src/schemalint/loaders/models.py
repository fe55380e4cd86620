"""The models, imported as the project imports them, made a Schema."""

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

from schemalint.config import Config
from schemalint.errors import SchemalintError, UserLine
from schemalint.loaders.alembic_settings import AlembicSettings, find_alembic
from schemalint.loaders.user_code import collector_off, explain, explained, named, running_user_code, shown
from schemalint.subjects.schema import AnyColumn, AnyMapper, ModelField, Relationship, Schema, shares_its_table

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table
    from sqlalchemy.orm import MapperProperty

    from schemalint.loaders.places import Places, Project
    from schemalint.loaders.recording import Recording

    AnyProperty: TypeAlias = MapperProperty[Any]

NOT_MODELS = frozenset({"__main__", "__pycache__", "migrations", "tests"})
"""What is not imported below a package that `models` names."""


@collector_off()
def load_schema(config: Config) -> Schema:
    """Import the models that `models` names, else those that `env.py` means, and return them as a Schema.

    What does not import or cannot be configured stands in `Schema.failures`; the rest is there. Raises SchemalintError when no models are
    to be found at all.
    """
    from schemalint.loaders.deferral import unbuildable, validators_deferred
    from schemalint.loaders.places import Places, Project
    from schemalint.loaders.recording import recording

    settings = None if config.models else find_alembic(config)
    if not config.models and settings is None:
        raise SchemalintError(
            'no models are named and no Alembic is found: write models = ["your_package.models"] under [tool.schemalint] in pyproject.toml, '
            "or run where alembic.ini stands"
        )
    project = Project(config.root, named=tuple(named_places(config)))
    before = frozenset(sys.modules)
    with recording(project.is_own) as record, validators_deferred():
        seen = read_env(config, settings) if settings else import_models(config)
        new = (module for name, module in list(sys.modules.items()) if name not in before)
        modules = own_modules([*seen.modules, *new] if config.models else list(sys.modules.values()), project)
        mappers = mappers_in(modules, record)
        metadata = seen.metadata or tuple(without_copies(metadata_in(modules, mappers), record))
        mappers = [one for one in mappers if getattr(one.local_table, "metadata", None) in metadata]
        with running_user_code(config):
            broken = list(configure(mappers))
    fields = tuple(model_fields(mappers))
    mapper_of = {table: one for one in reversed(mappers) for table in own_tables(one)}
    files = tuple(file for module in modules if (file := module.__file__))
    places = Places(project, record, fields, mapper_of, files)
    seen.failures.extend(refused(class_, error, config, places) for class_, error in unbuildable(classes_in(modules)))
    judged = frozenset(judged_tables(config, metadata, seen, places))
    if not judged and not seen.failures:
        explain_nothing(config, metadata, settings)
    return assembled(config, metadata, judged, mappers, fields, seen, broken, places)


@dataclass
class Seen:
    """What importing the models came to; `metadata` is what the user named, empty where modules are named."""

    metadata: "tuple[MetaData, ...]" = ()
    modules: list[ModuleType] = field(default_factory=list)
    failures: list[SchemalintError] = field(default_factory=list)
    version_tables: frozenset[str] = frozenset({"alembic_version"})


def assembled(
    config: Config,
    metadata: "tuple[MetaData, ...]",
    judged: "frozenset[Table]",
    mappers: list[AnyMapper],
    fields: tuple[ModelField, ...],
    seen: Seen,
    broken: "list[Broken]",
    places: "Places",
) -> Schema:
    tables = tuple(sorted(judged, key=lambda table: table.fullname))
    own = tuple(sorted((one for one in mappers if one.local_table in judged), key=lambda one: one.class_.__name__))
    relationships = tuple(unique_relationships(own))
    # A mapper that misses a class often misses it because its module did not import, which is said already.
    failures = seen.failures or [failure(one, config, places) for one in broken if one.mapper in {None, *own}]
    return Schema(
        metadata=tuple(
            one for one in metadata if one in seen.metadata or any(table.metadata is one for table in judged)
        ),
        tables=tables,
        mappers=own,
        fields=tuple(one for one in fields if one.column.table in judged),
        relationships=relationships,
        targets={one: target for one in relationships if (target := target_of(one, mappers)) is not None},
        annotations=dict(relationship_annotations(relationships, mappers)),
        locate=places,
        failures=tuple(failures),
        is_whole=not seen.failures,
        files=tuple(places.files(tables)),
        external=config.external_tables,
    )


def named_places(config: Config) -> Iterator[Path]:
    """Yield where the packages stand that `models` names: the user says that they are the project's, also where they are installed."""
    with running_user_code(config):
        for entry in config.models:
            parts = entry.partition(":")[0].split(".")
            for length in range(1, len(parts) + 1):
                with suppress(Exception):  # whatever keeps it from being found is told when it is imported
                    spec = importlib.util.find_spec(".".join(parts[:length]))
                    if spec and spec.origin and spec.has_location:
                        path = Path(os.path.realpath(spec.origin))
                        yield path.parent if spec.submodule_search_locations else path
                        break


def read_env(config: Config, settings: AlembicSettings) -> Seen:
    """Return the metadata that `env.py` compares databases with; running it imports the models."""
    from schemalint.loaders.environment import read_target_metadata

    target = read_target_metadata(config, settings)
    versions = {
        f"{one.version_table_schema}.{one.version_table}" if one.version_table_schema else one.version_table
        for one in target.configured
    }
    return Seen(metadata=target.metadata, version_tables=frozenset({"alembic_version", *versions}))


def import_models(config: Config) -> Seen:
    """Import every module that `models` names, and all below a package; what fails is noted and the rest still imported."""
    seen = Seen()
    chosen: list[object] = []
    with running_user_code(config), Importer(config, seen).standing_in() as importer:
        for entry in config.models:
            name, _, attribute = entry.partition(":")
            if "/" in name or name.endswith(".py"):
                module = Path(name.removeprefix("src/")).with_suffix("").as_posix().replace("/", ".")
                seen.failures.append(
                    SchemalintError(
                        f'models names the file {name!r}; write the module, as it is imported: models = ["{module}"]'
                    )
                )
            elif attribute:
                chosen.extend(importer.attribute(name, attribute))
            else:
                importer.tree(name)
    if all(":" in entry for entry in config.models):
        seen.metadata = tuple(dict.fromkeys(one for value in chosen for one in metadata_of(value)))
    return seen


@dataclass
class Importer:
    """Imports modules one by one; a package whose own body fails is stood in for, so that the modules in it can be imported."""

    config: Config
    seen: Seen
    stand_ins: dict[str, ModuleType] = field(default_factory=dict)
    told: set[tuple[object, str]] = field(default_factory=set)

    @contextmanager
    def standing_in(self) -> "Iterator[Importer]":
        """Take away the stand-ins at the end."""
        try:
            yield self
        finally:
            for name, module in self.stand_ins.items():
                if sys.modules.get(name) is module:
                    del sys.modules[name]
                    parent, _, last = name.rpartition(".")
                    vars(sys.modules.get(parent, module)).pop(last, None)

    def tree(self, name: str) -> None:
        """Import a module, and if it is a package, what lies below it."""
        module = self.module(name)
        if module is None:
            return
        self.seen.modules.append(module)
        for child in submodules(module):
            self.tree(child)

    def module(self, name: str) -> ModuleType | None:
        """Import a module after the packages it lies in; None where it does not import, which is noted."""
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            part = ".".join(parts[:length])
            if part not in sys.modules and not self.imports(part, name):
                return None
        return sys.modules[name]

    def imports(self, part: str, name: str) -> bool:
        """Import one module; where that fails, note it and stand in for a package."""
        try:
            with explained(self.config, f"importing {name}"):
                importlib.import_module(part)
        except SchemalintError as error:
            self.note(error)
            return self.stands_in(part)
        return True

    def stands_in(self, part: str) -> bool:
        """Put an empty package in the place of one that does not import; whether it is a package."""
        with suppress(Exception):  # a package that is nowhere, or in one that does not import either
            spec = importlib.util.find_spec(part)
            if spec and spec.submodule_search_locations is not None:
                self.stand_ins[part] = sys.modules[part] = importlib.util.module_from_spec(spec)
                parent, _, last = part.rpartition(".")
                if parent:
                    setattr(sys.modules[parent], last, self.stand_ins[part])
                return True
        return False

    def note(self, error: SchemalintError) -> None:
        """Note a failure once, and not one that comes of a stand-in."""
        cause = error.__cause__ or error
        of_a_stand_in = (isinstance(cause, ImportError) and cause.name in self.stand_ins) or (
            isinstance(cause, AttributeError) and any(cause.obj is one for one in self.stand_ins.values())
        )
        what = (error.at, f"{type(cause).__name__}: {cause}")
        if not of_a_stand_in and what not in self.told:
            self.told.add(what)
            self.seen.failures.append(error)

    def attribute(self, name: str, path: str) -> Iterator[object]:
        """Yield the object at `module:attribute`; what is not there is noted."""
        value: object = self.module(name)
        if value is None or name in self.stand_ins:
            return
        for attribute in path.split("."):
            if not hasattr(value, attribute):
                close = get_close_matches(attribute, dir(value), n=1)
                hint = f"; did you mean {close[0]!r}?" if close else ""
                self.seen.failures.append(
                    SchemalintError(f"models names {name}:{path}, but there is no {attribute!r}{hint}")
                )
                return
            value = getattr(value, attribute)
        self.seen.modules.append(sys.modules[name])
        if not list(metadata_of(value)):
            self.seen.failures.append(
                SchemalintError(
                    f"models names {name}:{path}, which is neither a MetaData, a registry, a declarative base nor a model"
                )
            )
        yield value


def submodules(module: ModuleType) -> Iterator[str]:
    """Yield the modules and packages directly in a package, without tests and migrations; packages may lack an `__init__.py`."""
    for directory in map(Path, getattr(module, "__path__", ())):
        for path in sorted(directory.iterdir()) if directory.is_dir() else ():
            is_package = path.is_dir() and any(path.glob("*.py")) and not (path / "script.py.mako").exists()
            if (
                (is_package or path.suffix == ".py")
                and path.stem.isidentifier()
                and path.stem not in {*NOT_MODELS, "__init__"}
            ):
                yield f"{module.__name__}.{path.stem}"


def own_modules(modules: Iterable[ModuleType], project: "Project") -> list[ModuleType]:
    """Return the modules among `modules` whose source is the project's own."""
    below = (str(project.root), os.path.realpath(project.root), *map(str, project.named))
    once = {id(module): module for module in modules}  # what stands in sys.modules need not be hashable
    return [
        module
        for module in once.values()
        # A process has thousands of modules: most are not looked at closely.
        if isinstance(file := getattr(module, "__file__", None), str)
        and file.startswith(below)
        and project.is_own(file)
    ]


def classes_in(modules: Iterable[ModuleType]) -> Iterator[type]:
    """Yield the classes that modules hold, each once."""
    yield from dict.fromkeys(value for module in modules for value in vars(module).values() if isinstance(value, type))


def refused(class_: type, error: Exception, config: Config, places: "Places") -> SchemalintError:
    """Return why pydantic refuses a class, on the class's line."""
    explained_error = explain(error, config, f"importing {class_.__module__}")
    where = places.of_class(class_)
    return SchemalintError(
        explained_error.message, at=UserLine(where.path, where.line, where.column) if where else None
    )


def mappers_in(modules: Iterable[ModuleType], record: "Recording") -> list[AnyMapper]:
    """Return all mappers of the registries behind the classes just mapped, and behind those that `modules` hold; bases first."""
    from sqlalchemy import inspect
    from sqlalchemy.exc import InvalidRequestError
    from sqlalchemy.orm import Mapper

    classes = [*record.mapped, *classes_in(modules)]
    inspected: Iterator[object] = (inspect(class_, raiseerr=False) for class_ in dict.fromkeys(classes))
    found = [one for one in inspected if isinstance(one, Mapper)]
    mappers: set[AnyMapper] = set(found)
    for one in dict.fromkeys(mapper.registry for mapper in found):
        # A registry with a class that could not be mapped does not list its mappers at all.
        with suppress(InvalidRequestError):
            mappers |= one.mappers
    return sorted(mappers, key=lambda one: (len(one.class_.__mro__), one.class_.__module__, one.class_.__qualname__))


def metadata_in(modules: Iterable[ModuleType], mappers: Iterable[AnyMapper]) -> "tuple[MetaData, ...]":
    """Return every metadata behind the mappers and behind what the modules hold."""
    from sqlalchemy import MetaData, Table

    held = [value for module in modules for value in vars(module).values() if isinstance(value, (MetaData, Table))]
    return tuple(
        dict.fromkeys(
            one for value in [*(mapper.local_table for mapper in mappers), *held] for one in metadata_of(value)
        )
    )


def without_copies(metadata: "tuple[MetaData, ...]", record: "Recording") -> "Iterator[MetaData]":
    """Yield every metadata but those that only hold copies of tables of another one: the same tables for another database."""
    for one in metadata:
        tables = one.tables.values()
        sources = {record.copies[table].metadata for table in tables if table in record.copies} - {one}
        if not (sources and sources <= {*metadata} and all(table in record.copies for table in tables)):
            yield one


def metadata_of(value: object) -> "Iterator[MetaData]":
    """Yield the metadata that a MetaData, a table, a registry, a declarative base or a model means."""
    from sqlalchemy import MetaData

    found = value if isinstance(value, MetaData) else getattr(value, "metadata", None)
    if isinstance(found, MetaData):
        yield found


@dataclass(frozen=True, eq=False)
class Broken:
    """A mapper that cannot be configured (None: an event handler of the user's failed), and the property that is to blame, where one is."""

    mapper: AnyMapper | None
    error: Exception
    property: "AnyProperty | None"


def configure(mappers: Iterable[AnyMapper]) -> Iterator[Broken]:
    """Configure the mappers; yield those that fail, after which SQLAlchemy itself would give up on all others."""
    from sqlalchemy import event
    from sqlalchemy.orm import Mapper
    from sqlalchemy.orm.interfaces import EXT_SKIP

    last: AnyMapper | None = None
    failed: set[AnyMapper] = set()

    def skip_failed(mapper: AnyMapper, _: type) -> object:
        nonlocal last
        last = mapper
        return EXT_SKIP if mapper in failed else None

    event.listen(Mapper, "before_mapper_configured", skip_failed, retval=True)
    try:
        for one in dict.fromkeys(mapper.registry for mapper in mappers):
            while True:
                try:
                    one.configure(cascade=True)
                    break
                except Exception as error:  # noqa: BLE001 # a property's argument is a function of the user's: it may raise anything
                    if last is None or last in failed or last.configured:
                        yield Broken(None, error, None)
                        break
                    blamed = property_to_blame(error)
                    # A relationship that was left half set up makes its other side fail as well, which says nothing new.
                    if blamed is None or blamed.parent not in failed:
                        yield Broken(last, error, blamed)
                    failed.add(last)
    finally:
        event.remove(Mapper, "before_mapper_configured", skip_failed)


def property_to_blame(error: Exception) -> "AnyProperty | None":
    """Return the mapped property that was being set up when configuring failed."""
    from sqlalchemy.orm import MapperProperty

    blamed = None
    step = error.__traceback__
    while step is not None:
        candidate = step.tb_frame.f_locals.get("self")
        blamed = candidate if isinstance(candidate, MapperProperty) else blamed
        step = step.tb_next
    return blamed


def failure(broken: Broken, config: Config, places: "Places") -> SchemalintError:
    """Return why a mapper cannot be configured, on the line of the relationship to blame, or else the class's."""
    from sqlalchemy.orm import RelationshipProperty

    if broken.mapper is None:
        return explain(broken.error, config, "configuring the mappers")
    blamed = broken.property
    part = blamed if isinstance(blamed, RelationshipProperty) and blamed.parent is broken.mapper else broken.mapper
    # Where the other side of a pair is to blame, its line says more than that of the class that found out.
    location = places(blamed if isinstance(blamed, RelationshipProperty) else part).location
    name = broken.mapper.class_.__name__
    what = f"the relationship {name}.{part.key}" if isinstance(part, RelationshipProperty) else f"the model {name}"
    return SchemalintError(
        f"{what} cannot be configured: {named(broken.error)}",
        at=UserLine(location.path, location.line, location.column) if location else None,
    )


def own_tables(mapper: AnyMapper) -> "Iterator[Table]":
    """Yield the table that a mapper is mapped to; none for the sub-class of a single-table inheritance, or a join."""
    from sqlalchemy import Table

    if isinstance(mapper.local_table, Table) and not shares_its_table(mapper):
        yield mapper.local_table


def properties(mapper: AnyMapper) -> "Iterator[tuple[str, AnyProperty]]":
    """Yield the properties of a mapper with their names; unlike `mapper.attrs`, this works where it cannot be configured."""
    from sqlalchemy.orm import InstrumentedAttribute, MapperProperty

    for name, attribute in list(mapper.class_manager.items()):
        if isinstance(attribute, InstrumentedAttribute):
            prop = getattr(attribute.comparator, "prop", None)
            if isinstance(prop, MapperProperty):
                yield name, prop


def model_fields(mappers: Iterable[AnyMapper]) -> Iterator[ModelField]:
    """Yield a field for each column that is mapped, on the class that maps it first: bases come before their sub-classes."""
    from sqlalchemy import Column, Table
    from sqlalchemy.orm import ColumnProperty

    from schemalint.loaders.annotations import annotation_of, plain

    done: set[AnyColumn] = set()
    for mapper in mappers:
        infos = pydantic_fields(mapper.class_)
        for name, prop in properties(mapper):
            for column in prop.columns if isinstance(prop, ColumnProperty) else ():
                # What a class maps need not be a table's: it may be a query's, or an expression.
                if (
                    isinstance(column, Column)
                    and isinstance(getattr(column, "table", None), Table)
                    and column not in done
                ):
                    done.add(column)
                    info = infos.get(name)
                    annotation = plain(info.annotation) if info else annotation_of(mapper.class_, name)
                    yield ModelField(mapper.class_, name, column, annotation, info)


def pydantic_fields(class_: type) -> Mapping[str, Any]:
    """Return the pydantic fields of a SQLModel class, nothing for others."""
    fields = getattr(class_, "model_fields", None) if hasattr(class_, "__pydantic_decorators__") else None
    return fields if isinstance(fields, dict) else {}


def unique_relationships(mappers: Iterable[AnyMapper]) -> Iterator[Relationship]:
    """Yield the relationships of the mappers, an inherited one on the class that declares it only."""
    from sqlalchemy.orm import RelationshipProperty

    for mapper in mappers:
        for _, prop in properties(mapper):
            if isinstance(prop, RelationshipProperty) and prop.parent is mapper:
                yield prop


def target_of(relationship: Relationship, mappers: Iterable[AnyMapper]) -> AnyMapper | None:
    """Return the mapper that a relationship's argument names; None where it names nothing, or several things."""
    from sqlalchemy import inspect
    from sqlalchemy.orm import Mapper

    if entity := relationship.__dict__.get(
        "entity"
    ):  # configured: asking for the attribute would configure what failed
        mapper: AnyMapper = entity.mapper
        return mapper
    argument: Any = relationship.argument
    if callable(argument) and not isinstance(argument, (type, Mapper)):
        with suppress(Exception):  # the user's function, or SQLAlchemy's for a string: both may raise what they like
            argument = argument()
    if isinstance(argument, str):
        known = (one for one in mappers if one.registry is relationship.parent.registry)
        matching = [one for one in known if f".{one.class_.__module__}.{one.class_.__name__}".endswith(f".{argument}")]
        return matching[0] if len(matching) == 1 else None
    found: AnyMapper | None = getattr(inspect(argument, raiseerr=False), "mapper", None)
    return found


def relationship_annotations(
    relationships: Iterable[Relationship], mappers: Iterable[AnyMapper]
) -> Iterator[tuple[Relationship, object]]:
    """Yield relationships with the types that they are annotated with, where these resolve."""
    from schemalint.loaders.annotations import relationship_annotation

    classes = {one.class_.__name__: one.class_ for one in mappers}
    for relationship in relationships:
        annotation = relationship_annotation(relationship.parent.class_, relationship.key, classes)
        if annotation is not None:
            yield relationship, annotation


def judged_tables(config: Config, metadata: "Iterable[MetaData]", seen: Seen, places: "Places") -> "Iterator[Table]":
    """Yield the tables that the project itself declares and Alembic does not own, without those that the user calls external."""
    named_files = {getattr(module, "__file__", None) for module in seen.modules}
    for table in (table for one in metadata for table in one.tables.values()):
        if table.fullname in seen.version_tables or is_external(table, config):
            continue
        file = places.declaring_file_of(table)
        # In a test run the tests' own models may live in the same metadata.
        if (
            file
            and places.project.is_own(file)
            and (file in named_files or "tests" not in places.project.shown(file).split("/"))
        ):
            yield table


def is_external(table: "Table", config: Config) -> bool:
    """Whether `external-tables` names a table, with or without its schema; `*` and `?` stand for anything."""
    return any(
        fnmatchcase(name, pattern) for name in (table.name, table.fullname) for pattern in config.external_tables
    )


def explain_nothing(config: Config, metadata: "Iterable[MetaData]", settings: AlembicSettings | None) -> None:
    """Raise SchemalintError where there is nothing to judge for a reason that the user hardly means."""
    tables = [table for one in metadata for table in one.tables.values()]
    foreign = [table for table in tables if not is_external(table, config)]
    if foreign:
        raise SchemalintError(
            f"none of the {len(foreign)} tables is declared below {config.root}; name the modules that declare them: "
            'models = ["your_package.models"] under [tool.schemalint]'
        )
    if settings and not tables:
        raise SchemalintError(
            "target_metadata has no tables: env.py imports the metadata, but not the modules of the models",
            at=UserLine(shown(settings.env, config.root), 0),
        )
