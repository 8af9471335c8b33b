#!/usr/bin/env python3
"""Every function of the C headers is called by a test in C.

usage: called.py ABI_LIST TEST.c...
"""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lint"))
import exports  # noqa: E402


def main():
    listed = set().union(*exports.pinned(pathlib.Path(sys.argv[1])).values())
    text = "\n".join(pathlib.Path(name).read_text() for name in sys.argv[2:])
    named = set(re.findall(r"\b(latchkey_\w+)\b", re.sub(r"/\*.*?\*/", "", text, flags=re.S)))
    missing = sorted(listed - named)
    for name in missing:
        print(f"{name}: no test in C calls it")
    print(f"{len(listed)} functions, {len(missing)} without a test")
    return 1 if missing or len(listed) < 80 else 0


sys.exit(main())
