"""Reads what llvm-cov exports: which lines and branches of each file ran.

A branch is an outcome of a condition in the source. It counts as taken if any instance of a
template took it. Conditions that the compiler decides, such as those of `if constexpr`, have no
branches.
"""

import collections
import dataclasses
import functools
import pathlib

CODE_REGION = 0  # the kind of region that is code, as opposed to a gap or an expansion


@dataclasses.dataclass
class Coverage:
    lines: dict = dataclasses.field(default_factory=dict)     # number: how often it ran
    branches: dict = dataclasses.field(default_factory=dict)  # (line, column, outcome): how often


def lines_of(segments):
    """{line: count} from the places where the count changes: [line, column, count, has a count,
    begins a region, is a gap]."""
    counts = {}
    by_line = collections.defaultdict(list)
    for segment in segments:
        by_line[segment[0]].append(segment)
    current = None  # the last segment before the line
    for line in range(min(by_line, default=1), max(by_line, default=0) + 1):
        here = by_line.get(line, [])
        starts = [s for s in here if s[3] and s[4] and not (len(s) > 5 and s[5])]
        wrapped = current is not None and current[3] and not (len(current) > 5 and current[5])
        if starts or wrapped:
            counts[line] = max([s[2] for s in starts] + ([current[2]] if wrapped else []))
        if here:
            current = here[-1]
    return counts


def read(exported, root):
    """{file below root: Coverage}"""
    files = {}

    @functools.cache
    def below_root(name):
        path = pathlib.Path(name).resolve()
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else None

    for data in exported["data"]:
        for file in data["files"]:
            if (name := below_root(file["filename"])) is None:
                continue
            coverage = files.setdefault(name, Coverage())
            for line, count in lines_of(file["segments"]).items():
                coverage.lines[line] = max(coverage.lines.get(line, 0), count)
        for function in data["functions"]:
            code = collections.defaultdict(int)
            for line, column, _, _, count, file, _, kind in function["regions"]:
                if kind == CODE_REGION:
                    code[file, line, column] = max(code[file, line, column], count)
            for line, column, _, _, yes, no, file, _, _ in function["branches"]:
                if (name := below_root(function["filenames"][file])) is None:
                    continue
                coverage = files[name]
                decided = yes == no == 0 and runs(coverage, code, file, line, column)
                for outcome, count in (("true", yes), ("false", no)):
                    key = line, column, outcome
                    if not decided:
                        coverage.branches[key] = coverage.branches.get(key, 0) + count
    return files


def runs(coverage, code, file, line, column):
    """Whether what stands there runs. The right side of && is a region of its own."""
    if (file, line, column) in code:
        return code[file, line, column] > 0
    return coverage.lines.get(line, 0) > 0
