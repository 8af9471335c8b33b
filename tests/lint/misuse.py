#!/usr/bin/env python3
"""Compiles what must not compile, and beside it the right way, which must.

usage: misuse.py INCLUDE_FOLDER COMPILER...
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

HEADERS = "age bind derand derand_hybrid enclave key_file seal stream tls".split()

# Names that all cases share.
COMMON = "".join(f"#include <latchkey/{name}.hpp>\n" for name in HEADERS) + """\
#include <string>
#include <string_view>
#include <vector>
using namespace latchkey;
using Bytes = std::span<const std::uint8_t>;
using Context = std::vector<std::uint8_t>;
DecapsulationKey make_key();
xwing::DecapsulationKey make_hybrid();
SharedSecret make_secret();
LockedBuffer make_buffer();
struct Mine : XWing {};  // a Kem that the library does not know
"""

# Both compilers name the function that is deleted.
ARROW = r"deleted .*(operator->|'->')"


def deleted(name):
    return rf"deleted .*\b{name}\b"


# What is wrong: the statement, what the compiler has to say, the right way.
CASES = {
    # ---- A Result without a name
    "-> on a new private key": (
        "(void)DecapsulationKey::generate()->encapsulation_key().bytes();", ARROW,
        "const auto key = DecapsulationKey::generate(); (void)key->encapsulation_key().bytes();"),
    "-> on a new hybrid key": (
        "(void)xwing::DecapsulationKey::generate()->encapsulation_key().bytes();", ARROW,
        "const auto key = xwing::DecapsulationKey::generate(); (void)key->encapsulation_key();"),
    "-> on a new shared secret": (
        "auto key = make_key(); (void)key.decapsulate({})->expose();", ARROW,
        "auto key = make_key(); const auto secret = key.decapsulate({}); (void)secret->expose();"),
    "-> on a new public key file": (
        "auto key = make_key();"
        "(void)write_public_key(key.encapsulation_key(), KeyEncoding::pem)->bytes();", ARROW,
        "auto key = make_key();"
        "const auto file = write_public_key(key.encapsulation_key(), KeyEncoding::pem);"
        "(void)file->bytes();"),
    "-> on a new sealed message": (
        "auto key = make_key(); (void)seal_for(key.encapsulation_key(), {}, {}, {})->bytes();",
        ARROW,
        "auto key = make_key(); const auto sealed = seal_for(key.encapsulation_key(), {}, {}, {});"
        "(void)sealed->bytes();"),
    "-> on a constant Result": (
        "const auto make = []() -> const Result<SharedSecret> { return Error::no_memory; };"
        "(void)make()->expose();", ARROW,
        "const Result<SharedSecret> secret = Error::no_memory; (void)secret->expose();"),
    "-> on a Result that is moved": (
        "auto key = DecapsulationKey::generate(); (void)std::move(key)->encapsulation_key();",
        ARROW,
        "auto key = DecapsulationKey::generate(); const auto own = *std::move(key); (void)own;"),
    "value() of a constant Result without a name": (
        "const auto make = []() -> const Result<SharedSecret> { return Error::no_memory; };"
        "(void)make().value();", deleted("value"),
        "auto make = []() -> Result<SharedSecret> { return Error::no_memory; };"
        "const auto secret = make().value(); (void)secret;"),
    "a reference to what * gives of a Result without a name": (
        "auto& key = *DecapsulationKey::generate(); (void)key;",
        r"(cannot bind non-const lvalue reference|cannot bind to a temporary)",
        "const auto& key = *DecapsulationKey::generate(); (void)key;"),  # it lives as long

    # ---- What points into an object without a name
    "* and the public half": (
        "(void)(*DecapsulationKey::generate()).encapsulation_key();",
        deleted("encapsulation_key"),
        "const auto key = *DecapsulationKey::generate(); (void)key.encapsulation_key();"),
    "value() and the public half": (
        "(void)xwing::DecapsulationKey::generate().value().encapsulation_key();",
        deleted("encapsulation_key"),
        "(void)xwing::DecapsulationKey::generate().value().is_locked();"),
    "value() and the bytes of a secret": (
        "auto key = make_key(); (void)key.decapsulate({}).value().expose();", deleted("expose"),
        "auto key = make_key(); (void)key.decapsulate({}).value().is_locked();"),
    "the secret of an encapsulation without a name": (
        "auto key = make_key(); (void)key.encapsulation_key().encapsulate().value().secret.expose();",
        deleted("expose"),
        "auto key = make_key(); const auto sent = key.encapsulation_key().encapsulate();"
        "(void)sent->secret.expose();"),
    "bytes of a copy of a public key": (
        "auto key = make_key(); (void)key.encapsulation_key().clone().value().bytes();",
        deleted("bytes"),
        "auto key = make_key(); (void)key.encapsulation_key().bytes();"),
    "bytes of a copy of a hybrid public key": (
        "auto key = make_hybrid(); (void)key.encapsulation_key().clone().value().bytes();",
        deleted("bytes"),
        "auto key = make_hybrid(); (void)key.encapsulation_key().bytes();"),
    "bytes of a client's share": (
        "(void)tls::ClientShare::generate().value().bytes();", deleted("bytes"),
        "const auto share = tls::ClientShare::generate(); (void)share->bytes();"),
    "a group of TLS that needs libcrypto, without its header": (
        "(void)tls::ClientShareOf<tls::Group::secp256r1_mlkem768>::generate();",
        "include <latchkey/tls_nist.hpp>",
        "(void)tls::ClientShareOf<tls::Group::mlkem1024>::generate();"),
    "an answer by a group of TLS that needs libcrypto, without its header": (
        "const auto server = tls::answer<tls::Group::secp384r1_mlkem1024>({}); (void)server->share;",
        "include <latchkey/tls_nist.hpp>",
        "const auto server = tls::answer<tls::Group::mlkem512>({}); (void)server->share;"),
    "the header of a stream": (
        "auto key = make_hybrid();"
        "(void)StreamSealer::create(key.encapsulation_key(), {}, {}).value().header();",
        deleted("header"),
        "auto key = make_hybrid(); auto sealer = StreamSealer::create(key.encapsulation_key(), {}, {});"
        "(void)sealer->header();"),
    "text of a recipient": (
        "auto key = make_hybrid();"
        "(void)age::write_recipient(key.encapsulation_key()).value().text();", deleted("text"),
        "auto key = make_hybrid(); const auto name = age::write_recipient(key.encapsulation_key());"
        "(void)name->text();"),
    "the bytes of a buffer, handed out of read()": (
        "auto buffer = make_buffer(); (void)buffer.read([](Bytes bytes) { return bytes; });",
        r"may not be used after read\(\)",
        "auto buffer = make_buffer(); std::vector<std::uint8_t> copy;"
        "(void)buffer.read([&](Bytes bytes) { copy.assign(bytes.begin(), bytes.end()); });"),
    "a pointer to the bytes of a buffer, handed out of write()": (
        "auto buffer = make_buffer();"
        "(void)buffer.write([](std::span<std::uint8_t> bytes) { return bytes.data(); });",
        r"may not be used after read\(\)",
        "auto buffer = make_buffer();"
        "(void)buffer.write([](std::span<std::uint8_t> bytes) { bytes[0] = 1; });"),

    # ---- What looks like a truth and is none
    "a bool in a Result": (
        "(void)Result<bool>(true);", r"Result<bool> is true",
        "if (Result<void>()) return;"),
    "a bool out of read()": (
        "auto buffer = make_buffer(); if (buffer.read([](Bytes b) { return b[0] == 1; })) return;",
        r"Result<bool> is true",
        "auto a = make_buffer(), b = make_buffer(); if (a.equals(b)) return;"),
    "the value of a comparison": (
        "auto a = make_buffer(), b = make_buffer(); if (*a.equals(b)) return;",
        r"(no match for .operator\*|indirection requires pointer operand)",
        "auto a = make_buffer(), b = make_buffer();"
        "if (const auto same = a.equals(b); !same && same.error() == Error::not_equal) return;"),

    # ---- Arguments
    "a buffer of characters as bytes": (
        "char text[16] = {}; (void)bytes(text);", deleted("bytes"),
        "const char text[] = \"orders\"; (void)bytes(text); (void)bytes(std::string_view(text));"),
    "a buffer of characters as HPKE's info": (
        "char text[16] = {}; (void)hpke::Parameters{.info = text};",
        r"(deleted .*\bInput\b|\bInput\b.* deleted function)",
        "(void)hpke::Parameters{.info = \"orders\"}; (void)hpke::Parameters{.psk = Context(32)};"),
    "a number as HPKE's info": (
        "(void)hpke::Parameters{.info = 5};", r"(to .*\bInput\b)",
        "auto key = make_key(); (void)hpke::setup_sender(key.encapsulation_key(),"
        "{.info = std::string(\"orders\")}); (void)hpke::setup_receiver(key, {}, {});"),
    "HPKE to a Result": (
        "auto key = DecapsulationKey::generate(); (void)hpke::setup_receiver(key, {}, {});",
        r"no matching function for call to .*setup_receiver",
        "auto key = DecapsulationKey::generate(); (void)hpke::setup_receiver(*key, {}, {});"),
    "HPKE with a Kem that the library does not know": (
        "auto key = make_hybrid(); (void)hpke::setup_sender<Mine>(key.encapsulation_key(), {});",
        r"HPKE for latchkey::MlKem512, MlKem768, MlKem1024, XWing, MlKem768P256",
        "auto key = make_hybrid(); (void)hpke::setup_sender<XWing>(key.encapsulation_key(), {});"),
}

# What clang sees, with LATCHKEY_LIFETIMEBOUND: a view that outlives what it points into.
DANGLING = {
    "bytes of a key that ends":
        "Bytes f() { const auto key = xwing::EncapsulationKey::parse({}); return key->bytes(); }",
    "the public half of a key that ends":
        "const EncapsulationKey& f() { const auto key = make_key();"
        " return key.encapsulation_key(); }",
    "info from a text that ends":
        "void f(const EncapsulationKey& key) { const hpke::Parameters parameters{.info = "
        "std::string(\"orders\")}; (void)hpke::setup_sender(key, parameters); }",
    "a callback that ends": "void f() { StreamSource read = [](std::span<std::uint8_t>) -> "
                            "Result<std::size_t> { return 0; }; (void)read; }",
}


def said_of(compiler, include, text, *options):
    """(Whether it compiles, what the compiler says.)"""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "case.cpp"
        file.write_text(text)
        done = subprocess.run([*compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra",
                               "-I", str(include), *options, str(file)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env=dict(os.environ, LC_ALL="C"))
    return done.returncode == 0, done.stdout


def function(number, body):
    return f'#line 1 "case {number}"\nvoid f{number}() {{ {body} }}\n'


def misuses(compiler, include):
    """Yields what is wrong with a case."""
    rights = "".join(function(i, right) for i, (_, _, right) in enumerate(CASES.values()))
    compiles, said = said_of(compiler, include, COMMON + rights, "-Werror")
    if not compiles:
        yield "what is right does not compile:\n" + said
    # All at once, but for what fails within a header, where one case can hide another.
    apart = [i for i, (_, text, _) in enumerate(CASES.values()) if "deleted" not in text]
    together = [i for i in range(len(CASES)) if i not in apart]
    for group in [together] + [[i] for i in apart]:
        wrongs = "".join(function(i, list(CASES.values())[i][0]) for i in group)
        _, said = said_of(compiler, include, COMMON + wrongs)
        for i in group:
            name, (_, expected, _) = list(CASES.items())[i]
            where = rf"^case {i}:.*error: .*" if len(group) > 1 else r"error: .*"
            if not re.search(where + expected, said, re.M):
                yield f"{name}: expected an error with {expected!r}, the compiler says:\n{said}"
    if "clang" in said_of(compiler, include, "", "--version")[1]:
        for name, text in DANGLING.items():
            _, said = said_of(compiler, include, COMMON + text)
            if not re.search(r"-W(dangling|return-stack-address)", said):
                yield f"{name}: no warning:\n{said}"


def main():
    include, *compiler = sys.argv[1:]
    found = list(misuses(compiler, include))
    print("\n".join(found) or f"{len(CASES)} misuses do not compile, and their right ways do")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
