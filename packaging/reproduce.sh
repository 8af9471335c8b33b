#!/usr/bin/env bash
# Builds and installs twice, in folders of different names: every installed file has to have the
# same bytes. CXX picks the compiler.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build FOLDER: from a copy of the sources below FOLDER, installed to FOLDER/root.
build() {
  local folder=$1
  mkdir -p "$folder/source" &&
    (cd "$ROOT" && git ls-files -z --cached --others --exclude-standard |
      xargs -0 cp -P --parents --target-directory="$folder/source") &&
    meson setup -Ddefault_library=both -Dtests=disabled -Dbench=disabled \
      "$folder/build" "$folder/source" &&
    ninja -C "$folder/build" &&
    meson install -C "$folder/build" --no-rebuild --destdir "$folder/root"
}

for folder in "$work/one" "$work/another/of/more/letters"; do
  build "$folder" >"$work/log" 2>&1 || { cat "$work/log" && exit 1; }
done
diff -r "$work/one/root" "$work/another/of/more/letters/root"
find "$work/one/root" -type f | wc -l | sed 's/$/ files, the same bytes/'
