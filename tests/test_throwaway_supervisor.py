"""The process that holds a private server: where it puts it, as whom it runs it, and what it says when it cannot."""

import errno
import fcntl
import json
import locale
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from schemalint.throwaway import embedded, supervisor
from schemalint.throwaway.installation import SUPERVISOR
from schemalint.throwaway.supervisor import StartError, User

MEMORY = "/dev/shm"  # noqa: S108
US = User(os.geteuid(), os.getegid(), "us", is_other=False)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")


def test_a_user_id_without_a_name_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
    with pytest.raises(
        StartError, match="initdb refuses a user without a name, and the user id 4000000 has no entry in /etc/passwd"
    ):
        supervisor.choose_user()


def test_a_user_with_a_name_runs_the_server_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    daemon = pwd.getpwnam("daemon")
    monkeypatch.setattr(os, "geteuid", lambda: daemon.pw_uid)
    user = supervisor.choose_user()
    assert (user.uid, user.name, user.is_other) == (daemon.pw_uid, "daemon", False)


def test_root_without_nobody_and_postgres_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", {}.__getitem__)
    with pytest.raises(
        StartError, match="PostgreSQL refuses to run as root, and neither of the users nobody and postgres exists"
    ):
        supervisor.choose_user()


@as_root
def test_a_user_who_is_not_root_gets_a_server_too() -> None:
    """Run by a Python that this user can reach; ours may lie in root's home."""
    entry = pwd.getpwnam("nobody")
    nobody = User(entry.pw_uid, entry.pw_gid, "nobody", is_other=True)
    wheel = next(embedded.installed_wheels())
    needed = [str(SUPERVISOR.parent), str(wheel.base / wheel.bin)]
    python = shutil.which("python3", path=os.defpath)
    if not python or not all(nobody.can_reach(path) for path in (python, *needed)):
        pytest.skip("nobody can reach no Python here, or not our files")
    process = subprocess.Popen(
        [python, "-I", "-S", SUPERVISOR],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=[],
        cwd="/",
    )
    task = {"base": str(wheel.base), "bin": wheel.bin, "folders": [], "parent": os.getpid()}
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(task).encode() + b"\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        with psycopg.connect(answer["url"]):
            pass
    assert process.returncode == 0
    assert not Path(answer["directory"]).exists()


def test_a_user_reaches_what_the_modes_of_all_directories_allow(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    tmp_path.chmod(0o711)
    other = User(4_000_000, 4_000_000, "other", is_other=True)
    owner = User(tmp_path.stat().st_uid, -1, "owner", is_other=True)
    group = User(-1, tmp_path.stat().st_gid, "group", is_other=True)
    assert not other.may_enter(status(0o700))
    assert other.may_enter(status(0o701))
    assert owner.may_enter(status(0o100, uid=owner.uid))
    assert not owner.may_enter(status(0o077, uid=owner.uid))
    assert group.may_enter(status(0o010, gid=group.gid))
    assert not group.may_enter(status(0o701, gid=group.gid))
    tmp_path.chmod(0o600)
    assert not other.can_reach(str(inner))


def test_no_directory_to_be_had_is_a_sentence_with_every_reason(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (short / "file").touch()
    long = short / ("a" * 100)
    monkeypatch.setattr(supervisor, "places", lambda **_: map(str, (short / "missing", short / "file", long)))
    with pytest.raises(StartError) as caught:
        supervisor.make_directory(US, in_memory=False)
    assert str(caught.value) == (
        "no directory for the server's files could be made "
        f"({short}/missing: No such file or directory; {short}/file: out of reach of the user us; "
        f"{long}: too long for the path of a socket); TMPDIR can name another"
    )


@as_root
def test_a_directory_that_is_read_only_is_passed_over(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (short / "read-only").mkdir()
    (short / "next").mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "none", short / "read-only"], check=False).returncode:
        pytest.skip("this root may not mount")
    try:
        monkeypatch.setattr(supervisor, "places", lambda **_: map(str, (short / "read-only", short / "next")))
        assert Path(supervisor.make_directory(US, in_memory=False)).parent == short / "next"
    finally:
        subprocess.run(["umount", short / "read-only"], check=True)


def test_a_directory_on_a_full_disk_is_removed_again(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(supervisor, "places", lambda **_: iter([str(short)]))
    monkeypatch.setattr(supervisor, "lock", fail)
    with pytest.raises(StartError, match=f"{short}: No space left on device"):
        supervisor.make_directory(US, in_memory=False)
    assert not list(short.iterdir())


def test_an_archive_in_a_place_that_is_read_only_is_unpacked_for_the_run_alone(tmp_path: Path) -> None:
    (tmp_path / "top" / "bin").mkdir(parents=True)
    with tarfile.open(tmp_path / "archive.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "top", arcname="top")
    base = supervisor.unpack(str(tmp_path / "archive.tar.gz"), str(tmp_path / "missing"), "top/bin", str(tmp_path))
    assert base == str(tmp_path / "unpacked")
    assert (tmp_path / "unpacked" / "top" / "bin").is_dir()


def test_programs_on_another_file_system_are_copied(short: Path) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY if Path(MEMORY).is_dir() else None) as other:
        (Path(other) / "postgres").write_text("x")
        supervisor.copy_tree(other, str(short / "copy"))
    assert (short / "copy" / "postgres").read_text() == "x"


def test_icu_finds_its_data_where_the_wheel_for_musl_has_it(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "share" / "icu").mkdir(parents=True)
    programs = fake_programs(tmp_path / "bin", postgres="echo $ICU_DATA")
    with pytest.raises(StartError, match=f"does not say its version: {tmp_path}/share/icu"):
        supervisor.ask_version(programs, US)


def test_a_locale_that_every_machine_has_is_the_last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise locale.Error

    monkeypatch.setattr(locale, "setlocale", fail)
    assert supervisor.choose_locale() == "C"


def test_an_initdb_may_end_by_itself_when_nobody_waits_for_it_any_more(tmp_path: Path, parent: int) -> None:
    programs = fake_programs(tmp_path, initdb=f"sleep 0.2; touch {tmp_path}/done")
    with pytest.raises(supervisor.ParentEndedError):
        supervisor.make_cluster(programs, str(tmp_path), US, parent + 1)
    assert (tmp_path / "done").exists()


def test_an_initdb_that_does_not_end_is_ended(tmp_path: Path, parent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "SECONDS_TO_STOP", 0.05)
    programs = fake_programs(tmp_path, initdb=f"sleep 60; touch {tmp_path}/done")
    with pytest.raises(supervisor.ParentEndedError):
        supervisor.make_cluster(programs, str(tmp_path), US, parent + 1)
    assert not (tmp_path / "done").exists()


@pytest.mark.parametrize(("said", "major"), [("17.10", 17), ("18beta1", 18), ("19devel", 19)])
def test_a_version_has_a_major_number_before_its_release_too(said: str, major: int) -> None:
    assert supervisor.major_of(said) == major


def test_a_program_that_is_something_else_is_a_sentence(tmp_path: Path) -> None:
    programs = fake_programs(tmp_path, postgres="echo hello")
    with pytest.raises(StartError, match="postgres does not say its version: hello"):
        supervisor.ask_version(programs, US)


def test_a_directory_is_private_and_in_the_place_that_tmpdir_names(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(short))
    directory = supervisor.make_directory(US, in_memory=True)
    assert Path(directory).parent == short
    assert stat.S_IMODE(Path(directory).stat().st_mode) == 0o700


def test_memory_is_used_only_when_there_is_plenty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    assert MEMORY not in supervisor.places(in_memory=False)
    monkeypatch.setattr(supervisor, "PLENTY", 2**60)
    assert not supervisor.has_room("/")
    assert MEMORY not in supervisor.places(in_memory=True)
    assert not supervisor.has_room("/nonexistent")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells in /proc how much memory there is")
def test_memory_comes_first_when_there_is_plenty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(supervisor, "PLENTY", 0)
    assert next(supervisor.places(in_memory=True)) == MEMORY


def test_only_directories_of_ours_that_nobody_holds_are_swept(short: Path) -> None:
    for name in ("schemalint-pg-left", "schemalint-pg-held", "schemalint-other", "somebody-else"):
        (short / name).mkdir()
        (short / name / "lock").touch()
    (short / "schemalint-pg-young").mkdir()
    (short / "schemalint-pg-link").symlink_to(short / "somebody-else")
    with (short / "schemalint-pg-held" / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        supervisor.sweep(str(short), User(-2, -2, "another", is_other=True))
        assert (short / "schemalint-pg-left").exists()
        supervisor.sweep(str(short), US)
    assert sorted(path.name for path in short.iterdir()) == [
        "schemalint-other",
        "schemalint-pg-held",
        "schemalint-pg-link",
        "schemalint-pg-young",
        "somebody-else",
    ]
    assert (short / "somebody-else" / "lock").exists()


def test_an_initdb_that_fails_is_told_in_its_own_words(tmp_path: Path, parent: int) -> None:
    programs = fake_programs(tmp_path, initdb="echo 'initdb: error: no space left'; exit 1")
    with pytest.raises(StartError, match="initdb failed: initdb: error: no space left"):
        supervisor.make_cluster(programs, str(tmp_path), US, parent)


def test_an_initdb_that_fails_without_a_word_is_told_with_its_status(tmp_path: Path, parent: int) -> None:
    programs = fake_programs(tmp_path, initdb="exit 3")
    with pytest.raises(StartError, match="initdb failed: exit status 3"):
        supervisor.make_cluster(programs, str(tmp_path), US, parent)


def test_a_postgres_that_ends_at_once_is_told_in_its_own_words(tmp_path: Path, parent: int) -> None:
    programs = fake_programs(tmp_path, postgres="echo 'LOG: starting'; echo 'FATAL:  no shared memory'; exit 1")
    process = supervisor.start_server(programs, str(tmp_path), US, "18.6")
    with pytest.raises(StartError, match="postgres ended while starting: FATAL:  no shared memory"):
        supervisor.wait_until_it_answers(process, str(tmp_path), parent)


def test_a_postgres_that_never_answers_is_given_up_and_ended(
    tmp_path: Path, parent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "PATIENCE", 0.05)
    monkeypatch.setattr(supervisor, "SECONDS_TO_STOP", 0.05)
    programs = fake_programs(tmp_path, postgres="trap '' QUIT; while :; do sleep 0.1; done")
    process = supervisor.start_server(programs, str(tmp_path), US, "17.10")
    with pytest.raises(StartError, match="postgres did not answer for 0 seconds"):
        supervisor.wait_until_it_answers(process, str(tmp_path), parent)
    supervisor.stop_server(process)
    assert process.returncode == -9
    supervisor.stop_server(process)


def test_a_postgres_that_a_signal_ends_is_told_so(tmp_path: Path) -> None:
    programs = fake_programs(tmp_path, postgres="kill -ILL $$")
    with pytest.raises(StartError, match="postgres does not run on this machine: signal 4"):
        supervisor.ask_version(programs, US)


@as_root
def test_a_program_that_the_servers_user_may_not_run_is_a_sentence(tmp_path: Path) -> None:
    programs = fake_programs(tmp_path, postgres="exit 0")
    tmp_path.chmod(0o700)
    with pytest.raises(StartError, match="cannot be started as the user nobody"):
        supervisor.ask_version(programs, User(65534, 65534, "nobody", is_other=True))


def test_a_directory_that_cannot_be_removed_is_tried_again_and_then_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tries: list[str] = []
    monkeypatch.setattr(shutil, "rmtree", lambda path, **_: tries.append(path))
    monkeypatch.setattr("time.sleep", lambda _: None)
    supervisor.remove(str(tmp_path))
    assert len(tries) > 1


def test_the_word_of_an_error_is_found_in_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("one\n\ninitdb: error: two\nthree\n")
    assert supervisor.last_error(str(log)) == "initdb: error: two"
    log.write_text("one\ntwo\n")
    assert supervisor.last_error(str(log)) == "one"
    log.write_text("")
    assert supervisor.last_error(str(log)) == ""


@pytest.fixture
def parent() -> Iterator[int]:
    """The process that a supervisor would watch, and a stdin that stays open as long as that lives."""
    kept = os.dup(0)
    reading, writing = os.pipe()
    os.dup2(reading, 0)
    try:
        yield os.getppid()
    finally:
        os.dup2(kept, 0)
        for descriptor in (kept, reading, writing):
            os.close(descriptor)


@pytest.fixture
def short() -> Iterator[Path]:
    """A directory whose name is short enough for the path of a socket."""
    directory = Path(tempfile.mkdtemp(prefix="sl-", dir="/var/tmp"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


def status(mode: int, uid: int = 0, gid: int = 0) -> os.stat_result:
    return os.stat_result((mode, 0, 0, 0, uid, gid, 0, 0, 0, 0))


def fake_programs(directory: Path, **scripts: str) -> str:
    """Programs that misbehave; return their directory."""
    for name, script in scripts.items():
        (directory / name).write_text(f"#!/bin/sh\n{script}\n")
        (directory / name).chmod(0o755)
    return str(directory)
