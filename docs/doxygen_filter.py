#!/usr/bin/env python3
"""Makes Doxygen's comments of the plain ones in a public header: doxygen_filter.py HEADER.

The comment at the top is the file's. A comment before a declaration is that declaration's, and also
that of those which follow without an empty line; one behind it, on the same line, is its own. A
comment that begins with dashes is the heading of what follows, and one after it that no declaration
follows says more of that. Any other comment belongs to nothing, which is an error, as is one that
has only errors to tell. Doxygen counts the lines of what comes out here.

Where an enumeration includes a list, its enumerators are written out, each with its text as its
comment.
"""

import pathlib
import re
import sys

SCOPE = re.compile(r"(?:template <.*> *|typedef )?(namespace|class|struct|union|enum|extern)\b")
ERRORS = re.compile(r"(?:^|(?<=[ \n]))Errors?: +")


def escaped(text):
    """So that Doxygen takes nothing of it for a command or an element; `code` stays."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if i % 2 else re.sub(r"([\\@<>#%&|*])", r"\\\1", part)
                   for i, part in enumerate(parts))


def documented(lines, language):
    """The text of a comment, as lines of Markdown. What is indented is code."""
    result, prose, code = [], [], []

    def end_prose():
        if prose:
            text = ERRORS.sub("\n\n\\\\par Errors\n", escaped("\n".join(prose)))
            result.extend(text.strip("\n").split("\n"))
            prose.clear()

    def end_code():
        while code and not code[-1]:
            code.pop()
        if code:
            result.extend(["", "~~~{." + language + "}", *(line[2:] for line in code), "~~~", ""])
            code.clear()

    for line in lines:
        if line.startswith("  ") or code and not line:
            end_prose()
            code.append(line)
        else:
            end_code()
            prose.append(line)
    end_prose()
    end_code()
    return result


class Filter:
    def __init__(self, path):
        self.path = path
        self.lines = path.read_text().splitlines()
        self.at = 0
        self.out = []
        self.is_head = True
        self.in_section = False
        self.pending = None  # the comment that holds for the next declaration
        self.scopes = []  # by their words, "enum" for example

    def fail(self, what):
        sys.exit(f"{self.path}:{self.at}: {what}")

    # ---- Comments

    def comment_here(self):
        """The lines of the comment that begins here, without its marks, or None."""
        start = self.lines[self.at].strip()
        found = []
        if start.startswith("//"):
            while self.at < len(self.lines) and self.lines[self.at].strip().startswith("//"):
                found.append(re.sub("^// ?", "", self.lines[self.at].strip()))
                self.at += 1
            return found
        if start.startswith("/*"):
            while True:
                line = self.lines[self.at].strip()
                self.at += 1
                found.append(re.sub(r"^(/\*|\*(?!/)) ?", "", line).removesuffix("*/").rstrip())
                if line.endswith("*/"):
                    return found if found[-1] else found[:-1]
        return None

    def write(self, lines):
        self.out += ["/**", *lines, "*/"]

    def end_section(self):
        if self.in_section:
            self.out.append("///@}")
        self.in_section = False

    def take_comment(self, text):
        is_loose = self.at == len(self.lines) or not self.lines[self.at].strip()
        if self.is_head:
            language = "c" if self.path.suffix == ".h" else "cpp"
            self.write(["\\file", *documented(text, language)])
            self.is_head = False
        elif text[0].startswith("---- "):
            self.end_section()
            title = " ".join(text).removeprefix("---- ")
            while not self.lines[self.at].strip():
                self.at += 1
            before = self.at
            more = self.comment_here() or []
            if self.lines[self.at].strip() or more[:1] and more[0].startswith("---- "):
                self.at, more = before, []  # it is a declaration's
            self.write(["\\name " + escaped(title), *documented(more, "unparsed"), "@{"])
            self.in_section = True
        elif is_loose:
            self.fail("a comment that belongs to nothing: " + text[0])
        elif ERRORS.match(text[0]):
            self.fail("says what goes wrong, and not what is done: " + text[0])
        else:
            self.pending = documented(text, "unparsed")

    # ---- Lists

    def take_list(self):
        """The enumerators that `#define ENTRY(name, ...)` and the #include below it make."""
        macro, names, made = re.fullmatch(r"#define (\w+)\((.*?)\) (.*)",
                                          self.lines[self.at].strip()).groups()
        included = re.fullmatch(r'#include "(?:\w+/)*([\w.]+)"', self.lines[self.at + 1].strip())
        if included is None:
            self.fail(f"{macro} is defined, and no list is included below it")
        names = names.split(", ")
        text = re.sub(r"/\*.*?\*/", "", (self.path.parent / included[1]).read_text(), flags=re.S)
        entry = rf'{macro}\(((?:[^,"]+,\s*){{{len(names) - 1}}})((?:"[^"]*"\s*)+)\)'
        for values, comment in re.findall(entry, text):
            line = made
            for name, value in zip(names, values.split(",")):
                line = re.sub(rf"(?:##)?\b{name}\b", value.strip(), line)
            comment = "".join(re.findall(r'"([^"]*)"', comment))
            self.out.append(f"{line}  /**< {escaped(comment)} */")
        self.at += 2

    # ---- Declarations

    def declaration(self):
        """The lines of the declaration that begins here, and whether it opens a scope."""
        first = self.at
        depth = 0
        while True:
            code = re.sub(r"//.*|/\*.*?\*/|'.'|\"[^\"]*\"", "", self.lines[self.at]).rstrip()
            self.at += 1
            if self.scopes[-1:] == ["enum"] and not code.strip().startswith("}"):
                return self.lines[first:self.at], False
            depth += sum(map(code.count, "({")) - sum(map(code.count, ")}"))
            text = " ".join(line.strip() for line in self.lines[first:self.at])
            if depth == 1 and code.endswith("{") and SCOPE.match(text):
                return self.lines[first:self.at], True
            if depth <= 0 and code.endswith((";", "}")):
                return self.lines[first:self.at], False

    def take_declaration(self):
        lines, opens = self.declaration()
        text = " ".join(line.strip() for line in lines)
        if text.endswith("= delete;") or text.startswith("~"):  # not to be called
            return
        if self.pending is not None:
            self.write(self.pending)
        if opens:
            word = SCOPE.match(text)[1]
            if word == "enum" and self.pending is None:
                self.fail("an enumeration without a comment")
            self.scopes.append(word)
            self.pending = None
        else:
            lines[-1] = self.with_own_comment(lines[-1])
            if self.scopes[-1:] == ["enum"] and "<" not in lines[-1]:
                self.fail("an enumerator without a comment")
        self.out += lines

    def with_own_comment(self, line):
        line = re.sub(r" +// (?!NOLINT)(.*)", lambda m: f"  ///< {escaped(m[1])}", line)
        return re.sub(r" +/\* +(.*) \*/$", lambda m: f"  /**< {escaped(m[1])} */", line)

    def run(self):
        while self.at < len(self.lines):
            line = self.lines[self.at].strip()
            if not line:
                self.pending = None
                self.out.append("")
                self.at += 1
            elif (text := self.comment_here()) is not None:
                self.take_comment(text)
            elif line.startswith("}"):
                if self.scopes and self.scopes.pop() in ("namespace", "extern"):
                    self.end_section()
                self.out.append(line)
                self.at += 1
            elif self.scopes[-1:] == ["enum"] and line.startswith("#define"):
                self.take_list()
            elif line.startswith("#define") and len(line.split()) > 2:
                if self.pending is not None:
                    self.write(self.pending)
                self.out.append(self.with_own_comment(line))
                self.at += 1
            elif re.match(r"#|\w+:$|LATCHKEY_API_", line):
                self.pending = None
                if line == "LATCHKEY_API_END":
                    self.end_section()
                self.out.append(line.replace("protected:", "private:"))  # it is not for callers
                self.at += 1
            else:
                self.take_declaration()
        self.end_section()
        return "\n".join(self.out) + "\n"


if __name__ == "__main__":
    sys.stdout.write(Filter(pathlib.Path(sys.argv[1])).run())
