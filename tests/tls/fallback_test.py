#!/usr/bin/env python3
"""Where the provider cannot be loaded, TLS is classical and nothing else fails:
fallback_test.py MODULE-FOLDER [UNITTEST-OPTION...]

With the configuration as it is shipped, and s_server and s_client as servers and clients.
"""

import shutil
import sys
import unittest

import limits
import refusing
import wire
from openssl_programs import OpenSsl, only
from place import Place

SKIP = 77
E_MACHINE, EM_AARCH64 = 18, 183  # of the ELF header


def setUpModule():
    global openssl, place, shipped
    openssl = OpenSsl()
    place = Place(MODULES)
    shipped = place.configuration("shipped.cnf")


def tearDownModule():
    place.__exit__()


class Fallback(unittest.TestCase):
    def assert_group(self, group, *, configuration=None, each=False, **options):
        """Server and client are as `options` say; if `each`, one of them alone is so, too."""
        configuration = configuration or shipped
        sides = ((options, {}), ({}, options)) if each else ()
        for server, client in ((options, options), *sides):
            with self.subTest(server=server, client=client):
                conf = [configuration if side else shipped for side in (server, client)]
                with openssl.serve(place, conf[0], **server) as running, \
                        wire.Proxy(running.port) as proxy:
                    text, came = openssl.fetch(place, proxy.port, conf[1], **client)
                    self.assertTrue(came, text)
                    self.assertEqual(only(proxy).group, group)

    def modules(self, name, content):
        folder = place.path(name)
        folder.mkdir()
        if content is not None:
            (folder / "latchkey.so").write_bytes(content)
        return folder

    def test_it_is_there_otherwise(self):
        self.assert_group("X25519MLKEM768", modules=place.modules)

    def test_a_module_that_was_removed(self):
        self.assert_group("X25519", modules=self.modules("removed", None), each=True)

    def test_a_module_that_was_renamed(self):
        folder = self.modules("renamed", None)
        shutil.copy(place.modules / "latchkey.so", folder / "latchkey.so.old")
        self.assert_group("X25519", modules=folder)

    def test_a_module_of_another_architecture(self):
        module = bytearray((place.modules / "latchkey.so").read_bytes())
        module[E_MACHINE:E_MACHINE + 2] = EM_AARCH64.to_bytes(2, "little")
        self.assert_group("X25519", modules=self.modules("architecture", module))

    def test_a_module_that_is_no_elf_file(self):
        self.assert_group("X25519", modules=self.modules("text", b"no module\n"))

    def test_no_locked_memory_at_all(self):
        self.assert_group("X25519", before=limits.locked_memory(0), each=True)

    def test_no_locked_memory_and_best_effort(self):
        self.assert_group("X25519MLKEM768", before=limits.locked_memory(0),
                          configuration=place.configuration("effort.cnf",
                                                            section="memory = best_effort"))

    @unittest.skipUnless(refusing.usable, "the filter is for x86-64")
    def test_a_seccomp_filter_that_refuses_locked_memory(self):
        self.assert_group("X25519", before=limits.no_locked_memory_by_seccomp())

    def test_a_mistake_in_the_section(self):
        for line in ("groups = X25519MLKEM786", "memory = much", "tls = maybe"):
            mistaken = place.configuration("mistaken.cnf", section=line)
            self.assert_group("X25519", modules=place.modules, configuration=mistaken)

    def test_a_line_in_openssl_cnf_that_stayed_when_the_package_went(self):
        left = place.write("left.cnf", ".include /etc/ssl/openssl.cnf\n"
                           f".include {place.path('gone.cnf')}\n")
        self.assert_group("X25519", modules=place.modules, configuration=left)


if __name__ == "__main__":
    MODULES = sys.argv.pop(1)
    if shutil.which("openssl") is None or OpenSsl().has_native_groups():
        print("needs the command openssl, of OpenSSL 3.0 to 3.4")
        sys.exit(SKIP)
    unittest.main()
