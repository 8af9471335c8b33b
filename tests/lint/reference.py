#!/usr/bin/env python3
"""Checks that Doxygen makes the reference of the public headers without a warning, which a public
name without a comment would be.

usage: reference.py SOURCE_ROOT | --self-test SOURCE_ROOT
"""

import html
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIP = 77


def faults_in(root, out):
    """Writes the reference of the headers below `root` to `out`, and yields what is wrong."""
    configuration = (root / "docs/Doxyfile").read_text() + f"\nOUTPUT_DIRECTORY = {out}\n"
    done = subprocess.run(["doxygen", "-"], input=configuration, cwd=root, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    yield from done.stdout.splitlines()
    if done.returncode != 0:
        yield f"doxygen ended with {done.returncode}"
    for header in sorted((root / "include/latchkey").glob("*.h*")):
        page = out / (header.name.replace("_", "__").replace(".", "_8") + ".html")
        is_for_callers = header.name not in ("error_list.h", "export.h", "secret_slot.hpp")
        if is_for_callers and not page.exists():
            yield f"{header.name} is not in it"


# A header that is right, and what is to be read of it.
HEADER = """\
// A header. Its <head> has code:
//
//   auto made = latchkey::make<1>(2);
#pragma once

#include "latchkey/export.h"

LATCHKEY_API_BEGIN

namespace latchkey {

// ---- What is made

// A number.
struct Number {
  // Whether it is small.
  bool is_small() const noexcept {
    return value < 5;  // five is large
  }
  Number(const Number&) = delete;

  int value = 0;  // as it is
};

// Makes two. Errors: none.
Number make(int x);
Number make(char x);

}  // namespace latchkey

LATCHKEY_API_END
"""
SHOWN = ["A header.", "Its <head> has code", "auto made = latchkey::make<1>(2);", "What is made",
         "A number.", "Whether it is small.", "as it is", "make (int x)", "make (char x)",
         "Makes two."]
C_HEADER = """\
/* Another one,
 * for C. */
#ifndef LATCHKEY_B_H
#define LATCHKEY_B_H

/* ---- In C

/* The first one. */
#define LATCHKEY_ONE 1
#define LATCHKEY_TWO 2 /* and the second one */

/* What can be. */
enum {
  LATCHKEY_GOOD = 0, /* all is well */
  LATCHKEY_BAD = 1   /* it is not */
};

/* What is listed. */
enum {
#define ENTRY(name, number, text) LATCHKEY_##name = number,
#include "latchkey/error_list.h"
};

/* Says so. */
int latchkey_say(int what);

#endif
""".replace("In C\n", "In C */\n")
LIST = """\
/* A list. ENTRY(NONE, 1, "none") is not in it. */
ENTRY(FIRST, 7,
      "the first, "
      "with (more)")
ENTRY(SECOND, 8, "the second")
#undef ENTRY
"""
C_SHOWN = ["LATCHKEY_FIRST", "the first, with (more)", "LATCHKEY_SECOND", "the second",
           "Another one, for C.", "The first one.", "and the second one", "What can be.",
           "all is well", "it is not", "Says so.", "In C"]
# What is reported, what is replaced, by what.
FLAWS = [
    ("make(char x) (function) of namespace latchkey is not documented", "make(int x);\n",
     "make(int x);\n\n"),
    ("Compound latchkey::Number is not documented", "// A number.\n", ""),
    ("value (variable) of struct latchkey::Number is not documented", "  // as it is", ""),
    ("is_small() const noexcept (function)", "  // Whether it is small.\n", ""),
    ("LATCHKEY_ONE (macro definition)", "/* The first one. */\n", ""),
    ("latchkey_say(int what) (function)", "/* Says so. */\n", ""),
    ("an enumeration without a comment", "/* What can be. */\n", ""),
    ("an enumerator without a comment", " /* all is well */", ""),
    ("and no list is included", '#include "latchkey/error_list.h"\n', ""),
    ("belongs to nothing: Makes two.", "Errors: none.\n", "Errors: none.\n\n"),
    ("says what goes wrong, and not what is done: Errors: none.", "Makes two. ", ""),
]


def make_project(root, folder, replaced, by):
    headers = folder / "include/latchkey"
    headers.mkdir(parents=True)
    (folder / "docs").mkdir()
    for name in ("Doxyfile", "doxygen_filter.py"):
        shutil.copy(root / "docs" / name, folder / "docs")
    (folder / "docs/mainpage.dox").write_text("/** \\mainpage\nAll of it. */\n")
    (headers / "a.hpp").write_text(HEADER.replace(replaced, by))
    (headers / "error_list.h").write_text(LIST)
    (headers / "b.h").write_text(C_HEADER.replace(replaced, by))


def text_of(page):
    """As a browser shows it, roughly."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page.read_text())).split())


def self_test(root):
    wrong = 0

    def judge(what, good):
        nonlocal wrong
        if not good:
            wrong += 1
            print("evaluated wrongly: " + what)

    for expected, replaced, by in [("", "no such text", "")] + FLAWS:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            make_project(root, folder, replaced, by)
            found = list(faults_in(folder, folder / "out"))
            if expected:
                judge(f"{expected}: {found}", any(expected in fault for fault in found))
                continue
            judge(f"what is right: {found}", not found)
            pages = " ".join(map(text_of, sorted((folder / "out").glob("*.html"))))
            for text in SHOWN + C_SHOWN:
                judge(f"{text!r} is not shown", text in pages)
            judge("comments of two overloads", pages.count("Makes two.") >= 2)
            judge("what cannot be called", "Number &" not in pages)
    print(f"{len(FLAWS)} injected flaws, {wrong} evaluated wrongly")
    return wrong


def main():
    if shutil.which("doxygen") is None:
        print("skipped: no doxygen")
        return SKIP
    root = pathlib.Path(sys.argv[-1]).resolve()
    if sys.argv[1] == "--self-test":
        return 1 if self_test(root) else 0
    with tempfile.TemporaryDirectory() as name:
        faults = list(faults_in(root, pathlib.Path(name) / "reference"))
    print("\n".join(faults) or "every public name has its comment in the reference")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
