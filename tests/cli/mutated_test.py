#!/usr/bin/env python3
"""`latchkey open` on files that were changed: mutated_test.py TOOL MAKE-MESSAGE [RUNS [SEED]].

Sealed files and keys of every kind are cut, filled up, flipped and mixed. Whatever comes of it is an
error of one line, and no output; or, where text was changed that means nothing, the content.
"""

import collections
import concurrent.futures
import pathlib
import random
import re
import subprocess
import sys
import tempfile

CASES = pathlib.Path(__file__).resolve().parents[1] / "age" / "cases"
TOOL, MAKE_MESSAGE = (str(pathlib.Path(word).resolve()) for word in sys.argv[1:3])
RUNS = int(sys.argv[3]) if len(sys.argv) > 3 else 400
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().getrandbits(32)
CONTENT = bytes(range(256)) * 300  # more than a chunk

# What text may say before and between what counts: remarks, other ends of lines.
TEXTS = ("age.text", "xwing.key", "mlkem.key", "locked.key", "age.key", "others.key", "several.key")


def tool(folder, *arguments, data=b""):
    return subprocess.run([TOOL, *arguments], cwd=folder, input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def make_files_of_others(folder):
    """mlkem.key with attributes and a publicKey, and beside text and its public key."""
    seed = tool(folder, "convert", "-i", "mlkem.key", "--to", "seed")
    public = tool(folder, "pubkey", "-i", "mlkem.key", "--der")[-1184:]
    inside = (bytes.fromhex("020101300b060960864801650304040204428040") + seed
              + bytes.fromhex("a00d300b060355040331040c026d65") + b"\x81\x82\x04\xa1\0" + public)
    der = b"\x30\x82" + len(inside).to_bytes(2, "big") + inside
    pem = (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\na key of mine\n"
           + (folder / "mlkem.key").read_bytes() + (folder / "mlkem.pub").read_bytes() + b"the end")
    for name, content in ("others.key", der), ("several.key", pem):
        (folder / name).touch(0o600)
        (folder / name).write_bytes(content)


def make_files(folder):
    """Pairs of a key and what was sealed to it, all files of `folder`."""
    (folder / "password").write_text("secret\n")  # that of the files of `CASES`, too
    (folder / "password").chmod(0o600)
    for name, options in {"xwing": [], "mlkem": ["-t", "ml-kem-768"], "age": ["--age"],
                          "der": ["--der"], "locked": ["--password-file", "password"]}.items():
        tool(folder, "keygen", "-o", f"{name}.key", *options)
        public = tool(folder, "pubkey", "-i", f"{name}.key", "--password-file", "password")
        (folder / f"{name}.pub").write_bytes(public)
        tool(folder, "seal", "-r", f"{name}.pub", "-o", f"{name}.sealed", data=CONTENT)
    phrase = folder / "phrase.key"
    phrase.touch(0o600)
    phrase.write_bytes((CASES / "identity-under-password.age").read_bytes())
    public = tool(folder, "pubkey", "-i", phrase, "--password-file", "password").decode().strip()
    tool(folder, "seal", "-r", public, "-o", "phrase.sealed", data=CONTENT)
    tool(folder, "seal", "-a", "-r", "age.pub", "-o", "age.text", data=CONTENT)
    (folder / "xwing.message").write_bytes(subprocess.run(
        [MAKE_MESSAGE, folder / "xwing.pub", ""], input=CONTENT, stdout=subprocess.PIPE,
        check=True).stdout)
    make_files_of_others(folder)
    return [("others.key", "mlkem.sealed"), ("several.key", "mlkem.sealed"),
            ("xwing.key", "xwing.sealed"), ("mlkem.key", "mlkem.sealed"),
            ("der.key", "der.sealed"), ("age.key", "age.sealed"), ("age.key", "age.text"),
            ("phrase.key", "phrase.sealed"), ("xwing.key", "xwing.message"),
            ("locked.key", "locked.sealed")]


def place_in(chance, content):
    """More often where the formats say what they are."""
    head = 2000 if chance.random() < 0.7 else len(content)
    return chance.randrange(min(head, len(content)) + 1)


def changed(chance, content, other):
    at, size = place_in(chance, content), chance.choice((1, 1, 2, 4, 16, 100, 5000))
    kind = chance.randrange(8)
    if kind == 0:
        return content[:at]
    if kind == 1:
        return content[:at] + content[at + size:]
    if kind == 2:
        return content[:at] + chance.randbytes(size) + content[at:]
    if kind == 3:
        return content[:at] + chance.randbytes(size) + content[at + size:]
    if kind == 4:
        return content[:at] + content[at:at + size] * 2 + content[at + size:]
    if kind == 5:
        return content[:at] + other[place_in(chance, other):]
    if kind == 6:
        letter = chance.choice(b"\0\xff\n\r =-#0AZaz")
        return content[:at] + bytes([letter]) + content[at + 1:]
    return content[:at] + bytes(byte ^ 1 << chance.randrange(8)
                                for byte in content[at:at + 1]) + content[at + 1:]


def fault_in(number, folder, pairs):
    """What was changed, how it ended, and what is wrong with that, or nothing."""
    chance = random.Random(f"{SEED} {number}")
    # A password takes a tenth of a second to hash.
    key, sealed = pairs[-1] if number % 16 == 0 else chance.choice(pairs[:-1])
    victim = chance.choice((key, sealed))
    others = sorted(path for path in folder.iterdir() if path.is_file())
    content = (folder / victim).read_bytes()
    damaged = content
    while damaged == content:
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            damaged = changed(chance, damaged, chance.choice(others).read_bytes())
    with tempfile.TemporaryDirectory(dir=folder) as place:
        place = pathlib.Path(place)
        (place / victim).touch(0o600)
        (place / victim).write_bytes(damaged)
        names = [str(place / name if name == victim else folder / name) for name in (key, sealed)]
        run = subprocess.run(
            [TOOL, "open", "--password-file", folder / "password", "-i", names[0], "-o", "out",
             names[1]], cwd=place, capture_output=True, check=False, timeout=600)
        left = {path.name: path.read_bytes() for path in place.iterdir() if path.name != victim}
    errors = run.stderr.decode(errors="replace")
    if run.returncode == 0:
        good = victim in TEXTS and left == {"out": CONTENT} and not errors
        return victim, "opened", None if good else f"was opened, {sorted(left)}, {errors!r}"
    fault = None
    if run.returncode != 1 or not re.fullmatch(r"latchkey: [^\n]+\n", errors):
        fault = f"exit status {run.returncode}, {errors!r}"
    elif left or run.stdout:
        fault = f"left behind {sorted(left)}, {run.stdout[:100]!r}"
    for each in names:
        errors = errors.replace(each, "FILE")
    return victim, errors.strip(), fault


def main():
    outcomes, faults = collections.Counter(), []
    with tempfile.TemporaryDirectory(prefix="latchkey-mutated-") as folder, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        folder = pathlib.Path(folder)
        pairs = make_files(folder)
        for number, (victim, outcome, fault) in enumerate(
                pool.map(lambda number: fault_in(number, folder, pairs), range(RUNS))):
            outcomes[outcome] += 1
            if fault:
                faults.append(f"FAILED: run {number}, {victim}: {fault}")
    for outcome, count in outcomes.most_common():
        print(f"{count:7}  {outcome}")
    for fault in faults[:20]:
        print(fault)
    print(f"seed {SEED}: {RUNS - len(faults)} passed, {len(faults)} failed")
    # Too few kinds of errors: nothing was reached.
    return 1 if faults or len(outcomes) < 6 else 0


if __name__ == "__main__":
    sys.exit(main())
