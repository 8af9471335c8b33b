"""Makes mutants of a C++ file: small changes, each of which a test should notice.

It knows no C++, but it knows clang-format's: a binary operator has spaces around it, while those
of templates, pointers and references have not.
"""

import dataclasses
import re

SWAPS = {"+": "-", "-": "+", "*": "+", "/": "*", "%": "/", "<<": ">>", ">>": "<<", "&": "|",
         "|": "&", "^": "|", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
         "&&": "||", "||": "&&", "+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "^=": "|=",
         "<<=": ">>=", ">>=": "<<="}
SHORT_CIRCUIT = ("&&", "||")  # an overload would evaluate both sides
OPERATOR = re.compile(r"(?<= )(" + "|".join(
    re.escape(op) for op in sorted(SWAPS, key=len, reverse=True)) + r")(?=[ \n])")
LITERAL = re.compile(r"(?<![\w.])(0x[0-9a-fA-F']+|[0-9][0-9']*)([uUlL]*)(?![\w.])")
BOOLEAN = re.compile(r"\b(true|false)\b")
NOT = re.compile(r"(?<=[\s(])[!~](?=[\w(])")
CONDITION = re.compile(r"\b(?:if|while)( constexpr)? \(")
# What a statement that is a call, an assignment or an increment begins with.
STATEMENT = re.compile(r"(?:\+\+|--)[\w.]+;|(?:\+\+|--|\*)?(?!(?:return|if|for|while|switch|sizeof|decltype|alignas|"
                       r"noexcept|operator|new|delete|case|default)\b)"
                       r"(?:asm volatile|[A-Za-z_](?:\w|::(?:template )?|\.template )*)(?:<[\w:, ]*>)?"
                       r"\s*(?:\(|\[|\.|->|\+\+|--|(?:[-+*/%&|^]|<<|>>)?= )")
SWAPPED = re.compile(r"(?<=[(, ])(?!true|false)([A-Za-z_]\w*), (?!true|false)([A-Za-z_]\w*)(?=[,)])")
COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
                             re.DOTALL)
# Declarations, and arguments of templates that only a type checks.
NO_CODE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*|\[\[.*?\]\]|\balignas\([^)]*\)|"
                     r"__attribute__\(\(.*?\)\)\)?|\b(?:In|Out|first|last)<\d+>|"
                     r"\btemplate <[^\n]*>$|\boperator\W+(?=\()", re.MULTILINE)
# What must be known when it is compiled: these declarations, the extents of arrays, and the last
# argument of these instructions.
CONSTANT = re.compile(r"\b(?<!if )(?:constexpr|consteval|using)\b|\bif constexpr (?=\()")
EXTENT = re.compile(r"(?:(?!return\b|else\b)\b\w+[&*]?|>) \w+(?=\[)|\(&\w+\)(?=\[)")
IMMEDIATE = re.compile(r"\b_mm\d*_(?:extracti128|permute2x128|permute4x64|blend_epi)\w*\(")
LONG_LIST = 9  # literals on a line, from which on each is only incremented


@dataclasses.dataclass
class Mutant:
    file: str
    line: int       # from 1
    text: str       # of that line, without the blanks around it
    what: str       # "16 -> 17", "drop", ...; "#2" if it is the second of its kind on the line
    start: int      # what it replaces in the file ...
    end: int
    new: str        # ... and by what
    switch: tuple | None = None  # how to put it in so that a run can turn it on; see switched()

    def key(self):
        return self.file, self.text, self.what

    def __str__(self):
        return f"{self.file}:{self.line}: {self.what}: {self.text}"


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def code_of(text):
    """The text with blanks in the place of what is no code to mutate."""
    def word(match):  # comments go, strings stay as long as they were
        return blank(match) if match.group()[0] == "/" else '"' + blank(match)[1:-1] + '"'
    text = COMMENT_OR_TEXT.sub(word, text)
    text = NO_CODE.sub(blank, text)
    for match in list(re.finditer(r"\bstatic_assert\(", text)):
        end = closing(text, match.end() - 1)
        text = text[:match.start()] + re.sub(r"[^\n]", " ", text[match.start():end]) + text[end:]
    return text


def closing(code, opening):
    """The position behind the bracket that closes the one at `opening`."""
    depth = 0
    for i in range(opening, len(code)):
        depth += (code[i] in "([{") - (code[i] in ")]}")
        if depth == 0:
            return i + 1
    return len(code)


def statement_end(code, start):
    """The position behind the semicolon of the statement that begins there, or None."""
    i = start
    while i < len(code):
        if code[i] in "([{":
            i = closing(code, i)
            continue
        if code[i] == ";":
            return i + 1
        if code[i] in ")]}":
            return None
        i += 1
    return None


def constant_parts(code):
    """Where nothing can be switched at run time: [(start, end)]."""
    for match in CONSTANT.finditer(code):
        end = match.end()
        if match.group().startswith("if"):
            yield match.start(), closing(code, end)
            continue
        while end < len(code) and code[end] not in ";{":
            end = closing(code, end) if code[end] in "([" else end + 1
        if code[end:end + 1] == "{":
            end = closing(code, end)
        yield match.start(), end
    for match in EXTENT.finditer(code):
        end = match.end()
        while code[end:end + 1] == "[":
            end = closing(code, end)
        yield match.end(), end
    for match in IMMEDIATE.finditer(code):
        end = closing(code, match.end() - 1)
        yield code.rindex(",", 0, end), end


def literals(code):
    for match in LITERAL.finditer(code):
        digits, suffix = match.groups()
        value = int(digits.replace("'", ""), 0)
        line = code[code.rfind("\n", 0, match.start()) + 1:(code + "\n").find("\n", match.end())]
        changes = [value + 1]
        if value > 0 and len(LITERAL.findall(line)) < LONG_LIST:
            changes.append(value - 1)
        for changed in changes:
            new = (hex(changed) if digits.startswith("0x") else str(changed)) + suffix
            yield f"{match.group()} -> {new}", *match.span(), new, ("value",)
    for match in BOOLEAN.finditer(code):
        new = "false" if match.group() == "true" else "true"
        yield f"{match.group()} -> {new}", *match.span(), new, ("value",)


def operators(code):
    for match in OPERATOR.finditer(code):
        old = match.group()
        new = SWAPS[old]
        switch = None if old in SHORT_CIRCUIT else ("operator",)
        yield f"{old} -> {new}", *match.span(), new, switch
    for match in NOT.finditer(code):
        yield f"drop {match.group()}", *match.span(), "", None


def conditions(code):
    for match in CONDITION.finditer(code):
        start, end = match.end(), closing(code, match.end() - 1) - 1
        condition = code[start:end]
        if " = " in condition or ";" in condition:
            continue
        switch = None if match.group(1) else ("negate",)
        yield "negate", start, end, f"!({condition})", switch


def statements(code):
    for match in re.finditer(r"(?:[;{})]|\belse)\s+(?=[A-Za-z_+\-*])", code):
        start = match.end()
        if not STATEMENT.match(code, start):
            continue
        end = statement_end(code, start)
        if end is None or re.search(r"= (?:delete|default);$", code[start:end]):
            continue
        # The compiler keeps what an asm that may run could read.
        yield "drop", start, end, ";", None if code.startswith("asm", start) else ("drop",)


def arguments(code):
    for match in SWAPPED.finditer(code):
        a, b = match.groups()
        if a != b:
            yield f"{a}, {b} -> {b}, {a}", *match.span(), f"{b}, {a}", ("swap", a, b)


def mutants_of(file, text):
    """The mutants of a file."""
    code = code_of(text)
    lines = text.split("\n")
    constant = list(constant_parts(code))
    found, counts = [], {}
    for rule in (literals, operators, conditions, statements, arguments):
        for what, start, end, new, switch in rule(code):
            line = text.count("\n", 0, start) + 1
            if any(a <= start < b for a, b in constant):
                if switch and switch[0] == "swap":
                    continue
                switch = None
            counts[line, what] = number = counts.get((line, what), 0) + 1
            what += f" #{number}" if number > 1 else ""
            found.append(Mutant(file, line, lines[line - 1].strip(), what, start, end, new, switch))
    return sorted(found, key=lambda mutant: mutant.start)


def applied(text, mutant):
    lost = text.count("\n", mutant.start, mutant.end)  # the lines keep their numbers
    return text[:mutant.start] + mutant.new + "\n" * lost + text[mutant.end:]


def switched(text, numbered):
    """The text with all these mutants in it, and what of it is whose: [(start, end, numbers)].
    `numbered` maps numbers to mutants with a `switch`; a run turns one on by its number."""
    values, edits = {}, []
    for number, mutant in numbered.items():
        start, end = mutant.start, mutant.end
        on = f"latchkey_mutant == {number}"
        kind, *names = mutant.switch
        if kind == "value":
            values.setdefault((start, end), []).append((number, f"{on} ? {mutant.new} : "))
        elif kind == "operator":
            old = text[start:end]
            edits.append((start, end, f"{old} ::{NAMES[old]}<{number}>{{}} {old}", [number]))
        elif kind == "negate":
            edits += [(start, start, f"({on}) != static_cast<bool>(", [number]),
                      (end, end, ")", [number])]
        elif kind == "drop":
            edits += [(start, start, f"{{ if (!({on})) ", [number]), (end, end, "}", [number])]
        else:
            a, b = names
            edits.append((start, end, f"({on} ? {b} : {a}), ({on} ? {a} : {b})", [number]))
    for (start, end), choices in values.items():
        new = "".join(choice for _, choice in choices) + text[start:end]
        edits.append((start, end, f"({new})", [number for number, _ in choices]))
    # At one place what closes comes before what opens, and what encloses opens first.
    edits.sort(key=lambda edit: (edit[0], edit[2][0] not in ")}", edit[0] != edit[1]))
    output, owners, at = "", [], 0
    for start, end, new, numbers in edits:
        if start < at:
            raise ValueError(f"two changes in one place: {text[start:end]}")
        output += text[at:start]
        owners.append((len(output), len(output) + len(new), numbers))
        output += new
        at = end
    return output + text[at:], owners


NAMES = {op: "latchkey_swap_" + "".join(f"{ord(c):x}" for c in op)
         for op in SWAPS if op not in SHORT_CIRCUIT}


def switch_header():
    """C++ that `switched` text needs: `a + latchkey_swap_2b<7>{} + b` is a + b, or a - b while
    mutant 7 is on."""
    parts = ["#pragma once", "extern int latchkey_mutant;"]
    for old, name in NAMES.items():
        new = SWAPS[old]
        parts.append(f"template <int> struct {name} {{}};")
        if old.endswith("=") and old not in ("==", "!=", "<=", ">="):
            parts += [
                f"template <int, class B> struct {name}_b {{ B b; }};",
                f"template <int n, class B> {name}_b<n, B> operator{old}({name}<n>, B b)"
                " { return {b}; }",
                f"template <int n, class A, class B> A& operator{old}(A& a, {name}_b<n, B> right)"
                f" {{ if (latchkey_mutant == n) a {new} right.b; else a {old} right.b; return a; }}"]
        else:
            parts += [
                f"template <int, class A> struct {name}_a {{ A a; }};",
                f"template <int n, class A> {name}_a<n, A> operator{old}(A a, {name}<n>)"
                " { return {a}; }",
                f"template <int n, class A, class B> auto operator{old}({name}_a<n, A> left, B b)"
                f" {{ using R = decltype(left.a {old} b);"
                f" return latchkey_mutant == n ? static_cast<R>(left.a {new} b)"
                f" : static_cast<R>(left.a {old} b); }}"]
    return "\n".join(parts) + "\n"
