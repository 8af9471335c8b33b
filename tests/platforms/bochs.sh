#!/bin/bash
# Runs a static x86-64 Linux program on a machine with AVX-512, which Bochs emulates:
#
#   bochs.sh PROGRAM [ARGUMENT...]
#
# Files that arguments name exist in that machine under the same names. The output, all on stdout,
# and the exit status are the program's; 77 if something needed is missing, 124 if the time is up.
#
# Environment: TIME_LIMIT, in seconds (600); KERNEL, a vmlinuz to use instead of downloading that of
# linux-image-cloud-amd64; LATCHKEY_BACKEND, which is passed on.
#
# Debian: apt-get install bochs bochs-term busybox-static isolinux syslinux-common xorriso
set -euo pipefail

boot_loader=(/usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32)
for needed in bochs busybox script xorriso "${boot_loader[@]}"; do
  [[ -r $needed || -n $(command -v "$needed") ]] || { echo "missing: $needed" >&2; exit 77; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$work/iso" "$root"/{bin,dev,proc} "$root$PWD"

if [[ -z ${KERNEL-} ]]; then
  package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends:/ { print $2; exit }')
  (cd "$work" && apt-get -qq -o APT::Sandbox::User=root download "$package" &&
    dpkg-deb -x linux-image-*.deb .) >&2 || { echo "missing: a kernel" >&2; exit 77; }
  KERNEL=$(echo "$work"/boot/vmlinuz-*)
fi

# The first process. After the program's output it writes the exit status as a line of its own, and
# waits, in the last stty, until the serial line has sent everything.
cp -L "$(command -v busybox)" "$root/bin/busybox"
cp -L "$1" "$root/bin/program"
arguments=("${@:2}")
for argument in "${arguments[@]}"; do
  if [[ -f $argument ]]; then cp -L --parents "$(realpath -s "$argument")" "$root"; fi
done
printf '%s\n' '#!/bin/busybox sh' \
  'busybox mount -t devtmpfs none /dev' \
  'busybox mount -t proc none /proc' \
  'busybox stty -opost' \
  "cd ${PWD@Q}" \
  "${LATCHKEY_BACKEND+export LATCHKEY_BACKEND=${LATCHKEY_BACKEND@Q}}" \
  "/bin/program ${arguments[*]@Q} </dev/null 2>&1" \
  'busybox printf "\nexit status %u\n" $?' \
  'busybox stty opost' \
  'busybox poweroff -f' > "$root/init"
chmod +x "$root/init"
(cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null) > "$work/iso/initrd"

# Without the options on XSAVE, Linux finds that Bochs 2.7 misreports its size, and enables no AVX.
cp "$KERNEL" "$work/iso/linux"
cp "${boot_loader[@]}" "$work/iso"
printf '%s\n' 'DEFAULT linux' 'LABEL linux' 'LINUX linux' 'INITRD initrd' \
  "APPEND console=ttyS0,115200 loglevel=0 noxsaves clearcpuid=xsavec nosmp mitigations=off nokaslr \
tsc=reliable lpj=100000 cryptomgr.notests" > "$work/iso/isolinux.cfg"
xorriso -as mkisofs -quiet -o "$work/boot.iso" -b isolinux.bin -c boot.cat -no-emul-boot \
  -boot-load-size 4 -boot-info-table "$work/iso" 2>/dev/null

printf '%s\n' 'cpu: model=corei7_skylake_x, ips=100000000' \
  'memory: guest=512, host=512' \
  'romimage: file=/usr/share/bochs/BIOS-bochs-latest' \
  'vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest' \
  "ata0-master: type=cdrom, path=$work/boot.iso, status=inserted" \
  'boot: cdrom' \
  'clock: sync=none' \
  'display_library: term' \
  'sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy' \
  'speaker: enabled=0' \
  "com1: enabled=1, mode=file, dev=$work/serial" \
  'panic: action=fatal' \
  "log: $work/log" > "$work/bochsrc"
# Debian's Bochs begins in its debugger, and wants a terminal. Its exit status says nothing.
# Each blink of the cursor goes to a second terminal that nobody reads, until the buffer is full and
# Bochs waits for ever: a VT100 cannot hide its cursor.
echo continue > "$work/debugger"
status=0
TERM=vt100 timeout -k 10 "${TIME_LIMIT:-600}" \
  script -qec "bochs -q -f $work/bochsrc -rc $work/debugger" /dev/null \
  < /dev/null > "$work/screen" 2>&1 || status=$?

touch "$work/serial"
last=$(tail -n 1 "$work/serial" | tr -d '\0')
if [[ $last =~ ^exit\ status\ ([0-9]+)$ ]]; then
  head -c -$((${#last} + 2)) "$work/serial"
  exit "${BASH_REMATCH[1]}"
fi
cat "$work/serial"
if [[ $status -eq 124 ]]; then
  echo "the time is up" >&2
  exit 124
fi
tail -n 20 "$work/screen" "$work/log" >&2
exit 1
