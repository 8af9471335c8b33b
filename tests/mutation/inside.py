"""The tests of what is inside of the library: they compile its headers themselves, and so have to
be compiled from the mutated ones. They are parts of the other tests' programs."""

import functools
import pathlib
import shlex
import shutil

from commands import checked, run

SOURCES = {"kernels": ("bytes_test", "field_test", "interval_test", "mask_test",
                       "permutations_test", "reduce_test", "riders_test", "sponge_test",
                       "vector_reductions"),
           "proofs": ("bounds_test", "comb_table_test", "division_steps_test", "identities_test",
                      "inverse_bounds_test", "wide_test"),
           "scrub": ("entry_test",)}
CHECKED_BY = {"vector_reductions": "vector_test"}  # whose checks are in another file
ONLY_OF = {"vector_reductions": "avx2"}
# Not the hidden ones, which take long or are about several backends: here is one.
OTHERS = "~[.]" + "".join(f"~[#{CHECKED_BY.get(name, name)}]"
                          for names in SOURCES.values() for name in names)
# Not as the project compiles them: the switches need their header, and warnings are no matter.
MORE = ["-w", "-Wno-error", "-Wno-invalid-pch", "-O2"]


@functools.cache
def includes(build, thing):
    """The files that an object was made of."""
    lines = checked(["ninja", "-C", build, "-t", "deps", thing]).split("\n")
    return {(build / line.strip()).resolve() for line in lines if line.startswith("  ")}


def from_work(bench, words):
    """The words of a compiler's command, with the mutated sources in the place of the tree's."""
    places = {f"-I../tree/{folder}": f"-I{bench.work / folder}" for folder in ("src", "include")}
    return [places.get(word, word) for word in words]


def build(bench, backend, file, number):
    """Compiles those that include `file`, or all, and leaves in the library's folder a script that
    runs those of them that the mutant changes. Returns what the compiler says if it fails."""
    library, script = bench.library(backend, number), []
    header = ["-include", bench.scratch / backend / "all.hpp"]
    for program, names in SOURCES.items():
        objects, tags = {}, []
        for words in bench.commands(program):
            name = pathlib.Path(words[-1]).stem
            if "-c" not in words or name not in names or ONLY_OF.get(name, backend) != backend:
                continue
            at = words.index("-o") + 1
            if file is not None and bench.tree / file not in includes(bench.build, words[at]):
                continue
            new = library / f"{name}.o"
            command = [word if i != at else new for i, word in enumerate(from_work(bench, words))]
            status, output, _ = run([*command, *MORE, *header], folder=bench.build)
            if status != 0:
                return output or "the compiler ran out of time"
            original = bench.scratch / backend / f"{name}.o"
            if file is None:
                shutil.copy(new, original)
            elif new.read_bytes() == original.read_bytes():
                continue
            objects[words[at]] = new
            tags.append(f"[#{CHECKED_BY.get(name, name)}]~[.]")
        if objects:
            bench.link(backend, library, program, library / program, objects)
            script.append(shlex.join([str(library / program), "--abort", "-#", ",".join(tags)]))
    (library / "inside").write_text("".join(f"{line}\n" for line in script))
    return None
