"""Reads what latchkey-bench wrote, and keeps the bursts that nothing disturbed."""

import collections
import json
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scripts"))
import backends  # noqa: E402

# A burst is quiet if the pace before and after it was at least so much of the best in the run.
QUIET_CLOCK = 0.97
QUIET_WIDTH = 0.95
ENOUGH = 10  # quiet bursts for a figure worth showing

YARDSTICK = "yardstick/openssl_sha3_256_1184"
BACKENDS = backends.NAMES
FORMS = list(backends.FORMS)  # of X25519
OURS = [*BACKENDS, *FORMS]
OPERATIONS = ("keygen", "encaps", "decaps", "encaps_precomputed", "encaps_precomputed_locked",
              "decaps_precomputed", "keygen_decaps", "keygen_batch", "encaps_batch", "decaps_batch",
              "xwing_keygen", "xwing_encaps", "xwing_encaps_precomputed", "xwing_decaps",
              "xwing_decaps_precomputed", "xwing_encaps_batch", "xwing_decaps_batch", "tls_client",
              "tls_server", "x25519_public", "x25519_shared", "x25519_both", "x25519_shared_batch",
              "x25519_both_batch", "x25519_public_cold", "x25519_shared_cold", "x25519_both_cold")
MEMORY = ("secret_alloc", "secret_freeze_thaw", "secret_scope", "enclave_seal", "enclave_open")
# By an AEAD alone, and by a stream that is sealed with it: the operation, and what it is measured by.
STREAMS = {"stream_seal": "aead_seal", "stream_open": "aead_open"}
STREAM_UNIT = 16_384  # bytes an operation of them
# The operations of others that do the same work.
SAME_WORK = {"encaps_precomputed": ("encaps",), "encaps_precomputed_locked": ("encaps",), "decaps_precomputed": ("decaps",),
             "keygen_decaps": ("keygen", "decaps"), "keygen_batch": ("keygen",),
             "encaps_batch": ("encaps",), "decaps_batch": ("decaps",),
             "xwing_encaps_precomputed": ("xwing_encaps",), "xwing_decaps_precomputed": ("xwing_decaps",),
             "xwing_encaps_batch": ("xwing_encaps",), "xwing_decaps_batch": ("xwing_decaps",),
             "x25519_both": ("x25519_public", "x25519_shared"), "x25519_shared_batch": ("x25519_shared",),
             "x25519_both_batch": ("x25519_public", "x25519_shared")}
# What both sides of an exchange compute, together.
EXCHANGES = {"X25519": ("x25519_public", "x25519_shared") * 2,
             "X25519MLKEM768": ("tls_client", "tls_server"),
             "X-Wing": ("xwing_keygen", "xwing_encaps", "xwing_decaps")}


class BadInput(Exception):
    """A file that cannot be reported on, for people."""


class Figure:
    """One benchmark: nanoseconds and core cycles an operation, from its quiet bursts."""

    def __init__(self, name, bursts, is_quiet):
        parts = name.split("/")
        self.operation, self.implementation = parts[0], parts[1]
        self.batch = int(parts[2]) if len(parts) > 2 else None
        quiet = [burst for burst in bursts if is_quiet(burst)]
        self.total, self.kept = len(bursts), len(quiet)
        self.enough = self.kept >= min(ENOUGH, self.total)
        if not self.enough:
            quiet = bursts  # shown, but marked
        nanoseconds = sorted(burst["real_time"] / burst["operations"] for burst in quiet)
        cycles = [burst["real_time"] / burst["operations"] * burst["clock"] for burst in quiet]
        self.fastest = nanoseconds[0]
        self.median = statistics.median(nanoseconds)
        self.quarter = nanoseconds[len(nanoseconds) // 4]
        self.three_quarters = nanoseconds[len(nanoseconds) * 3 // 4]
        self.cycles = statistics.median(cycles)
        self.lowest_tenth = sorted(cycles)[len(cycles) // 10]

    def key(self):
        """(operation, batch): what can be compared."""
        return self.operation, self.batch


class Results:
    def __init__(self, path):
        try:
            with open(path, encoding="utf-8") as file:
                data = json.load(file)
            self.context = data["context"]
            bursts = [b for b in data["benchmarks"] if b["run_type"] == "iteration"]
            self._read(bursts)
        except OSError as error:
            raise BadInput(f"cannot read {path}: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, IndexError):
            raise BadInput(f"{path} is not JSON of latchkey-bench") from None
        if not self.figures:
            raise BadInput(f"{path} has no measurements")

    def _read(self, bursts):
        by_name = collections.defaultdict(list)
        for burst in bursts:
            by_name[plain_name(burst["name"])].append(burst)
        # Not the very best: one odd reading must not make all others look slow.
        clock = nearly_best([burst["clock_low"] for burst in bursts])
        width = nearly_best([burst["width_low"] for burst in bursts])

        def is_quiet(burst):
            return (burst["clock_low"] >= QUIET_CLOCK * clock
                    and burst["width_low"] >= QUIET_WIDTH * width and burst["preempted"] == 0)

        self.clock = clock
        self.figures = {name: Figure(name, b, is_quiet) for name, b in sorted(by_name.items())}
        self.yardstick = self.figures.get(YARDSTICK)
        self.implementations = sorted(
            {f.implementation for f in self.figures.values() if f.operation in OPERATIONS},
            key=lambda name: (OURS.index(name) if name in OURS else len(OURS), name))

    def operations(self):
        """[((operation, batch), [Figure])], in the order of the tables."""
        groups = collections.defaultdict(list)
        for figure in self.figures.values():
            if figure.operation in OPERATIONS:
                groups[figure.key()].append(figure)
        for figures in groups.values():
            figures.sort(key=lambda f: self.implementations.index(f.implementation))
        return sorted(groups.items(),
                      key=lambda item: (OPERATIONS.index(item[0][0]), item[0][1] or 0))

    def kernels(self):
        """{kernel: {row: Figure}}."""
        table = collections.defaultdict(dict)
        others = {*OPERATIONS, *MEMORY, *STREAMS, *STREAMS.values()}
        for figure in self.figures.values():
            if figure.operation not in others and figure is not self.yardstick:
                table[figure.operation][figure.implementation] = figure
        return table

    def memory(self):
        """[Figure]: what secrets cost, whatever is done with them."""
        return [figure for name in MEMORY for figure in self.figures.values()
                if figure.operation == name]

    def streams(self):
        """[(Figure of a stream, Figure of its AEAD alone)]."""
        return [(figure, self.figures[f"{alone}/{figure.implementation}"])
                for name, alone in STREAMS.items() for figure in self.figures.values()
                if figure.operation == name
                and f"{alone}/{figure.implementation}" in self.figures]

    def exchanges(self):
        """{name: [(implementation, [Figure])]}: the parts of whole exchanges, where all are there."""
        table = {}
        for name, operations in EXCHANGES.items():
            all_parts = ((who, [self.figures.get(f"{operation}/{who}") for operation in operations])
                         for who in self.implementations)
            table[name] = [(who, parts) for who, parts in all_parts if None not in parts]
        return table

    def same_work(self, figure, baseline):
        """[Figure]: what `baseline` does for the same work. Nothing, if that was not measured."""
        same = self.figures.get(f"{figure.operation}/{baseline}")
        if figure.batch is None and same:
            return [same]
        parts = [self.figures.get(f"{operation}/{baseline}")
                 for operation in SAME_WORK.get(figure.operation, ())]
        return [] if None in parts else parts

    def ratio(self, figure, baseline):
        """Cycles in terms of what `baseline` takes for the same work, or None."""
        parts = self.same_work(figure, baseline)
        return figure.cycles / sum(part.cycles for part in parts) if parts else None

    def lowest_tenth_ratio(self, figure, baseline):
        """The same of the lowest tenths."""
        parts = self.same_work(figure, baseline)
        return figure.lowest_tenth / sum(part.lowest_tenth for part in parts) if parts else None


def plain_name(name):
    """Google Benchmark adds to the name how a benchmark is measured."""
    return name.split("/iterations:")[0]


def nearly_best(values):
    values = sorted(values)
    return values[int(len(values) * 0.98)] if values else 0
