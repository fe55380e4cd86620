"""The helper behind the container provider: it starts the container, and removes it when the parent says so or is gone."""

import json
import os
import sys
import threading
import time
from contextlib import suppress
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from schemalint.throwaway.supervisor import SETTINGS, ParentEndedError, answer, check_parent, ignore_signals, read_line

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

PORT = 5432
DATA = "/schemalint"
"""Where the cluster lies, in memory; images put it in different places."""
SETTING = "max_locks_per_transaction"
"""The one setting that an image's default is too small for, in a large schema."""


class StartError(Exception):
    """There is no such container to be had; the message is the reason."""


def main() -> int:
    ignore_signals()
    # Ryuk, which removes what testcontainers leaves, is an image of its own to pull; we are here for that. A user may still ask for it.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    task = json.loads(read_line() or "null")
    if task is None:
        return 0
    container = None
    try:
        client = engine()
        container = plan_container(client, task["image"])
        pull(client, container.image, task["parent"])
        keep_image_settings(client, container)
        answer(run(container, task["parent"], task["patience"]))
        while True:
            check_parent(task["parent"], 0.5)
    except ParentEndedError:
        return 0
    except StartError as failure:
        answer({"failed": str(failure)})
        return 1
    finally:
        if container is not None:
            container.stop()


def engine() -> Any:
    """Return a client of the container engine that testcontainers finds; raise StartError when none answers."""
    from docker.errors import DockerException
    from testcontainers.core.docker_client import DockerClient

    try:
        client = DockerClient()
        client.client.ping()
    except (DockerException, OSError) as error:
        raise StartError(
            f"no container engine answers ({one_line(error)}); is Docker, or Podman with DOCKER_HOST set, running?"
        ) from error
    return client


def pull(client: Any, image: str, parent: int) -> None:
    """Have the image on this machine. That may take minutes: when the parent goes meanwhile, so do we."""
    from docker.errors import DockerException, ImageNotFound

    done = threading.Event()

    def watch() -> None:
        with suppress(ParentEndedError):
            while True:
                check_parent(parent, 0.2)
        if not done.is_set():
            os._exit(0)

    try:
        client.client.images.get(image)
    except ImageNotFound:
        threading.Thread(target=watch, daemon=True).start()
        try:
            client.client.images.pull(*split_tag(image))
        except DockerException as error:
            raise StartError(f"the image {image} cannot be had: {one_line(error)}") from error
        finally:
            done.set()


def split_tag(image: str) -> tuple[str, str | None]:
    """Return repository and tag: without a tag the engine would pull every one there is."""
    name, colon, tag = image.rpartition(":")
    if "@" in image:
        return image, None
    return (name, tag) if colon and "/" not in tag else (image, "latest")


def plan_container(client: Any, image: str) -> "DockerContainer":
    """Return a container that is not made yet; its image may bear the prefix of a mirror that testcontainers is told of."""
    from docker.types import Mount
    from testcontainers.core.container import DockerContainer

    # Not with_tmpfs_mount, which testcontainers has since 4.15.
    memory = Mount(target=DATA, source=None, type="tmpfs")
    container = DockerContainer(image, mounts=[memory]).with_name(f"schemalint-{token_hex(6)}")
    container = container.with_envs(
        POSTGRES_PASSWORD=token_hex(16), PGDATA=f"{DATA}/data", POSTGRES_INITDB_ARGS="--no-sync"
    )
    container = container.with_exposed_ports(PORT)
    if client.get_connection_mode().name == "docker_host" and client.host() in ("localhost", "127.0.0.1"):
        # docker-py takes (address, port); testcontainers' annotation knows the port alone.
        container.ports[str(PORT)] = ("127.0.0.1", None)  # type: ignore[assignment]
    return container


def keep_image_settings(client: Any, container: "DockerContainer") -> None:
    """Add our setting to the command of the image, which may have settings of its own."""
    command = client.client.images.get(container.image).attrs["Config"].get("Cmd") or [""]
    if command[0].endswith("postgres"):
        container.with_command([*command, "-c", f"{SETTING}={SETTINGS[SETTING]}"])


def run(container: "DockerContainer", parent: int, patience: float) -> dict[str, Any]:
    """Start the container; return the server's URL and version as soon as it answers, which may take `patience` seconds."""
    from docker.errors import DockerException
    from psycopg import OperationalError, connect

    try:
        container.start()
        host, port = container.get_container_host_ip(), container.get_exposed_port(PORT)
    except (DockerException, OSError, RuntimeError) as error:
        raise StartError(f"{container.image} does not start: {last_words(container) or one_line(error)}") from error
    url = f"postgresql://postgres:{container.env['POSTGRES_PASSWORD']}@{host}:{port}/postgres"
    end = time.monotonic() + patience
    while True:
        check_parent(parent, 0.02)
        try:
            with connect(url, connect_timeout=5) as connection:
                version = connection.info.parameter_status("server_version") or ""
                return {"url": url, "version": version.split()[0]}
        except OperationalError as error:
            if words := last_words(container):
                raise StartError(f"{container.image} does not start: {words}") from error
            if time.monotonic() > end:
                raise StartError(f"PostgreSQL in {container.image} does not answer: {one_line(error)}") from error


def last_words(container: "DockerContainer") -> str:
    """Return what a container said last, or nothing while it runs or when it was never made."""
    from testcontainers.core.exceptions import ContainerStartException

    with suppress(ContainerStartException, AttributeError):  # there is none; before testcontainers 4.15 it was None
        wrapped = container.get_wrapped_container()
        wrapped.reload()
        if wrapped.status not in ("created", "running"):
            lines = [line for line in wrapped.logs().decode(errors="replace").splitlines() if line.strip()]
            return lines[-1].strip() if lines else "its container ended without a word"
    return ""


def one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


if __name__ == "__main__":
    sys.exit(main())
