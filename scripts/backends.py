"""The list of backends, src/backends.txt, for scripts and tests. The slowest comes first."""

import pathlib
from typing import NamedTuple


class Backend(NamedTuple):
    name: str
    cpu_family: str
    parent: str  # or nothing
    feature: str  # or nothing
    flags: list  # of the compiler, its parent's included


def read_list():
    backends = {}
    file = pathlib.Path(__file__).parents[1] / "src" / "backends.txt"
    for line in file.read_text().splitlines():
        if line.startswith("#") or not line:
            continue
        name, family, parent, feature, flags = (field.strip() for field in line.split("|"))
        inherited = backends[parent].flags if parent else []
        backends[name] = Backend(name, family, parent, feature, [*inherited, *flags.split()])
    return backends


BACKENDS = read_list()
NAMES = list(BACKENDS)
