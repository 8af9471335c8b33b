#!/usr/bin/env python3
"""Checks two rules of the public C++ headers: no Result<bool>, and no function that hands out a
view, pointer or reference into an object which has no name.

usage: interface.py INCLUDE_FOLDER | --self-test

A member function that returns such a thing is `&` or `const&`, says LATCHKEY_LIFETIMEBOUND, and has
an overload for `&&` that is deleted or returns a value.
"""

import pathlib
import re
import sys
import tempfile

# What points into the object: a view, a pointer or a reference, also in a Result.
VIEW = re.compile(r"(?:Result<)?(?:std::span<|std::(?:string_)?view\b|std::string_view\b|View\b)"
                  r"|[&*]$")
MEMBER = re.compile(r"^(?P<type>.*?)\s*(?P<name>operator(?:->|\*)|\w+)\((?P<parameters>[^()]*)\)"
                    r"(?P<rest>[^{;:]*)(?P<end>[{;=])")
SHARED = ("static ", "friend ", "using ", "template ", "explicit ", "enum ", "struct ", "class ")


def members(text):
    """Yields (class, type, name, what follows the parameters) of the public member functions."""
    text = re.sub(r"//.*", "", text)
    for found in re.finditer(r"^(class|struct) (?:\[\[\w+\]\] |LATCHKEY_API )?"
                             r"(\w+(?:<\w+>)?)[^;{]*\{(.*?)^\};", text,
                             re.S | re.M):
        kind, name, body = found.groups()
        parts = re.split(r"^ (public|private|protected):$", body, flags=re.M)
        shown = [parts[0]] if kind == "struct" else []
        shown += [code for label, code in zip(parts[1::2], parts[2::2]) if label == "public"]
        for code in shown:
            for member in re.split(r"\n(?=  [^\s}])", code):
                line = " ".join(member.split()).replace("[[nodiscard]] ", "")
                match = MEMBER.match(line)
                if match and not line.startswith(SHARED):
                    rest = line[match.end("parameters") + 1:].partition("{")[0]
                    yield name, match["type"].strip(), match["name"], rest.strip()


def faults_in(path):
    text = path.read_text()
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"\bResult<(const )?bool>", line.partition("//")[0].partition('"')[0]):
            yield f"{path.name}:{number}: Result<bool>, of which `if` asks whether there is an error"
    found = list(members(text))
    for where, returns, name, rest in found:
        if not VIEW.search(returns) or name == "operator" or "= delete" in rest:
            continue
        what = f"{path.name}: {where}::{name}()"
        if not re.match(r"(const)? ?&(?!&)", rest):
            yield f"{what} can be called on an object without a name"
            continue
        if "LATCHKEY_LIFETIMEBOUND" not in rest:
            yield f"{what} does not say LATCHKEY_LIFETIMEBOUND"
        other = [(r, q) for w, r, n, q in found
                 if (w, n) == (where, name) and re.match(r"(const)? ?&&", q)]
        if not other or any(VIEW.search(r) and "= delete" not in q for r, q in other):
            yield f"{what} can be called on an object without a name"


HEADER = """\
namespace a {
// Result<bool> is a comment.
class [[nodiscard]] Good {
 public:
  [[nodiscard]] std::span<const std::uint8_t> bytes() const& noexcept LATCHKEY_LIFETIMEBOUND;
  std::span<const std::uint8_t> bytes() const&& = delete;
  [[nodiscard]] const Key& key() const& noexcept
      LATCHKEY_LIFETIMEBOUND {
    return key_;
  }
  const Key& key() const&& = delete;
  T* operator->() & noexcept LATCHKEY_LIFETIMEBOUND { return pointer(); }
  T* operator->() && = delete;
  T value() && noexcept { return std::move(x_); }
  T& value() & noexcept LATCHKEY_LIFETIMEBOUND { return x_; }
  static const char* name() noexcept;
  Good& operator=(Good&& other) noexcept;
  std::size_t size() const noexcept { return 0; }

 private:
  std::string_view inside() const noexcept;
};
}
"""
FLAWS = [  # (old, new, what is said of it)
    ("", "", None),
    ("std::size_t size()", "Result<bool> same()", "Result<bool>"),
    ("bytes() const& noexcept", "bytes() const noexcept", "Good::bytes() can be called"),
    ("  std::span<const std::uint8_t> bytes() const&& = delete;\n", "", "Good::bytes() can be"),
    ("  const Key& key() const&& = delete;\n", "", "Good::key() can be called"),
    ("  T* operator->() && = delete;\n", "", "Good::operator->() can be called"),
    ("  T value() &&", "  T&& value() &&", "Good::value() can be called"),
    ("      LATCHKEY_LIFETIMEBOUND {", "      {", "Good::key() does not say"),
    (" private:\n", "", "Good::inside() can be called"),
    ("std::size_t size() const", "Result<std::span<const int, 32>> size() const",
     "Good::size() can be called"),
    ("std::size_t size() const", "std::string_view size() const", "Good::size() can be called"),
]


def self_test():
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        header = pathlib.Path(folder) / "a.hpp"
        for old, new, expected in FLAWS:
            header.write_text(HEADER.replace(old, new, 1) if old else HEADER)
            found = list(faults_in(header))
            if not (any(expected in fault for fault in found) if expected else not found):
                wrong += 1
                print(f"{new!r}: expected {expected!r}, found {found}")
    print(f"{len(FLAWS)} injected faults, {wrong} evaluated wrongly")
    return wrong


def main():
    if sys.argv[1] == "--self-test":
        return 1 if self_test() else 0
    faults = [fault for path in sorted(pathlib.Path(sys.argv[1], "latchkey").glob("*.hpp"))
              for fault in faults_in(path)]
    print("\n".join(faults) or "no Result<bool>, and no view into an object without a name")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
