# Packages, for `dev`: what is missing is installed on Debian and its kin, and named elsewhere.

# need PACKAGE...: installs those that are missing.
need() {
  local package missing=()
  for package in "$@"; do
    installed "$package" || missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then return; fi
  if ! command -v apt-get >/dev/null; then
    die "missing, by their names in Debian: ${missing[*]}"
  fi
  say "'./dev $COMMAND' needs packages that are missing; installing ${missing[*]}"
  available "${missing[@]}" || refresh_package_lists || true
  install_packages "${missing[@]}" ||
    { refresh_package_lists && install_packages "${missing[@]}"; } ||
    die "could not install ${missing[*]}"
}

# need_if_available PACKAGE: fails, and says so, where the system does not have it.
need_if_available() {
  if ! installed "$1" && command -v apt-get >/dev/null && ! available "$1"; then
    refresh_package_lists || true
    if ! available "$1"; then
      say "skipped: this system has no package $1"
      return 1
    fi
  fi
  need "$1"
}

installed() {
  if command -v dpkg-query >/dev/null; then
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
    return
  fi
  case $1 in
    ninja-build) command -v ninja ;;
    libssl-dev) pkg-config --exists libcrypto ;;
    libbenchmark-dev) pkg-config --exists benchmark ;;
    util-linux) command -v taskset ;;
    catch2) pkg-config --exists catch2 || pkg-config --exists catch2-with-main ;;
    *) command -v "$1" ;;
  esac >/dev/null 2>&1
}

# available PACKAGE...: whether the package lists have them all.
available() {
  local package
  for package in "$@"; do
    # No pipe into grep -q: it would end apt-cache early, which counts as a failure.
    [[ $(apt-cache policy "$package") == *'Candidate: '[^\(]* ]] || return 1
  done
}

refresh_package_lists() { quietly as_root apt-get update; }

install_packages() {
  quietly as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "$@" </dev/null
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "not root, and no sudo: cannot run $*"
  fi
}
