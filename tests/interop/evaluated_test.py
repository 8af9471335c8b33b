#!/usr/bin/env python3
"""Tests the judge of exchanges: evaluated_test.py DRIVER. Latchkey against itself passes; a party that
lies, ends, or is absent fails, in the rows that the lie concerns and in no other.
"""

import contextlib
import io
import sys

import bad_input
import interop
from parties import Absent, Broken, Party, Refused

KEYS = 8  # as many as there are ways to spoil what HPKE sealed
JUNK = bytes(32)


def other(word):
    """Two bits away, so that the judge's own flipped bit does not bring it back."""
    return word[:-1] + bytes([word[-1] ^ 3])


class Liar:
    """Relays to an honest party, but for one lie."""

    def __init__(self, honest):
        self.honest = honest
        self.seen = {}  # ciphertexts, and the seeds that they were first opened with

    def ask(self, lie, scheme, command, *words):
        if command == "decaps" and lie in ("any bit", "any seed"):
            words = self.forget(lie, *words)
        answer = self.honest.ask(scheme, command, *words)
        if command == "encaps" and lie == "any bit" and not isinstance(answer, Refused):
            self.seen[answer[0]] = None
        if lie == "takes all":
            return [JUNK] if isinstance(answer, Refused) else answer
        if lie.partition(",")[0] == command and not isinstance(answer, Refused):
            i = int(lie.partition(",")[2])
            if answer[i]:
                answer[i] = other(answer[i])
        return answer

    def forget(self, lie, seed, ciphertext):
        """What a decapsulation sees that compares badly, or does not look at its key."""
        if lie == "any seed":
            return self.seen.setdefault(ciphertext, seed), ciphertext
        for known in self.seen:
            if sum((a ^ b).bit_count() for a, b in zip(known, ciphertext)) == 1:
                return seed, known
        self.seen[ciphertext] = None
        return seed, ciphertext


def serve(lie, driver):
    """This program as that party."""
    with Party([driver]) as honest:
        liar = Liar(honest)
        print(f"ready\ta liar: {lie}\t{' '.join(honest.schemes)}", flush=True)
        for line in sys.stdin:
            scheme, command, *words = line.split()
            words = [b"" if word == "-" else bytes.fromhex(word) for word in words]
            answer = liar.ask(lie, scheme, command, *words)
            if isinstance(answer, Refused):
                print(f"refused {answer.why}", flush=True)
            else:
                print(" ".join(["ok", *(word.hex() or "-" for word in answer)]), flush=True)


# A lie, and where it shows.
LIES = {
    "public,0": {"the same key of a seed"},
    "expand,0": {"the same expanded key, and both use it"},
    "decaps-expanded,0": {"the same expanded key, and both use it"},
    "encaps,0": {"they encapsulate, we decapsulate"},
    "encaps,1": {"they encapsulate, we decapsulate"},
    "decaps,0": {"we encapsulate, they decapsulate",
                 "a flipped bit: both get the same other secret",
                 "another's key: both get the same other secret"},
    "any bit": {"a flipped bit: both get the same other secret"},
    "any seed": {"another's key: both get the same other secret"},
    "seal,0": {"they seal, we open and export"},
    "seal,1": {"they seal, we open and export"},
    "seal,-1": {"they seal, we open and export"},
    "open,0": {"we seal, they open and export"},
    "open,-1": {"we seal, they open and export"},
    "answer,0": {"they answer, we finish", "a flipped bit: that half of the secret is another"},
    "answer,1": {"they answer, we finish", "a flipped bit: that half of the secret is another"},
    "finish,0": {"we answer, they finish", "a flipped bit: that half of the secret is another"},
    "takes all": {"something changed: both refuse", "a point with a flipped bit: refused"},
}


def absent():
    raise Absent("as planned")


def main():
    if sys.argv[1] == "--lie":
        serve(*sys.argv[2:])
        return 0
    honest = [sys.argv[1]]
    passed = failed = 0

    def judge(what, status, failures, *arguments, **options):
        """Whether a run ends with that status, and just these rows fail."""
        nonlocal passed, failed
        report, printed = interop.Report(), io.StringIO()
        with contextlib.redirect_stdout(printed):
            try:
                ended = interop.run(report, *arguments, KEYS, **options)
            except Broken as broken:
                ended = str(broken)
        good = ended == status and set(report.failed) == failures
        passed, failed = passed + good, failed + (not good)
        print(f"{'passed' if good else 'FAILED'}  {what}")
        if not good:
            print(f"status {ended}, failed: {report.failed}", printed.getvalue(), sep="\n")

    def lying(lie):
        return [sys.executable, "-B", __file__, "--lie", lie, *honest]

    def peer(command):
        return [("peer", lambda: command, True)]

    def saying(*lines):
        return peer(["printf", "%b\\n", *lines])

    judge("an honest peer", 0, set(), honest, peer(honest))
    for lie, failures in LIES.items():
        judge(f"a peer that lies: {lie}", 1, failures, honest, peer(lying(lie)))
    judge("we take bad input", 1, {name for *_, name, _ in bad_input.BAD} | LIES["takes all"],
          lying("takes all"), peer(honest))
    judge("no Latchkey", "Latchkey: /nowhere: No such file or directory", set(), ["/nowhere"],
          peer(honest))
    nobody = [("nobody", absent, True)]
    judge("no peer", 77, set(), honest, nobody)
    judge("no peer, and all are wanted", 1, {"absent"}, honest, nobody, every=True)
    judge("one peer of two", 0, set(), honest, nobody + peer(honest))
    judge("a peer that is no program", 77, set(), honest, peer(["/nowhere"]))
    judge("a peer that says nothing", 77, set(), honest, peer(["true"]))
    judge("a peer that is absent by its own word", 77, set(), honest, saying("absent\\tno library"))
    for what, lines in (("ends", []), ("sends garbage", ["what?"]), ("refuses a seed", ["refused it"])):
        judge(f"a peer that {what}", 1, {"the protocol"}, honest,
              saying("ready\\tpeer\\tmlkem768", *lines))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
