# For bash scripts to source: an emulated machine whose one program is ours. Debian's kernel, a RAM
# disk with the program and busybox, and the exit status by way of the serial line.

# require_tools TOOL_OR_FILE...: ends with 77 if one is missing.
require_tools() {
  local needed
  for needed in "$@"; do
    [[ -r $needed || -n $(command -v "$needed") ]] || { echo "missing: $needed" >&2; exit 77; }
  done
}

# get_kernel FOLDER: sets KERNEL, unless the environment has it.
get_kernel() {
  if [[ -n ${KERNEL-} ]]; then return; fi
  local package
  package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends:/ { print $2; exit }')
  (cd "$1" && apt-get -qq -o APT::Sandbox::User=root download "$package" &&
    dpkg-deb -x linux-image-*.deb .) >&2 || { echo "missing: a kernel" >&2; exit 77; }
  KERNEL=$(echo "$1"/boot/vmlinuz-*)
}

# make_initramfs FILE PROGRAM [ARGUMENT...]: files that arguments name are there under the same
# names, and so are the variables named LATCHKEY_*.
make_initramfs() {
  local root=$1.files argument name
  mkdir -p "$root"/{bin,dev,proc,tmp} "$root$PWD"
  cp -L "$(command -v busybox)" "$root/bin/busybox"
  ln -s busybox "$root/bin/true"
  cp -L "$2" "$root/bin/program"
  for argument in "${@:3}"; do
    if [[ -f $argument ]]; then cp -L --parents "$(realpath -s "$argument")" "$root"; fi
  done
  # The first process. After the program's output it writes the exit status as a line of its own,
  # and waits, in the last stty, until the serial line has sent everything.
  printf '%s\n' '#!/bin/busybox sh' \
    'busybox mount -t devtmpfs none /dev' \
    'busybox mount -t proc none /proc' \
    'busybox stty -opost' \
    "cd ${PWD@Q}" > "$root/init"
  for name in "${!LATCHKEY_@}"; do
    echo "export $name=${!name@Q}" >> "$root/init"
  done
  local arguments=("${@:3}")
  printf '%s\n' "/bin/program ${arguments[*]@Q} </dev/null 2>&1" \
    'busybox printf "\nexit status %u\n" $?' \
    'busybox stty opost' \
    'busybox poweroff -f' >> "$root/init"
  chmod +x "$root/init"
  (cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null) > "$1"
}

# end_as SERIAL_OUTPUT STATUS LOG...: prints the program's output, and ends with its exit status; if
# there is none, with 124 if that is the emulator's status, and else with 1 and the ends of the logs.
end_as() {
  local last
  touch "$1"
  last=$(tail -n 1 "$1" | tr -d '\0')
  if [[ $last =~ ^exit\ status\ ([0-9]+)$ ]]; then
    head -c -$((${#last} + 2)) "$1"
    exit "${BASH_REMATCH[1]}"
  fi
  cat "$1"
  if [[ $2 -eq 124 ]]; then
    echo "the time is up" >&2
    exit 124
  fi
  tail -n 20 "${@:3}" >&2
  exit 1
}
