"""What the generators of this folder share: records, and the choice between making and comparing."""

import io
import sys
from contextlib import redirect_stdout


def flip(data, at):
    """With the lowest bit of one byte changed; a negative place counts from the end."""
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def section(name):
    print(f"\n[{name}]")


def record(what, **fields):
    print(f"\nid = {what}")
    for name, value in fields.items():
        print(f"{name} = {value if isinstance(value, str) else value.hex()}")


def reject(what, **inputs):
    record(what, **inputs, result="reject")


def everything(what, generator, parts):
    print(f"# {what}")
    print(f"# Made by {generator}; README.md, one folder up, has the format.")
    for part in parts:
        part()


def main(what, generator, parts):
    """Prints the file, or with --compare FILE says whether FILE is that."""
    if sys.argv[1:2] != ["--compare"]:
        everything(what, generator, parts)
        return
    made = io.StringIO()
    with redirect_stdout(made):
        everything(what, generator, parts)
    with open(sys.argv[2], encoding="utf-8") as file:
        sys.exit(file.read() != made.getvalue() and f"{sys.argv[2]} is not what this makes")
