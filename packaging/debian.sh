#!/usr/bin/env bash
# Builds the Debian packages into FOLDER, asks lintian, and uses what is in them: debian.sh FOLDER
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rm -rf "$1"
mkdir -p "$1/source"
folder=$(cd "$1" && pwd)
cd "$ROOT"
git ls-files -z --cached --others --exclude-standard |
  xargs -0 cp -P --parents --target-directory="$folder/source"

version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
changelog=$(dpkg-parsechangelog -l debian/changelog -S Version)
[[ $version == "$changelog" ]] ||
  { echo "debian.sh: debian/changelog is of $changelog, meson.build of $version" >&2 && exit 1; }

(cd "$folder/source" && dpkg-buildpackage --no-sign --build=binary) >"$folder/log" 2>&1 ||
  { cat "$folder/log" && exit 1; }
lintian --allow-root --fail-on error,warning "$folder"/*.changes

for package in liblatchkey0.1 liblatchkey-dev latchkey latchkey-openssl; do
  dpkg-deb -x "$folder/$package"_*.deb "$folder/root"
done
root=$folder/root
"$root/usr/bin/latchkey" selftest
python3 "$ROOT/tests/lint/hardening.py" --distribution "$root/usr/bin/latchkey" \
  "$(find "$root" -type f -name 'liblatchkey.so.0.*')" "$(find "$root" -type f -name 'liblatchkey-seal.so.0.*')"
module=$(find "$root" -name latchkey.so)
python3 "$ROOT/tests/lint/module.py" "$module"
python3 "$ROOT/tests/lint/hardening.py" --distribution "$module"
OPENSSL_MODULES=$(dirname "$module") OPENSSL_CONF=$root/usr/share/latchkey/openssl-latchkey.cnf \
  openssl list -kem-algorithms | grep -q 'X25519MLKEM768 @ latchkey'
libraries=$(dirname "$(find "$root" -name liblatchkey.so.0.1)")
cp -r "$ROOT/examples/consumers" "$folder/consumers"
export PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_PATH=$libraries/pkgconfig
make -C "$folder/consumers" all
for program in exchange sealed; do LD_LIBRARY_PATH=$libraries "$folder/consumers/$program"; done
