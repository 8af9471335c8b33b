#!/usr/bin/env bash
# A new user's first session, of newcomer.txt, in a fresh Debian: newcomer.sh FOLDER, where debian.sh
# left the packages. As root, which debootstrap and chroot ask for. With --write, newcomer.txt becomes
# what was seen.
set -euo pipefail

session=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/newcomer.txt
folder=$(realpath "$1")
root=$folder/fresh
debootstrap --variant=minbase bookworm "$root" >"$folder/debootstrap.log" ||
  { tail -n 5 "$folder/debootstrap.log" && exit 1; }
cp "$folder"/{liblatchkey0.1,latchkey}_*.deb "$root/tmp"
chroot "$root" sh -ec 'apt-get install -y /tmp/*.deb && useradd -m alice' >"$folder/apt.log" 2>&1 ||
  { tail -n 5 "$folder/apt.log" && exit 1; }

# Each command as it would be in a shell, with its exit status where it is not 0.
cat >"$root/tmp/type" <<'TYPE'
mkdir first && cd first || exit
while IFS= read -r line <&3; do
  case $line in
    '$ '*) ;;
    '' | '#'*) echo "$line" && continue ;;
    *) continue ;;
  esac
  echo "$line"
  eval "${line#'$ '}" 2>&1 || echo "[exit status $?]"
done 3<"$1"
TYPE
{
  sed '/^$/q' "$session"
  sed '1,/^$/d' "$session" >"$root/tmp/session"
  ulimit -l 8192 # KiB, as systemd has it for those who log in
  chroot --userspec=alice:alice "$root" env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 \
    bash -o pipefail -c 'cd ~alice && . /tmp/type /tmp/session' </dev/null
} >"$folder/newcomer.txt"
if [[ ${2-} == --write ]]; then cp "$folder/newcomer.txt" "$session"; fi
diff "$session" "$folder/newcomer.txt"
