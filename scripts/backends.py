"""The list of backends, src/backends.txt, and that of the forms of X25519, src/x25519/forms.txt, for
scripts and tests. The slowest comes first."""

import pathlib
from typing import NamedTuple

SOURCE = pathlib.Path(__file__).parents[1] / "src"


class Backend(NamedTuple):
    name: str
    cpu_family: str
    parent: str  # or nothing
    feature: str  # or nothing
    flags: list  # of the compiler, its parent's included


class Form(NamedTuple):
    name: str
    cpu_family: str
    backend: str  # the slowest that it is used beside
    feature: str  # or nothing
    flags: list  # of the compiler


def fields_of(file):
    """The fields of each line."""
    for line in file.read_text().splitlines():
        if not line.startswith("#") and line:
            yield [field.strip() for field in line.split("|")]


def read_list():
    backends = {}
    for name, family, parent, feature, flags in fields_of(SOURCE / "backends.txt"):
        inherited = backends[parent].flags if parent else []
        backends[name] = Backend(name, family, parent, feature, [*inherited, *flags.split()])
    return backends


BACKENDS = read_list()
NAMES = list(BACKENDS)
FORMS = {name: Form(name, family, backend, feature, flags.split())
         for name, family, backend, feature, flags in fields_of(SOURCE / "x25519" / "forms.txt")}


def best_form_beside(backend):
    """The form that a CPU with all features uses beside the backend."""
    return [form.name for form in FORMS.values()
            if NAMES.index(form.backend) <= NAMES.index(backend)][-1]
