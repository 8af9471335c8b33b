"""Reads the declarations of the public headers, as the preprocessor leaves them, for abi.py.

Reads what our headers have and no more: a declaration of another form ends the program with its text.
"""

import collections
import re
import subprocess

C = collections.namedtuple("C", "functions types enumerators macros templates structures")
# kind: class, struct or enum; name: with its scope; parameter: of a template, what it is, or "";
# members: enumerators, or the members of a struct that anybody can name.
Cpp = collections.namedtuple("Cpp", "kind name parameter members")


def output_of(compiler, language, text, *options):
    standard = {"c": "gnu99", "c++": "c++20"}[language]
    command = [*compiler, "-x", language, f"-std={standard}", "-w", *options, "-o", "-", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def headers_of(folder, language):
    pattern = "latchkey*.h" if language == "c" else "*.hpp"
    paths = sorted((folder / "latchkey").glob(pattern))
    return paths, "".join(f'#include "latchkey/{path.name}"\n' for path in paths)


def values_of(folder, compiler, language, expressions):
    """The integers that constant expressions have. Compiles, and runs nothing: it reads them in the
    assembly code, so that it works for other machines, too."""
    _, text = headers_of(folder, language)
    if language == "c++":
        text += "#include <type_traits>\n#define ABI_TYPE(...) std::type_identity_t<__VA_ARGS__>\n"
    text += "void values(void) {\n"
    for number, expression in enumerate(expressions):
        text += f'__asm__ volatile(".ascii \\"@{number} %c0@\\"" : : "i"({expression}));\n'
    assembly = output_of(compiler, language, text + "}\n", "-I", str(folder), "-S", "-O1")
    found = {int(number): int(value)
             for number, value in re.findall(r"@(\d+) [#$]?(-?\d+)@", assembly)}
    return [found[number] for number in range(len(expressions))]


def without_attributes(text):
    while found := re.search(r"__attribute__ ?\(\(", text):
        end, depth = found.end(), 2
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        text = text[:found.start()] + text[end:]
    return text


def preprocessed(folder, compiler, language):
    """[(name of a header, text)], in order, without what system headers have."""
    _, text = headers_of(folder, language)
    parts, own = [], None
    for line in output_of(compiler, language, text, "-I", str(folder), "-E").splitlines():
        if found := re.match(r'# \d+ "(.*?)"', line):
            path = found[1]
            own = path.rpartition("/")[2] if path.startswith(f"{folder}/latchkey/") else None
        elif own and not line.lstrip().startswith("#"):
            if not parts or parts[-1][0] != own:
                parts.append((own, ""))
            parts[-1] = (own, parts[-1][1] + line + "\n")
    return parts


def one_line(text):
    text = " ".join(text.split())
    text = re.sub(r" ?([*&]+) ?(?=\w)", r"\1 ", text)  # of a pointer, the type has the asterisk
    return re.sub(r"\s+([,);\[\]*])|(\() +", lambda found: found[1] or found[2], text).strip()


def member_names(body):
    """[(type, name)] of the variables in the body of a structure."""
    before = None
    while before != body:  # bodies of functions end like declarations, initial values go
        before = body
        body = re.sub(r"\)([^;{}()]*)\{[^{}]*\}", r")\1;", body)
        body = re.sub(r"(?<=[\w)>=]) ?\{[^{}]*\}", "", body)
    result = []
    for statement in re.split(r"\b(?:private|protected) ?:", body)[0].split(";"):
        statement = one_line(re.sub(r"\bpublic ?:", "", statement)).partition(" =")[0]
        plain, last = re.sub(r"<[^<>]*>", "<>", statement), None
        while plain != last:
            plain, last = re.sub(r"<(?:[^<>]|<>)+>", "<>", plain), plain
        if not plain or "(" in plain or re.match(
                r"(using|static|friend|template|typedef|enum|struct|class|static_assert|constexpr)\b",
                plain):
            continue
        found = re.fullmatch(r"(.*\W)(\w+)((?:\[.*\])?)", statement)
        if found is None or "," in plain:
            raise SystemExit(f"cannot read this member: {statement}")
        result.append((found[1].strip() + found[3], found[2]))
    return result


def enumerators_in(body):
    return [item.partition("=")[0].strip() for item in body.split(",") if item.strip()]


def c_declarations(folder, compiler):
    """C of the headers latchkey*.h."""
    result = C([], [], [], [], {}, {})
    # A statement may come from two files, as the enumeration of errors does: marks say where one begins.
    text = "".join(f"@{name}@{part}" for name, part in preprocessed(folder, compiler, "c"))
    text = without_attributes(text)
    header = None
    for statement in re.findall(r"(?:[^;{}]|\{[^{}]*\})+;", text):
        marks = re.findall(r"@(.*?)@", re.match(r"[\s@\w.]*", statement)[0])
        header = marks[-1] if marks else header
        later = re.findall(r"@(.*?)@", statement)
        line = one_line(re.sub(r"@.*?@", " ", statement).rstrip(";"))
        if found := re.fullmatch(r"typedef struct \w+ ?\{(.*)\} ?(\w+)", line):
            result.structures[found[2]] = member_names(found[1])
        elif found := re.fullmatch(r"enum ?\{(.*)\}", line):
            result.enumerators.extend(enumerators_in(found[1]))
        elif line.startswith("typedef ") and "{" not in line:
            result.types.append(line)
        elif re.fullmatch(r"[\w *]+\b\w+\(.*\)", line):
            result.functions.append((header, line))
        else:
            raise SystemExit(f"{header}: cannot read this declaration: {line}")
        header = later[-1] if later else header
    paths, text = headers_of(folder, "c")
    own = set(re.findall(r"^# *define (LATCHKEY_\w+)", "".join(path.read_text() for path in paths),
                         re.M))
    defined = output_of(compiler, "c", text, "-I", str(folder), "-E", "-dM")
    for name, parameters, value in re.findall(r"^#define (\w+)(\([^)]*\))? (.+)$", defined, re.M):
        if name in own and not value.startswith("__attribute__"):
            if parameters:
                result.templates[name + parameters] = value
            else:
                result.macros.append(name)
    return result


def cpp_declarations(folder, compiler):
    """Yields Cpp of the classes and enumerations in *.hpp that are at the level of a namespace, but
    for those over any type, and for templates in a namespace `internal`."""
    text = "".join(part for _, part in preprocessed(folder, compiler, "c++"))
    text = re.sub(r'"(?:[^"\\]|\\.)*"', "", without_attributes(text))
    text = re.sub(r"\[\[.*?\]\]", "", text)
    scopes, start, position = [], 0, 0
    while position < len(text):
        letter = text[position]
        if letter in ";}":
            if letter == "}":
                scopes.pop()
            start = position + 1
        elif letter == "{":
            head = " ".join(text[start:position].split())
            if found := re.match(r"(?:inline )?namespace ([\w:]+)", head):
                scopes.append(found[1])
                start = position + 1
            else:
                end, depth = position + 1, 1
                while depth:
                    depth += {"{": 1, "}": -1}.get(text[end], 0)
                    end += 1
                yield from declared_by(head, text[position + 1:end - 1], "::".join(scopes))
                # Of a function this is all; a declaration or an initial value ends with a semicolon.
                start, position = end, end - 1
        position += 1


def declared_by(head, body, scope):
    found = re.fullmatch(r"(?:template ?<(?P<parameter>[\w:]+)[^<>]*> ?)?(?P<kind>class|struct|enum) "
                         r"(?:class )?(?P<name>\w+)(?: final)?(?: ?:.*)?", head)
    if found is None or found["parameter"] in ("class", "typename"):
        return
    if found["parameter"] and "internal" in scope.split("::"):
        return
    kind = found["kind"]
    members = enumerators_in(body) if kind == "enum" else []
    if kind == "struct":
        members = [name for _, name in member_names(body)]
    parameter = (found["parameter"] or "").rpartition("::")[2]
    yield Cpp(kind, f"{scope}::{found['name']}", parameter, members)
