"""A process that makes a private PostgreSQL cluster, runs it while its parent lives, and leaves nothing behind.

Started as `python -I -S supervisor.py`; imports the standard library only, and little of it, so that it is at work in some 20 ms. It speaks
the protocol of `keeper.py`: a task as a line of JSON on stdin, an answer as a line of JSON on stdout, the end when stdin says so or ends.

The task: `base` and `bin`, the directory of an installation and where in it the programs are; `folders`, what of `base` must be copied when
the server's user cannot reach it (empty: it cannot be copied); `archive`, a tar file to unpack first when `bin` is not there;
`parent`, the process that started us.
"""

import fcntl
import json
import os
import select
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import takewhile
from typing import Any

PORT = 5432
LONGEST_SOCKET = 103
"""Bytes that a path of a socket may have: 107 on Linux, 103 on macOS (`sun_path` and its NUL)."""
PATIENCE = 60.0
"""Seconds that a starting server may take before we say that it does not start."""
PREFIX = "schemalint-pg-"
PLENTY = 2**30
"""Bytes that must be free, in memory, for a cluster to be made there."""
SECONDS_TO_STOP = 3.0
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    # https://www.postgresql.org/docs/current/non-durability.html
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "50",
    # One transaction may hold a lock on every table and index of a large schema.
    "max_locks_per_transaction": "512",
    "max_logical_replication_workers": "0",
    # Kept in files below the private directory: a killed server leaves nothing in /dev/shm.
    "dynamic_shared_memory_type": "mmap",
    "jit": "off",
    "lc_messages": "C",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class StartError(Exception):
    """The server cannot be had; the message is the reason."""


class ParentEndedError(Exception):
    """The parent does not need us any more, or is gone."""


def main() -> int:
    """Keep a server for the task on stdin; return the exit status."""
    ignore_signals()
    line = read_line()
    if not line:
        return 0
    task = json.loads(line)
    directory = ""
    server: subprocess.Popen[bytes] | None = None
    try:
        user = choose_user()
        directory = make_directory(user, in_memory=are_reachable(task, user))
        programs = reachable_programs(task, directory, user)
        version = ask_version(programs, user)
        make_cluster(programs, directory, user, task["parent"])
        server = start_server(programs, directory, user, version)
        wait_until_it_answers(server, directory, task["parent"])
        answer({"url": url(directory), "version": version, "directory": directory, "pid": server.pid})
        while server.poll() is None:
            check_parent(task["parent"], 0.5)
    except ParentEndedError:
        pass
    except StartError as failure:
        answer({"failed": str(failure)})
        return 1
    except OSError as error:
        answer({"failed": str(error)})
        return 1
    finally:
        if server is not None:
            stop_server(server)
        if directory:
            remove(directory)
    return 0


def url(directory: str) -> str:
    # The port is named, or libpq would take PGPORT.
    return f"postgresql://postgres@/postgres?host={directory.replace('%', '%25').replace('&', '%26')}&port={PORT}"


def ignore_signals() -> None:
    """Let the end of stdin be the only end: signals meant for the parent reach us too when it does not stand in a terminal alone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Not SIG_IGN, which PostgreSQL would inherit.
        signal.signal(number, lambda *_: None)


def read_line() -> bytes:
    """Return the next line of stdin, or nothing at its end; no more is read than that."""
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, 1)
        if not piece:
            return b""
        line += piece
    return line


def answer(message: dict[str, Any]) -> None:
    with suppress(OSError):  # nobody listens: stdin will say so
        os.write(1, json.dumps(message).encode() + b"\n")


def check_parent(parent: int, seconds: float) -> None:
    """Wait for `seconds`; raise ParentEndedError as soon as the parent says stop, closes the pipe or is gone.

    A process that the parent forked may hold the pipe open after it; so the parent is looked at too.
    """
    if select.select([0], [], [], seconds)[0] or os.getppid() != parent:
        raise ParentEndedError


class User:
    """As whom the server runs: ourselves, or, when we are root (whom PostgreSQL refuses), an unprivileged user."""

    def __init__(self, uid: int, gid: int, name: str, *, is_other: bool) -> None:
        self.uid, self.gid, self.name, self.is_other = uid, gid, name, is_other

    def can_reach(self, path: str) -> bool:
        """Return whether the modes of `path` and of all directories above it let this user in."""
        path = os.path.realpath(path)
        while True:
            if not self.may_enter(os.stat(path)):
                return False
            above = os.path.dirname(path)
            if above == path:
                return True
            path = above

    def may_enter(self, status: os.stat_result) -> bool:
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)

    def start(self, command: list[str], **options: Any) -> "subprocess.Popen[bytes]":
        """Start a program as this user, with an environment that no PG* variable disturbs; it dies with us, however we die."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        environment |= {"LC_ALL": "C", "TZ": "UTC"}
        icu = os.path.join(os.path.dirname(os.path.dirname(command[0])), "share", "icu")
        if os.path.isdir(icu):  # the wheel for musl keeps the data of ICU in a file of its own
            environment["ICU_DATA"] = icu
        if self.is_other:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
                preexec_fn=end_with_parent(),  # safe: this process has one thread
                **options,
            )
        except (OSError, subprocess.SubprocessError) as error:
            as_whom = f" as the user {self.name}" if self.is_other else ""
            raise StartError(f"{command[0]} cannot be started{as_whom}: {error}") from error


def choose_user() -> User:
    import pwd

    if os.geteuid() != 0:
        try:
            return User(os.geteuid(), os.getegid(), pwd.getpwuid(os.geteuid()).pw_name, is_other=False)
        except KeyError:
            raise StartError(
                f"initdb refuses a user without a name, and the user id {os.geteuid()} has no entry in /etc/passwd"
            ) from None
    for name in ("nobody", "postgres"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return User(entry.pw_uid, entry.pw_gid, name, is_other=True)
    raise StartError(
        "PostgreSQL refuses to run as root, and neither of the users nobody and postgres exists to run it as"
    )


def end_with_parent() -> Callable[[], None] | None:
    """Return what a child calls so that the kernel ends it when we are killed (prctl(2), PR_SET_PDEATHSIG; Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    ourselves = os.getpid()

    def ask_kernel() -> None:
        prctl(1, signal.SIGQUIT)
        if os.getppid() != ourselves:
            os._exit(1)

    return ask_kernel


def make_directory(user: User, *, in_memory: bool) -> str:
    """Make a directory of mode 0700 that belongs to `user`, where a socket's path is short enough; return its path."""
    name = f"{PREFIX}{os.urandom(6).hex()}"
    problems = []
    for parent in dict.fromkeys(places(in_memory=in_memory)):
        path = os.path.join(parent, name)
        if len(os.fsencode(socket_path(path))) > LONGEST_SOCKET:
            problems.append(f"{parent}: too long for the path of a socket")
            continue
        try:
            if not user.can_reach(parent):
                problems.append(f"{parent}: out of reach of the user {user.name}")
                continue
            sweep(parent, user)
            os.mkdir(path, 0o700)
        except OSError as error:
            problems.append(f"{parent}: {error.strerror}")
            continue
        try:
            lock(path)
            if user.is_other:
                os.chown(path, user.uid, user.gid)
        except OSError as error:
            remove(path)
            problems.append(f"{parent}: {error.strerror}")
        else:
            return path
    raise StartError(
        f"no directory for the server's files could be made ({'; '.join(problems)}); TMPDIR can name another"
    )


def places(*, in_memory: bool) -> Iterator[str]:
    """Yield where the directory may be made, best first: where TMPDIR says, or else in memory where there is plenty."""
    if named := os.environ.get("TMPDIR"):
        yield os.path.abspath(named)
    elif in_memory and has_room("/dev/shm"):  # noqa: S108 - with mode 0700, as the others
        yield "/dev/shm"  # noqa: S108
    yield "/tmp"  # noqa: S108
    yield "/var/tmp"  # noqa: S108


def has_room(file_system: str) -> bool:
    """Return whether a memory file system has room for a cluster (some 30 MiB) many times over, and the machine the memory.

    A container has 64 MiB there by default: too little.
    """
    try:
        room = os.statvfs(file_system)
        with open("/proc/meminfo", encoding="ascii") as file:
            available = next(int(line.split()[1]) for line in file if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return False
    return min(room.f_bavail * room.f_frsize, available * 1024) >= PLENTY


def lock(directory: str) -> None:
    """Lock a file in the directory for as long as we live, so that others see that it is in use; it appears when it is locked."""
    file = os.open(os.path.join(directory, "locking"), os.O_CREAT | os.O_WRONLY, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    os.rename(os.path.join(directory, "locking"), os.path.join(directory, "lock"))


def sweep(parent: str, user: User) -> None:
    """Remove what a supervisor that was itself killed left in `parent`: directories of ours whose lock nobody holds."""
    import shutil

    names = []
    with suppress(OSError):  # it may be a directory that may be written but not listed
        names = [name for name in os.listdir(parent) if name.startswith(PREFIX)]
    for name in names:
        path = os.path.join(parent, name)
        with suppress(OSError):
            status = os.lstat(path)
            if status.st_uid != user.uid or not stat.S_ISDIR(status.st_mode):
                continue
            file = os.open(os.path.join(path, "lock"), os.O_WRONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(file)


def socket_path(directory: str) -> str:
    # https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-UNIX-SOCKET-DIRECTORIES
    return os.path.join(directory, f".s.PGSQL.{PORT}")


def are_reachable(task: dict[str, Any], user: User) -> bool:
    """Return whether the installation is unpacked and `user` can run it where it is."""
    programs = os.path.join(task["base"], task["bin"])
    return os.path.exists(programs) and user.can_reach(os.path.join(programs, "postgres"))


def reachable_programs(task: dict[str, Any], directory: str, user: User) -> str:
    """Return the directory of programs that `user` can run: the installation's, or that of a copy in our directory."""
    base: str = task["base"]
    below: str = task["bin"]
    if task.get("archive") and not os.path.exists(os.path.join(base, below)):
        base = unpack(task["archive"], base, below, directory)
    programs = os.path.join(base, below)
    if user.can_reach(os.path.join(programs, "postgres")):
        return programs
    if not task["folders"]:
        raise StartError(f"the user {user.name}, as whom root runs it, cannot reach {programs}")
    copy = os.path.join(directory, "installation")
    for folder in task["folders"]:
        copy_tree(os.path.join(base, folder), os.path.join(copy, folder))
    return os.path.join(copy, below)


def copy_tree(source: str, target: str) -> None:
    """Copy a directory, by hard links where the file system is the same."""
    import shutil

    def link(source_file: str, target_file: str) -> None:
        try:
            os.link(source_file, target_file)
        except OSError:
            shutil.copy2(source_file, target_file)

    shutil.copytree(source, target, symlinks=True, copy_function=link)


def unpack(archive: str, base: str, programs: str, directory: str) -> str:
    """Unpack an installation beside its archive, where the next run finds it, or, when that is read-only, into our directory.

    Returns where it is. It appears under its name when it is whole, so that several processes can unpack at once.
    """
    import tarfile

    top = programs.split("/")[0]
    try:
        place = os.path.join(base, f".unpacking-{os.urandom(6).hex()}")
        os.mkdir(place)
    except OSError:
        place = base = os.path.join(directory, "unpacked")
        os.mkdir(place, 0o755)
    try:
        with tarfile.open(archive) as tar:
            # Python before 3.11.4 has no filters: https://docs.python.org/3/library/tarfile.html#supporting-older-python-versions
            tar.extraction_filter = getattr(tarfile, "data_filter", None)
            tar.extractall(place)  # noqa: S202 # the filter is set above, where there is one
        if place != base:
            with suppress(OSError):  # another process was quicker
                os.rename(os.path.join(place, top), os.path.join(base, top))
    except (OSError, EOFError, tarfile.TarError) as error:
        raise StartError(f"{archive} cannot be unpacked: {error}") from error
    finally:
        if place != base:
            remove(place)
    return base


def ask_version(programs: str, user: User) -> str:
    """Return the server's version, such as "17.10"; raise StartError when its program does not run on this machine."""
    asked = user.start(
        [os.path.join(programs, "postgres"), "--version"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = asked.communicate()[0].decode(errors="replace").strip()
    if asked.returncode != 0:
        raise StartError(f"{programs}/postgres does not run on this machine: {said or describe_exit(asked.returncode)}")
    words = said.split()  # postgres (PostgreSQL) 15.18 (Debian 15.18-1.pgdg12+1)
    if len(words) < 3 or not major_of(words[2]):
        raise StartError(f"{programs}/postgres does not say its version: {said}")
    return words[2]


def major_of(version: str) -> int:
    """Return 18 for "18.6" and "18beta1", 0 for what is no version."""
    return int("".join(takewhile(str.isdigit, version)) or 0)


def describe_exit(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"


def make_cluster(programs: str, directory: str, user: User, parent: int) -> None:
    """Run initdb; raise StartError with its own words."""
    command = [
        os.path.join(programs, "initdb"),
        "--pgdata=" + os.path.join(directory, "data"),
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=" + choose_locale(),
        "--no-sync",
        "--wal-segsize=1",
    ]
    log_path = os.path.join(directory, "initdb.log")
    with open(log_path, "wb") as log:
        initdb = user.start(command, cwd=directory, stdout=log, stderr=subprocess.STDOUT)
        try:
            while initdb.poll() is None:
                check_parent(parent, 0.002)
        except ParentEndedError:
            # Killed in the middle, its servers would leave shared memory behind; it needs a fraction of a second more.
            end_by_itself(initdb)
            raise
    if initdb.returncode != 0:
        raise StartError(f"initdb failed: {last_error(log_path) or describe_exit(initdb.returncode)}")


def end_by_itself(initdb: "subprocess.Popen[bytes]") -> None:
    try:
        initdb.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(initdb.pid, signal.SIGKILL)
        initdb.wait()


def choose_locale() -> str:
    """Return a locale in which PostgreSQL orders as on most production servers do: not the special one, C, where it can be helped."""
    import locale

    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_ALL, name)
        except locale.Error:
            continue
        return name
    return "C"


def last_error(log_path: str) -> str:
    """Return the line of a log that says what was wrong."""
    with open(log_path, encoding="utf-8", errors="replace") as log:
        lines = [line.strip() for line in log if line.strip()]
    wrong = [line for line in lines if "error:" in line or "FATAL:" in line or "PANIC:" in line]
    return (wrong or lines or [""])[0]


def start_server(programs: str, directory: str, user: User, version: str) -> "subprocess.Popen[bytes]":
    settings = {**SETTINGS, "unix_socket_directories": directory}
    if major_of(version) >= 18:
        settings["io_method"] = "sync"  # no processes for input and output
    with open(os.path.join(directory, "postgres.log"), "wb") as log:
        return user.start(
            [
                os.path.join(programs, "postgres"),
                "-D",
                os.path.join(directory, "data"),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            cwd=directory,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def wait_until_it_answers(server: "subprocess.Popen[bytes]", directory: str, parent: int) -> None:
    """Return when the server takes connections, as `pg_ctl start --wait` learns it: from the last line of `postmaster.pid`."""
    end = time.monotonic() + PATIENCE
    while not is_ready(os.path.join(directory, "data", "postmaster.pid")):
        check_parent(parent, 0.002)
        if server.poll() is not None:
            raise StartError(f"postgres ended while starting: {last_error(os.path.join(directory, 'postgres.log'))}")
        if time.monotonic() > end:
            raise StartError(f"postgres did not answer for {PATIENCE:.0f} seconds")


def is_ready(pid_file: str) -> bool:
    # src/include/utils/pidfile.h: LOCK_FILE_LINE_PM_STATUS, PM_STATUS_READY
    try:
        with open(pid_file, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


def stop_server(server: "subprocess.Popen[bytes]") -> None:
    """End the server: at once first (it holds nothing worth keeping), by force when it does not listen."""
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGQUIT)
    try:
        server.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def remove(directory: str) -> None:
    """Remove a directory; a backend that is just ending may still write into it, so try for a while."""
    import shutil

    for _ in range(20):
        shutil.rmtree(directory, ignore_errors=True)
        if not os.path.exists(directory):
            return
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
