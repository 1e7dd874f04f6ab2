#!/bin/sh
# Installs mellamo, or upgrades it in place, from a release: a folder, or the URL of one. See usage below.
# Whatever fails is told in one line, ends it with 1, and leaves what was there before.
set -eu
umask 022

usage() {
  cat <<'END'
Usage: install.sh [--from FOLDER|URL] [--version V] [--dir D]

  --from FOLDER|URL  the release: where its SHA256SUMS is (else the folder of this script)
  --version V        which one, where the release has several
  --dir D            where mellamo goes (else /usr/local/bin for root, ~/.local/bin for others)
  --help             this text

It takes the archive for this machine, verifies its checksum, and puts the program in place at once. Where D ends
with /bin, completions of shells go to the folder "share" beside it. A service that systemd runs is told to restart.
END
}

# Nobody may be listening any more, as behind "| head -1": what is left to do is done all the same.
say() {
  printf '%s\n' "$1" 2>/dev/null || exec >/dev/null
}

# Without the password that a URL may hold.
fail() {
  printf 'install.sh: %s\n' "$(plain "$1" | sed 's|://[^/]*@|://***@|g')" >&2 || true
  exit 1
}

# Without the characters that a terminal obeys.
plain() {
  printf '%s' "$1" | LC_ALL=C tr -d '\000-\037\177'
}

first_line() {
  plain "$(printf '%s\n' "$1" | sed -n 1p)"
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# As a shell would have to be told it.
shown() {
  case $1 in
    *[!A-Za-z0-9_./+:@%=-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf '%s' "$1" ;;
  esac
}

# The last line of what a program has said, behind a colon.
last_words() {
  last=$(printf '%s\n' "$1" | tail -n 1)
  printf '%s' "${last:+: $last}"
}

is_url() {
  case $1 in
    http://* | https://*) return 0 ;;
    *) return 1 ;;
  esac
}

# The name that archives have for this machine.
target_of_machine() {
  system=$(uname -s)
  machine=$(uname -m)
  case $system in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    MINGW* | MSYS* | CYGWIN* | Windows*)
      fail "on Windows unpack mellamo-VERSION-windows-x64.tar.gz by hand, there is no more to it" ;;
    *) fail "there is no mellamo for $system" ;;
  esac
  case $machine in
    x86_64 | amd64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) fail "there is no mellamo for $machine, only for x86_64 and arm64" ;;
  esac
  # a program that is translated is told of the processor that it was made for
  if [ "$os" = darwin ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" = 1 ]; then arch=arm64; fi
  if [ "$os" = linux ] && [ "$(getconf LONG_BIT 2>/dev/null)" = 32 ]; then
    fail "there is no mellamo for a system of 32 bits, as this one is on its $machine"
  fi
  target=$os-$arch
  if [ "$os" = linux ] && uses_musl; then target=$target-musl; fi
}

# Some have both C libraries: what counts is the one that the system's own programs use.
uses_musl() {
  case $(ldd --version 2>&1) in
    *musl*) return 0 ;;
    *GLIBC* | *"GNU libc"* | *"Free Software"*) return 1 ;;
  esac
  for loader in /lib/ld-musl-*; do
    if [ -e "$loader" ]; then return 0; fi
  done
  return 1
}

# Copies a file of the release to $2. A server that says nothing for half a minute is given up.
fetch() {
  if ! is_url "$from"; then
    if [ ! -f "$from/$1" ]; then fail "there is no $1 in $from"; fi
    said=$(cp "$from/$1" "$2" 2>&1) || fail "cannot read $from/$1$(last_words "$said")"
  elif has curl; then
    said=$(curl -fsSL --connect-timeout 20 --speed-limit 1000 --speed-time 30 -o "$2" "$from/$1" 2>&1) || fail "cannot download $from/$1$(last_words "$said")"
  elif has wget; then
    said=$(wget -q -T 30 -O "$2" "$from/$1" 2>&1) || fail "cannot download $from/$1$(last_words "$said")"
  else
    fail "cannot download $from/$1: there is neither curl nor wget here"
  fi
}

# Sets version, archive and checksum to those of this machine's archive.
choose_archive() {
  tr -d '\r' <"$work/SHA256SUMS" >"$work/sums"
  found=
  versions=
  while read -r sum name || [ -n "${name:-}" ]; do
    name=${name#\*}
    one=${name#mellamo-}
    one=${one%"-$target.tar.gz"}
    if [ "$name" != "mellamo-$one-$target.tar.gz" ]; then continue; fi
    if [ -n "$version" ] && [ "$version" != "$one" ]; then continue; fi
    case ", $versions, " in
      *", $one, "*) continue ;;
    esac
    versions="${versions:+$versions, }$one"
    found=$one
    archive=$name
    checksum=$(printf '%s' "$sum" | tr A-F a-f)
  done <"$work/sums"
  case $versions in
    '') fail "$from has no mellamo${version:+ $version} for $target in its SHA256SUMS" ;;
    *,*) fail "$from has several versions: say which of $versions with --version" ;;
  esac
  version=$found
  case $version in
    *[!A-Za-z0-9.+~-]*) fail "\"$version\" is no version" ;;
  esac
}

checksum_of() {
  if has sha256sum; then
    sum=$(sha256sum <"$1")
  elif has shasum; then
    sum=$(shasum -a 256 <"$1")
  else
    fail "cannot verify the archive: there is neither sha256sum nor shasum here"
  fi
  sum=${sum%% *}
}

verify() {
  checksum_of "$work/archive"
  if [ "$sum" != "$checksum" ]; then
    fail "the checksum of $archive is not the one in SHA256SUMS: it is damaged, or not what it should be"
  fi
}

# Puts the program beside its place, and in its place once it has been seen to run: nobody finds half of it, and one that
# is running keeps the file that it was started from.
put_in_place() {
  if [ ! -d "$dir" ]; then
    made=$dir
    while [ -n "${made%/*}" ] && [ ! -d "${made%/*}" ]; do made=${made%/*}; done
    said=$(mkdir -p "$dir" 2>&1) || fail "cannot make $dir$(last_words "$said")"
  fi
  if [ -d "$program" ]; then fail "$program is a folder"; fi
  before=
  if [ -x "$program" ]; then
    before=$("$program" --version 2>/dev/null </dev/null) || before="mellamo"
    before=$(first_line "$before")
  fi
  staged=$dir/.mellamo.new.$$
  said=$(cp "$work/$folder/mellamo" "$staged" 2>&1) || fail "cannot write to $dir$(last_words "$said")"
  chmod 755 "$staged" || fail "cannot write to $dir"
  now=$("$staged" --version 2>&1 </dev/null) || fail "this mellamo does not run on this machine$(last_words "$now")"
  now=$(first_line "$now")
  said=$(mv -f "$staged" "$program" 2>&1) || fail "cannot write to $dir$(last_words "$said")"
  staged=
  made=
}

# Where PREFIX/bin has the program, shells look for completions below PREFIX/share.
add_completions() {
  case $dir in
    */bin) share=${dir%/bin}/share ;;
    *) return 0 ;;
  esac
  add_completion bash mellamo.bash "$share/bash-completion/completions/mellamo"
  add_completion zsh _mellamo "$share/zsh/site-functions/_mellamo"
  add_completion fish mellamo.fish "$share/fish/vendor_completions.d/mellamo.fish"
}

add_completion() {
  if ! has "$1" || [ ! -f "$work/$folder/completions/$2" ]; then return 0; fi
  # zsh takes every file there for a completion whose name begins with "_"
  staged=${3%/*}/.${3##*/}.new.$$
  # the program is there without them, too
  { mkdir -p "${3%/*}" && cp "$work/$folder/completions/$2" "$staged" && mv -f "$staged" "$3"; } 2>/dev/null ||
    say "No completions for $1: cannot write $3"
  rm -f "$staged" 2>/dev/null || true
  staged=
}

# What is to be typed for it: sudo does not look where the PATH of a user does.
service_install() {
  if [ "$(id -u)" != 0 ]; then printf 'sudo '; fi
  printf '%s service install' "$(shown "$program")"
}

# A unit that runs what was just replaced. It lets running requests finish.
restart_service() {
  if ! has systemctl || ! systemctl is-active --quiet mellamo.service 2>/dev/null; then return 0; fi
  case $(systemctl show --property=ExecStart mellamo.service 2>/dev/null) in
    *"path=$program ;"*) ;;
    *)
      say "The service runs another mellamo. To have it run this one: $(service_install)"
      return 0
      ;;
  esac
  if [ "$(id -u)" != 0 ]; then
    say 'The service runs the old version until it is restarted: sudo systemctl try-restart mellamo'
  elif said=$(systemctl try-restart mellamo.service 2>&1); then
    restarted=yes
    say 'The service has been told to restart.'
  else
    fail "$now is installed, but its service does not restart$(last_words "$said")"
  fi
}

say_next() {
  typed=$(shown "$program")
  case ":$PATH:" in
    *":$dir:"*)
      first=$(command -v mellamo || true)
      if [ "$first" = "$program" ]; then
        typed=mellamo
      elif [ -n "$first" ]; then
        say "In your PATH another one goes before it: $first"
      fi
      ;;
    *)
      # for the user's shell to put its own PATH in
      say "$dir is not in your PATH. To have it there: export PATH=$(shown "$dir"):\"\$PATH\""
      ;;
  esac
  if [ -n "$before" ]; then
    if [ -z "$restarted" ]; then say 'One that runs goes on as it is until it is started anew.'; fi
    return 0
  fi
  say "
What to do next:
  $typed init  write a configuration from the engines that run here
  $typed       serve what they have, under the names you choose"
  if [ "$os" = linux ] && has systemctl; then say "  $(service_install)  keep it running, by systemd"; fi
}

# Of the folders on the way to the program, those go that were made for it: "made" is the first of them.
clean_up() {
  if [ -n "$staged" ]; then rm -f "$staged"; fi
  if [ -n "$made" ]; then
    folder=$dir
    while
      rmdir "$folder" 2>/dev/null
      [ "$folder" != "$made" ]
    do folder=${folder%/*}; done
  fi
  if [ -n "$work" ]; then rm -rf "$work"; fi
}

# With the home folder for "~", which shells do not put in behind "=".
# shellcheck disable=SC2088
expanded() {
  case $1 in
    "~" | "~/"*) printf '%s' "${HOME:-}${1#"~"}" ;;
    *) printf '%s' "$1" ;;
  esac
}

read_arguments() {
  from=
  version=
  dir=
  while [ $# -gt 0 ]; do
    option=${1%%=*}
    case $1 in
      --help | -h)
        usage
        exit 0
        ;;
      --*=*) value=${1#*=} ;;
      --*)
        value=${2:-}
        if [ $# -gt 1 ]; then shift; fi
        ;;
      *) fail "unknown argument \"$1\", see --help" ;;
    esac
    shift
    case $option in
      --from) from=$(expanded "$value") ;;
      --version) version=${value#v} ;;
      --dir) dir=$(expanded "$value") ;;
      *) fail "unknown option \"$option\", see --help" ;;
    esac
    if [ -z "$value" ]; then fail "$option needs a value"; fi
  done
}

settle_places() {
  if [ -z "$from" ]; then
    case $0 in
      */*) from=${0%/*}/ ;;
      *) from=. ;;
    esac
    if [ ! -f "$from/SHA256SUMS" ]; then fail "there is no release beside this script: say where one is with --from"; fi
  fi
  if is_url "$from"; then
    from=${from%/}
  else
    if [ ! -d "$from" ]; then fail "there is no folder $from"; fi
    from=$(CDPATH='' cd -- "$from" && pwd)
  fi
  if [ -z "$dir" ] && [ "$(id -u)" = 0 ]; then
    dir=/usr/local/bin
  elif [ -z "$dir" ]; then
    if [ -z "${HOME:-}" ]; then fail "there is no home folder: say where mellamo goes with --dir"; fi
    dir=$HOME/.local/bin
  fi
  case $dir in
    /*) ;;
    *) dir=$PWD/$dir ;;
  esac
  if [ "$dir" != / ]; then dir=${dir%/}; fi
  program=${dir%/}/mellamo
}

main() {
  work=
  staged=
  made=
  restarted=
  read_arguments "$@"
  settle_places
  target_of_machine
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 131' QUIT
  trap : PIPE
  trap 'exit 143' TERM
  work=$(mktemp -d 2>/dev/null) || fail "cannot make a temporary folder in ${TMPDIR:-/tmp}"

  fetch SHA256SUMS "$work/SHA256SUMS"
  choose_archive
  folder=${archive%.tar.gz}
  fetch "$archive" "$work/archive"
  verify
  said=$(tar -xzf "$work/archive" -C "$work" 2>&1) || fail "cannot unpack $archive$(last_words "$said")"
  if [ ! -f "$work/$folder/mellamo" ]; then fail "there is no mellamo in $archive"; fi
  put_in_place
  if [ -z "$before" ]; then
    say "Installed $now as $program"
  else
    say "Upgraded $program: $now, was $before"
  fi
  add_completions
  restart_service
  say_next
}

# all of it has been read before any of it is done: half a download does nothing
main "$@"
