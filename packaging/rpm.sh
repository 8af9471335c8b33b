#!/usr/bin/env bash
# Builds the RPM package of the OpenSSL provider into FOLDER, and uses what is in it: rpm.sh FOLDER
# Debian's rpmbuild can do it, too; what Debian's own packages bring, it does not know.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rm -rf "$1"
mkdir -p "$1/unpacked"
folder=$(cd "$1" && pwd)

version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" "$ROOT/meson.build")
grep -qx "Version: $version" "$ROOT/packaging/latchkey-openssl.spec" ||
  { echo "rpm.sh: latchkey-openssl.spec is not of version $version, as meson.build is" >&2 && exit 1; }

rpmbuild -bb --nodeps --define "_topdir $folder" --define "sources $ROOT" \
  "$ROOT/packaging/latchkey-openssl.spec" >"$folder/log" 2>&1 || { cat "$folder/log" && exit 1; }
package=$(find "$folder/RPMS" -name 'latchkey-openssl-*.rpm')
rpm2archive - <"$package" | tar -C "$folder/unpacked" -xz

module=$(find "$folder/unpacked" -name latchkey.so)
python3 "$ROOT/tests/lint/module.py" "$module"
OPENSSL_MODULES=$(dirname "$module") OPENSSL_CONF=$folder/unpacked/usr/share/latchkey/openssl-latchkey.cnf \
  openssl list -kem-algorithms | grep -q 'X25519MLKEM768 @ latchkey'
echo "$(basename "$package"): its module loads"
