#!/usr/bin/env bash
# Makes FOLDER/latchkey-openssl-VERSION-MACHINE.tar.gz: the OpenSSL provider for systems with OpenSSL
# 3.0 or later and glibc 2.34 or later, and what to do with it: openssl_tarball.sh FOLDER
# Then unpacks it, and uses it.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rm -rf "$1"
mkdir -p "$1"
folder=$(cd "$1" && pwd)
version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" "$ROOT/meson.build")
name=latchkey-openssl-$version-$(uname -m)

(cd "$ROOT" && meson setup -Dprovider=enabled -Dcli=disabled -Dtests=disabled -Dbench=disabled \
  -Dprefix=/usr "$folder/build" && ninja -C "$folder/build" &&
  meson install -C "$folder/build" --no-rebuild --destdir "$folder/installed") >"$folder/log" 2>&1 ||
  { cat "$folder/log" && exit 1; }
mkdir "$folder/$name"
cp "$(find "$folder/installed" -name latchkey.so)" "$folder/installed/usr/share/latchkey/openssl-latchkey.cnf" \
  "$ROOT/packaging/openssl_tarball.txt" "$ROOT/docs/tutorial-tls.md" "$ROOT/LICENSE" "$folder/$name"
mv "$folder/$name/openssl_tarball.txt" "$folder/$name/INSTALL"
# The same bytes from the same sources.
tar -C "$folder" --sort=name --owner=0 --group=0 --numeric-owner --mtime='2000-01-01 00:00Z' \
  --mode=u=rwX,go=rX -cf - "$name" | gzip -n >"$folder/$name.tar.gz"

mkdir "$folder/unpacked"
tar -C "$folder/unpacked" -xzf "$folder/$name.tar.gz"
python3 "$ROOT/tests/lint/module.py" "$folder/unpacked/$name/latchkey.so"
OPENSSL_MODULES=$folder/unpacked/$name OPENSSL_CONF=$folder/unpacked/$name/openssl-latchkey.cnf \
  openssl list -kem-algorithms | grep -q 'X25519MLKEM768 @ latchkey'
echo "$name.tar.gz: its module loads"
