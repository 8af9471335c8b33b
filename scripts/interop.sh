# What `./dev interop` exchanges keys and messages with, all of it in build-interop/: packages of npm,
# as tests/interop/package-lock.json names them, and libraries of other Debian suites from the
# mirror that the system's own sources name. The system stays as it is.

INTEROP=$ROOT/build-interop

# exchange_with_others: what is there already is used again; `./dev clean` removes it.
exchange_with_others() {
  local driver=tests/interop/interop-driver
  check "packages of npm" npm_packages || true
  check "libcrypto and openssl of Debian trixie" trixie_packages || true
  check "libcrypto, libsodium, openssl and age of Debian sid" sid_packages || true
  if check "gcc: the driver and the tool" build_with g++ build -Dtests=enabled; then
    tally "exchanges with other implementations" python3 -B "$ROOT/tests/interop/interop.py" \
      "$ROOT/build/$driver" "$INTEROP" --all
    if check "gcc: EVP's side of exchanges" build_tested g++ build provider; then
      tally "keys and ciphertexts of EVP" env "OPENSSL_MODULES=$ROOT/build/src/provider" \
        python3 -B "$ROOT/tests/provider/evp_interop.py" "$ROOT/build/tests/provider/evp-peer" \
        "$INTEROP/sid"
    fi
    tally "files of age and openssl" python3 -B "$ROOT/tests/interop/files.py" \
      "$ROOT/build/latchkey" "$INTEROP/sid" --large
  fi
}

trixie_packages() { debian_packages trixie libssl3t64 openssl; }

sid_packages() { debian_packages sid libssl3t64 libsodium26 openssl age; }

npm_packages() {
  local folder=$INTEROP/npm list=$ROOT/tests/interop
  if cmp -s "$list/package-lock.json" "$folder/installed.json"; then return; fi
  if ! command -v npm >/dev/null; then need nodejs npm; fi
  mkdir -p "$folder" && cp "$list/package.json" "$list/package-lock.json" "$folder" &&
    (cd "$folder" && quietly npm ci --ignore-scripts --no-audit --no-fund) &&
    cp "$list/package-lock.json" "$folder/installed.json"
}

# debian_packages SUITE PACKAGE...: with all that they depend on, the C library included, since
# that of the system may be too old for them.
debian_packages() {
  local suite=$1 folder=$INTEROP/$1 work=$INTEROP/apt-$1 source package
  shift
  if [[ $(cat "$folder/packages" 2>/dev/null) == "$*" ]]; then return; fi
  rm -rf "$folder"
  source=$(debian_mirror) || return 1
  rm -rf "$work"
  mkdir -p "$work"/{lists,archives}/partial "$work/unpacked"
  echo "deb $source $suite main" >"$work/sources.list"
  touch "$work/status"
  quietly apt_for "$work" update &&
    quietly apt_for "$work" --download-only --no-install-recommends -y install "$@" || return 1
  for package in "$work"/archives/*.deb; do
    dpkg-deb --extract "$package" "$work/unpacked" || return 1
  done
  echo "$*" >"$work/unpacked/packages"
  mv "$work/unpacked" "$folder" && rm -rf "$work"
}

# Where the system's packages come from, if that is Debian, with the option of its keys.
debian_mirror() {
  local keys=/usr/share/keyrings/debian-archive-keyring.gpg mirror=''
  if command -v apt-get >/dev/null; then
    mirror=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' |
      sed -n 's/^Debian \(http\)/\1/p' | sort -u | sed -n 1p)
  fi
  if [[ -z $mirror ]]; then
    say "the system's package sources name no mirror of Debian" >&2
    return 1
  fi
  echo "$([[ ! -f $keys ]] || echo "[signed-by=$keys] ")$mirror"
}

# apt_for FOLDER ARGUMENT...: apt-get with sources, lists and packages of its own.
apt_for() {
  local folder=$1
  shift
  apt-get -o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::Etc::preferences=- -o Dir::Etc::preferencesparts=- \
    -o Dir::State::lists="$folder/lists" -o Dir::State::status="$folder/status" \
    -o Dir::Cache="$folder" -o Dir::Cache::archives="$folder/archives" \
    -o Acquire::Languages=none "$@"
}
