"""A scratch copy of the tree, where one backend at a time, or one form of X25519, is a shared library
that is compiled from mutated sources, and the tests that are to notice. What is said here of backends is
true of forms, too."""

import functools
import hashlib
import json
import pathlib
import re
import shlex
import shutil

import inside
import mutants
from backends import BACKENDS, FORMS, NAMES
from commands import Failure, checked, run
from stages import (COMB_TABLE, FLAGS, FLAGS_OF, HEADERS, KEM, PROGRAMS, PROGRAMS_OF_FORMS,
                    SANITIZER, STAGES, STAGES_OF_FORMS, SWITCH, TARGETS, VECTORS_OF_FORMS)


def source_of(backend):
    return f"src/{backend}/{backend}.cpp" if backend in BACKENDS else f"src/x25519/{backend}.cpp"


class Workbench:
    def __init__(self, source, scratch, compiler, jobs, say):
        self.source, self.scratch, self.compiler = source, scratch, compiler
        self.jobs, self.say = jobs, say
        self.tree, self.build = scratch / "tree", scratch / "build"
        self.work = self.tree  # what is mutated
        self.written = None  # a digest of the file with a mutant
        self.mutated = None  # its name
        self.libraries = scratch / "backends"
        self.limits, self.figures = {}, {}
        self.beside = []  # what libbackend.so has besides the backend
        cpu = {"m" + flag for flag in pathlib.Path("/proc/cpuinfo").read_text().split()}
        cpu.add("mbmi")  # which is bmi1 there, and with bmi2
        self.runnable = [name for name, flags in FLAGS_OF.items()
                         if all(flag[1:] in cpu or "=" in flag for flag in flags)]
        self.copy()
        self.compile_tests()

    def copy(self):
        """What is newer is copied, so that a second run need not build everything again."""
        names = checked(["git", "-C", self.source, "ls-files", "-z", "-co", "--exclude-standard"])
        for name in filter(None, names.split("\0")):
            new, old = self.source / name, self.tree / name
            if not new.is_file():
                old.unlink(missing_ok=True)
            elif not old.exists() or old.read_bytes() != new.read_bytes():
                old.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(new, old)

    def own_copy(self, name):
        """Sources and libraries for this process alone."""
        self.work = self.scratch / f"work-{name}"
        for folder in ("src", "include"):
            shutil.copytree(self.tree / folder, self.work / folder)
        self.libraries = self.work / "backends"

    def library(self, backend, number=0):
        """The folder of libbackend.so: with many mutants, of which a number turns one on, or without
        numbers, and at most one mutant."""
        folder = self.libraries / backend / ("many" if number else "one")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def remove_copy(self):
        shutil.rmtree(self.work)

    def compile_tests(self):
        self.say("building the tests")
        again = ["--reconfigure"] if (self.build / "build.ninja").exists() else []
        checked(["meson", "setup", *again, "-Dtests=enabled", "-Dbench=disabled",
                 "-Dwithout_backends=" + ",".join(NAMES[2:]), self.build, self.tree],
                environment={"CXX": self.compiler})
        checked(["ninja", f"-j{self.jobs}", "-C", self.build, *TARGETS.values()], cpu_seconds=3600)
        switch = self.scratch / "switch.cpp"
        switch.write_text(SWITCH)
        # The library shows nothing of its own to libbackend.so, which brings what it calls.
        for source in (switch, *(self.tree / f"src/base/{name}.cpp" for name in ("wipe", "cpu"))):
            to = self.scratch / f"{source.stem}.o"
            checked([self.compiler, *FLAGS, f"-I{self.tree}/src", "-c", source, "-o", to])
            self.beside.append(to)

    def all_backends_of(self, file):
        """The backends that show a file's mutants, the cheaper one first."""
        folder = file.split("/")[1]
        if folder == "x25519":
            forms = [form for form in FORMS if self.active_lines(form, file)]
            return list(dict.fromkeys((forms[0], forms[-1])))
        backends = [folder] if folder in BACKENDS else NAMES[:2]
        # Keccak is compiled to other instructions there.
        children = [name for name in NAMES if BACKENDS[name].parent == folder]
        return [*backends, *children] if file.endswith("/keccak.hpp") else backends

    def backends_of(self, file):
        """Those of them that this CPU can run."""
        return [backend for backend in self.all_backends_of(file) if backend in self.runnable]

    def prepare(self, backend):
        """Precompiles the system's headers, links the tests with libbackend.so, and takes their
        times."""
        folder = self.scratch / backend
        folder.mkdir(exist_ok=True)
        state, kept = self.state(), folder / "prepared.json"
        if kept.exists() and (old := json.loads(kept.read_text()))["state"] == state:
            self.limits.update({(backend, stage): limit for stage, limit in old["limits"].items()})
            self.figures[backend] = old["figures"]
            return
        header = folder / "all.hpp"
        extra = ["immintrin.h"] if FLAGS_OF[backend] else []
        header.write_text("".join(f"#include <{name}>\n" for name in HEADERS + extra)
                          + mutants.switch_header())
        checked([self.compiler, *FLAGS, *FLAGS_OF[backend], "-x", "c++-header", header,
                 "-o", f"{header}.gch"])
        is_form = backend in FORMS
        beside, form = (NAMES[0], backend) if is_form else (backend, next(iter(FORMS)))
        (folder / "backends.inc").write_text(f"LATCHKEY_BACKEND({beside}, true)\n")
        (folder / "forms.inc").write_text(f'LATCHKEY_FORM({form}, true, "{beside}")\n')
        if is_form:
            self.make_comb_table(backend, folder / "comb_table.o")
        checked([self.compiler, *FLAGS, f"-I{folder}", f"-I{self.tree}/src",
                 f"-I{self.tree}/include", "-c", self.tree / "src/dispatch/dispatch.cpp",
                 "-o", folder / "dispatch.o"])
        errors = self.compile(backend)
        if errors is not None:
            raise Failure(errors)
        for name in PROGRAMS_OF_FORMS if is_form else PROGRAMS:
            self.link(backend, self.library(backend), name, folder / name, {})
            if run([folder / name, "--help"], environment={"LD_LIBRARY_PATH": ""})[0] == 0:
                raise Failure(f"{name} does not use libbackend.so")
        shutil.copy(self.library(backend) / "backend.o", folder / "backend.o")
        inside.build(self, backend, None, 0)
        for stage in STAGES:
            self.limits[backend, stage] = 600
            status, output, used = self.run_stage(backend, stage, 0)
            if status != 0:
                raise Failure(f"{backend}, {stage}: fails without a mutant:\n{output[-3000:]}")
            self.limits[backend, stage] = 1 + round(8 * used)
            if stage == "vectors":
                self.figures[backend] = output
            self.say(f"{backend}: {stage}: {used:.2f} s")
        kept.write_text(json.dumps({
            "state": state, "figures": self.figures[backend],
            "limits": {stage: self.limits[backend, stage] for stage in STAGES}}))

    def make_comb_table(self, backend, to, *more):
        return run([self.compiler, *FLAGS, *more, "-include", self.scratch / backend / "all.hpp",
                    f"-I{self.work}/src", "-c", self.work / COMB_TABLE, "-o", to], cpu_seconds=120)

    @functools.cache
    def files_of_comb_table(self):
        made_of = checked([self.compiler, *FLAGS, "-MM", f"-I{self.tree}/src", self.tree / COMB_TABLE])
        return {str(pathlib.Path(word).relative_to(self.tree)) for word in made_of.split()
                if word.startswith(str(self.tree))}

    @functools.cache
    def commands(self, program):
        """What builds one of the tests' programs: [words], its linking last."""
        lines = checked(["ninja", "-C", self.build, "-t", "commands", TARGETS[program]])
        return [shlex.split(line) for line in lines.rstrip().split("\n")]

    def link(self, backend, library, program, to, objects):
        """Links one with libbackend.so, and with other objects in the place of some of its own."""
        words = list(self.commands(program)[-1])
        words[words.index("-o") + 1] = str(to)
        # Before the libraries, which then have no need to bring their own.
        checked([words[0], self.scratch / backend / "dispatch.o", *objects.values(),
                 self.scratch / "switch.o", library / "libbackend.so",
                 *(word for word in words[1:] if word not in objects)], folder=self.build)

    def state(self):
        """A digest of all that the tests and the libraries are made of."""
        digest = hashlib.sha256(repr((self.compiler, FLAGS, STAGES, KEM,
                                      mutants.switch_header())).encode())
        for path in sorted(self.tree.rglob("*")):
            if path.suffix in (".cpp", ".hpp", ".rsp", ".build"):
                digest.update(path.read_bytes())
        return digest.hexdigest()

    @functools.cache
    def active_lines(self, backend, file):
        """The lines of a file that are left when the preprocessor has chosen."""
        output = "".join(
            checked([self.compiler, *FLAGS, *FLAGS_OF[backend], "-E", f"-I{self.tree}/src",
                     f"-I{self.tree}/include", self.tree / source])
            for source in (source_of(backend), *([COMB_TABLE] if backend in FORMS else [])))
        path, lines, here, number = str(self.tree / file), set(), "", 0
        for line in output.split("\n"):
            if marker := re.match(r'# (\d+) "([^"]*)"', line):
                number, here = int(marker.group(1)), marker.group(2)
                continue
            if here == path and line.strip():
                lines.add(number)
            number += 1
        return lines

    def compile(self, backend, *more, number=0):
        """Makes libbackend.so of the tree as it is. Returns what the compiler says if it fails. What one
        mutant passes is not compiled again for the next tests."""
        folder = self.library(backend, number)
        thing = folder / "backend.o"
        kept = self.work / f"kept/{backend}-{self.written}"
        keep = self.written is not None and number == 0 and not more
        if keep and kept.exists():
            shutil.copytree(kept, folder, dirs_exist_ok=True)
            return None
        status, output, _ = run(
            [self.compiler, *FLAGS, *FLAGS_OF[backend], *more,
             "-include", self.scratch / backend / "all.hpp", f"-I{self.work}/src",
             f"-I{self.work}/include", "-c", self.work / source_of(backend), "-o", thing],
            cpu_seconds=120)
        own = []
        if backend in FORMS:
            own.append(self.scratch / backend / "comb_table.o")
            if status == 0 and self.mutated in self.files_of_comb_table():
                own = [folder / "comb_table.o"]
                status, output, _ = self.make_comb_table(backend, own[0], *more)
        if status == 0 and "-fsyntax-only" not in more:
            status, output, _ = run(
                [self.compiler, "-shared", *more, "-Wl,-Bsymbolic", "-Wl,-soname,libbackend.so", thing,
                 *own, *self.beside, "-o", folder / "libbackend.so"])
        if status != 0 and "signal terminated program" in output:
            raise Failure(f"the compiler was killed:\n{output}")
        if status == 0 and keep:
            kept.mkdir(parents=True)
            for name in ("backend.o", "comb_table.o", "libbackend.so"):
                if (folder / name).exists():
                    shutil.copy(folder / name, kept)
        return None if status == 0 else output or "the compiler ran out of time"

    def forget(self):
        """Drops what compile() kept."""
        shutil.rmtree(self.work / "kept", ignore_errors=True)

    def same_code(self, backend):
        """Whether the compiler made of the mutant, alone, what it makes of the original."""
        things = ["backend.o"]
        if backend in FORMS and self.mutated in self.files_of_comb_table():
            things.append("comb_table.o")
        return all((self.library(backend) / thing).read_bytes()
                   == (self.scratch / backend / thing).read_bytes() for thing in things)

    def build_inside(self, backend, file, number):
        return inside.build(self, backend, file, number)

    def sanitizer_kills(self, backends, number):
        """"sanitizer" if whole operations touch what they must not, in libraries compiled with it.
        The tests of the API cannot run so: they measure stacks, which a sanitizer changes."""
        runtime = checked([self.compiler, "-print-file-name=libasan.so"]).strip()
        killed = any(self.run_stage(backend, stage, number, LD_PRELOAD=runtime,
                                    ASAN_OPTIONS="detect_leaks=0")[0] != 0
                     for backend in backends for stage in ("vectors", "kem"))
        return "sanitizer" if killed else None

    def run_stage(self, backend, stage, number, **environment):
        folder, library = self.scratch / backend, self.library(backend, number)
        if backend in FORMS and stage not in self.stages_of_form(backend):
            return 0, "", 0
        if backend in FORMS and stage != "inside":
            command = {
                "vectors": [folder / "kat", "--backend", NAMES[0], "--no-accumulated",
                            *sorted((self.tree / "kat").rglob(VECTORS_OF_FORMS))],
                "kernels": [folder / "x25519", "--abort", "-#", "~[.]"],
                "scrub": [folder / "scrub", "--abort", "-#", "[#form_scrub_test]"]}[stage]
        elif stage == "vectors":
            command = [folder / "kat", "--backend", backend, "--accumulated", "20",
                       *sorted((self.tree / "kat").rglob("*.rsp"))]
        elif stage == "inside":
            command = ["sh", "-e", library / "inside"]
        else:
            program, tests = ("kernels", KEM) if stage == "kem" else (stage, inside.OTHERS)
            command = [folder / program, "--abort", "-#", tests]
        limit = self.limits[backend, stage] * (10 if environment else 1)
        return run(command, cpu_seconds=limit, folder=self.scratch,
                   environment={**environment, "LD_LIBRARY_PATH": str(library),
                                "LD_BIND_NOW": "1", "LATCHKEY_MUTANT": str(number)})

    def stages_of_form(self, form):
        """Without wiping where the tests' build does not contain the form."""
        is_built = FORMS[form].backend in NAMES[:2]
        return [stage for stage in STAGES_OF_FORMS if is_built or stage != "scrub"]

    def killer(self, backend, stages, number=0):
        """Which of the stages notices the mutant that is in libbackend.so, or "timeout", or None."""
        for stage in stages:
            status, output, _ = self.run_stage(backend, stage, number)
            if status is None:
                return "timeout"
            if status != 0 or stage == "vectors" and output != self.figures[backend]:
                return stage
        return None

    def write(self, file, text):
        (self.work / file).write_text(text)
        self.mutated = file
        self.written = hashlib.sha256(f"{file}\n{text}".encode()).hexdigest()

    def compile_switched(self, backend, file, text, candidates):
        """Makes libbackend.so with as many of the mutants as can be switched on by number, and returns
        them by number: not those that change what the compiler has to know."""
        left = {number: mutant for number, mutant in enumerate(candidates, 1) if mutant.switch}
        for more in (["-fsyntax-only"], []):
            while left:
                changed, owners = mutants.switched(text, left)
                self.write(file, changed)
                errors = self.compile(backend, *more, number=1)
                if errors is None:
                    break
                wrong = self.blamed(file, changed, owners, left, errors)
                left = {number: mutant for number, mutant in left.items() if number not in wrong}
        self.write(file, text)
        if left and self.run_stage(backend, "vectors", -1)[:2] != (0, self.figures[backend]):
            raise Failure(f"{file}: what can be switched changes the results when it is off")
        return left

    def blamed(self, file, changed, owners, left, errors):
        """The numbers of the mutants that the compiler cannot switch: those in whose text an error
        is, else those of the line above that has any."""
        path = re.escape(str(self.work / file))
        starts = [0, *(match.end() for match in re.finditer("\n", changed))]
        wrong = set()
        places = re.findall(rf"^{path}:(\d+):(\d+): error", errors, re.M)
        for line, column in places:
            prefix = changed[starts[int(line) - 1]:].encode()[:int(column) - 1]
            at = starts[int(line) - 1] + len(prefix.decode(errors="replace"))
            wrong |= {number for start, end, numbers in owners if start <= at <= end
                      for number in numbers}
        if not wrong:
            mentioned = [line for line, _ in places] or re.findall(rf"{path}:(\d+)", errors)
            for line in map(int, mentioned):
                before = [mutant.line for mutant in left.values() if mutant.line <= line]
                wrong |= {number for number, mutant in left.items()
                          if mutant.line == max(before, default=0)}
        return wrong or set(left)
