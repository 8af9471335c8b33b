"""The lists of backends and of forms of X25519, src/backends.txt and src/x25519/forms.txt, for scripts
and tests. The slowest comes first.
"""

import pathlib
from typing import NamedTuple

SOURCES = pathlib.Path(__file__).parents[1] / "src"


class Backend(NamedTuple):
    name: str
    cpu_family: str
    parent: str  # or nothing
    feature: str  # or nothing
    flags: list  # of the compiler, its parent's included


def lines_of(file):
    for line in file.read_text().splitlines():
        if not line.startswith("#") and line:
            yield [field.strip() for field in line.split("|")]


def read_list():
    backends = {}
    for name, family, parent, feature, flags in lines_of(SOURCES / "backends.txt"):
        inherited = backends[parent].flags if parent else []
        backends[name] = Backend(name, family, parent, feature, [*inherited, *flags.split()])
    return backends


BACKENDS = read_list()
NAMES = list(BACKENDS)
FORM_NAMES = [fields[0] for fields in lines_of(SOURCES / "x25519" / "forms.txt")]
