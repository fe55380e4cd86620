"""PostgreSQL in a container, by testcontainers: any version, any extension that has an image."""

from importlib.util import find_spec

from schemalint.throwaway.keeper import Keeper, NoServerError, helper_module

DEFAULT_IMAGE = "postgres:18"
PATIENCE = 120.0
"""Seconds that PostgreSQL may take to answer once its container runs."""


def start(image: str) -> Keeper:
    """Begin to start a container; its helper removes it when we are gone."""
    if find_spec("testcontainers") is None:
        raise NoServerError(f"{image} needs testcontainers (pip install 'schemalint[container]')")
    return Keeper(helper_module("schemalint.throwaway.keep_container"), {"image": image, "patience": PATIENCE})
