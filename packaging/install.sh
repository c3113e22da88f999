#!/bin/sh
# Installs pyman for the one who runs it: fetches what `packaging/build` wrote, compares it, and puts the program into
# ROOT/bin by one rename. A run that fails or is stopped leaves nothing; one that was killed, nothing the next keeps.
#
#   sh install.sh [--version V] [--root DIR] [--no-setup]
#
#   PYMAN_DIST   where from: a directory, file://, https:// (http:// of this machine alone)
#   PYMAN_ROOT   where to: ROOT, else --root, else ~/.pyman
#
# For any POSIX shell (dash, busybox, bash …); wants curl or wget, and what compares SHA-256.
set -eu

# What the build was told. Without a key the digests alone are compared, and that is said.
dist='@DIST@'
key='@KEY@'
case $dist in @*) dist= ;; esac
case $key in @*) key= ;; esac
dist=${PYMAN_DIST:-$dist}

# What we write is nobody else's to write to; what the caller's own umask hides stays hidden.
umask go-w
unset CDPATH
work= beside= child= wanted= setup=yes root=${PYMAN_ROOT:-}
# As it is shown: without a password or a query.
shown=$(printf %s "$dist" | sed -e 's#//[^/@]*@#//#' -e 's/[?].*//')

fail() {
  printf 'pyman: %s\n' "$1" >&2
  shift
  for hint in "$@"; do printf 'hint: %s\n' "$hint" >&2; done
  exit "${status:-1}"
}

# Whatever ends it. The program itself, once it has its name, stays.
clear_away() {
  trap '' HUP INT TERM
  [ -z "$child" ] || kill "$child" 2>/dev/null || :
  [ -z "$beside" ] || rm -f "$beside"
  [ -n "$work" ] || return 0
  if [ -f "$work/made" ]; then
    while read -r directory; do rmdir "$directory" 2>/dev/null || :; done <"$work/made"
  fi
  rm -rf "$work"
}

# A command that a signal to this script ends at once.
run() {
  "$@" </dev/null &
  child=$!
  result=0
  wait "$child" || result=$?
  child=
  return "$result"
}

has() { command -v "$1" >/dev/null 2>&1; }

# The target whose program runs here.
platform() {
  machine=$(uname -m)
  case $(uname -s) in
    Linux) system=unknown-linux-musl ;;
    Darwin)
      system=apple-darwin
      # A translated shell is told x86_64.
      if [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" = 1 ]; then machine=arm64; fi
      ;;
    *) system= ;;
  esac
  case $machine in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) system= ;;
  esac
  if [ -z "$system" ]; then
    fail "there is no program for $(uname -s) on $(uname -m)" "with Rust here: cargo install pyman"
  fi
  triple=$machine-$system
}

refuse_address() { fail "only https:// is fetched from, and http:// of this machine: $shown"; }

# Whether an address without its http:// is of this machine, and of nobody who is merely called so.
is_here() {
  host=${1%%/*} port=
  case $host in
    "[::1]"*) port=${host#"[::1]"} host=localhost ;;
    *:*) port=:${host#*:} host=${host%%:*} ;;
  esac
  case $port in
    '') ;;
    :*[!0-9]* | [!:]*) return 1 ;;
  esac
  case $host in
    localhost) ;;
    *[!0-9.]*) return 1 ;;
    127.*) ;;
    *) return 1 ;;
  esac
}

# fetch NAME FILE: NAME below `dist`. 44: it is not there; anything else: it could not be had.
fetch() {
  case $dist in
    file://*) copy "${dist#file://}/$1" "$2" ;;
    https://*) download "${dist%/}/$1" "$2" https ;;
    http://*)
      is_here "${dist#http://}" || refuse_address
      # Not by way of another machine either.
      unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
      download "${dist%/}/$1" "$2" http
      ;;
    *://*) refuse_address ;;
    *) copy "$dist/$1" "$2" ;;
  esac
}

copy() {
  [ -e "$1" ] || return 44
  cat <"$1" >"$2"
}

# A transfer that breaks off goes on where it was, five times.
download() {
  try=0
  while :; do
    result=0
    transfer "$1" "$2" "$3" || result=$?
    case $result in
      0 | 44) return "$result" ;;
      # The server does not begin in the middle.
      33) rm -f "$2" ;;
    esac
    try=$((try + 1))
    [ "$try" -lt 5 ] || return 1
    run sleep 1 || :
  done
}

transfer() {
  # Two words or none; not quoted, therefore.
  resume=
  if has curl; then
    [ ! -s "$2" ] || resume="-C -"
    # A redirection leads to https alone.
    run curl -sS -f --proto "=$3" --proto-redir =https -L --connect-timeout 20 --speed-limit 1 --speed-time 60 \
      -w '%{http_code}' $resume -o "$2" "$1" >"$work/code" 2>"$work/said" || result=$?
    case $result:$(cat "$work/code") in
      22:404 | 22:410) return 44 ;;
      22:416 | 36:*) return 33 ;;
    esac
    return "$result"
  elif has wget; then
    once=
    # GNU's tries again by itself. Busybox has no such option, and not everywhere the other: Debian 12's dies of it.
    if wget --version >/dev/null 2>&1; then once="-t 1 -T 60"; fi
    [ ! -s "$2" ] || resume=-c
    run wget -S $once $resume -O "$2" "$1" >"$work/said" 2>&1 || result=$?
    if grep -qi '^ *location: *http:' "$work/said"; then
      rm -f "$2"
      fail "$shown leads away to an address without https"
    fi
    # Busybox without its helper speaks to anybody; the key tells whose it is, digests by the same way do not.
    if [ -z "$key" ] && grep -q 'certificate validation not implemented' "$work/said"; then
      rm -f "$2"
      fail "the wget that is here does not look at certificates: nothing was installed" "install curl, or GNU's wget"
    fi
    if [ "$result" = 0 ]; then return 0; fi
    if grep -Eq 'HTTP/[0-9.]+ (404|410)' "$work/said"; then return 44; fi
    if grep -Eq 'HTTP/[0-9.]+ 416' "$work/said"; then return 33; fi
    return 1
  fi
  fail "neither curl nor wget is here" "fetch what is at $shown otherwise, and run: PYMAN_DIST=/its/directory sh install.sh"
}

unfetched() {
  said=$(grep . "$work/said" | tail -n 1 | tr -d '[:cntrl:]' | sed 's#//[^/@]*@#//#g' | cut -c 1-200)
  status=3 fail "$1 could not be fetched from $shown${said:+ ($said)}" \
    "without a network: PYMAN_DIST=/a/directory/with/its/files sh install.sh"
}

sha256() {
  case $summer in
    sha256sum) sha256sum <"$1" ;;
    shasum) shasum -a 256 <"$1" ;;
    openssl) openssl dgst -sha256 -r <"$1" ;;
  esac | cut -d ' ' -f 1
}

# Whether SHA256SUMS is what the holder of the key signed: minisign, or what it does by means of openssl.
check_signature() {
  if [ -z "$key" ]; then
    checked="its SHA-256; no key was built into this script, so that whose it is was not checked"
    return
  fi
  status=4
  fetch "${where}SHA256SUMS.minisig" "$work/signature" || {
    [ $? = 44 ] || unfetched SHA256SUMS.minisig
    fail "SHA256SUMS is not signed, and must be: nothing was installed"
  }
  if has minisign; then
    minisign -V -q -P "$key" -m "$work/sums" -x "$work/signature" >/dev/null 2>&1 || refuse_signature
  elif has openssl && openssl pkeyutl -help 2>&1 | grep -q -e -rawin; then
    check_by_openssl || refuse_signature
  else
    fail "the signature cannot be checked here, and must be: nothing was installed" \
      "install minisign, or openssl 3"
  fi
  status=1
  checked="its SHA-256, and the signature by $key"
}

refuse_signature() { fail "the signature of SHA256SUMS is not by $key: nothing was installed"; }

# Line 2 is base64 of `ED`, the key's name (8 bytes) and Ed25519 (64) over BLAKE2b-512 of the file; line 4 is Ed25519 over
# that signature and the trusted comment. The public key is `Ed`, its name and 32 bytes.
check_by_openssl() {
  sed -n 2p "$work/signature" | openssl base64 -d -A >"$work/one" || return 1
  sed -n 4p "$work/signature" | openssl base64 -d -A >"$work/two" || return 1
  printf '%s' "$key" | openssl base64 -d -A >"$work/key" || return 1
  [ "$(wc -c <"$work/key")" -eq 42 ] && [ "$(wc -c <"$work/one")" -eq 74 ] && [ "$(wc -c <"$work/two")" -eq 64 ] || return 1
  [ "$(head -c 2 "$work/one")" = ED ] || return 1
  [ "$(head -c 10 "$work/one" | tail -c 8 | od -An -tx1)" = "$(head -c 10 "$work/key" | tail -c 8 | od -An -tx1)" ] || return 1
  # An Ed25519 key as openssl reads it is these twelve bytes before it.
  { printf '\060\052\060\005\006\003\053\145\160\003\041\000' && tail -c 32 "$work/key"; } >"$work/der"
  openssl dgst -blake2b512 -binary <"$work/sums" >"$work/hash" || return 1
  tail -c 64 "$work/one" >"$work/signed"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/der" -rawin -in "$work/hash" -sigfile "$work/signed" \
    >/dev/null 2>&1 || return 1
  { cat "$work/signed" && sed -n 3p "$work/signature" | sed 's/^trusted comment: //' | tr -d '\n'; } >"$work/comment"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/der" -rawin -in "$work/comment" -sigfile "$work/two" \
    >/dev/null 2>&1
}

# Which archive: of the version asked for, else the newest that is listed.
choose() {
  names=$(sed -n "s/^[0-9a-f]\{64\} [ *]\(pyman-[0-9][0-9A-Za-z.+-]*-$triple\.tar\.gz\)\$/\1/p" "$work/sums")
  if [ -n "$wanted" ]; then
    names=$(printf '%s\n' "$names" | grep -Fx "pyman-$wanted-$triple.tar.gz") || return 1
  fi
  archive=$(printf '%s\n' "$names" | sort -t . -k 1.7n,1 -k 2n,2 -k 3n,3 | tail -n 1)
  [ -n "$archive" ] || return 1
  version=${archive#pyman-}
  version=${version%-"$triple".tar.gz}
  digest=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$(printf %s "$archive" | sed 's/\./\\./g')\$/\1/p" "$work/sums" | head -n 1)
}

# SHA256SUMS, and in it the archive; an older version's stand in a directory of their own.
look_up() {
  where=
  fetch SHA256SUMS "$work/sums" || {
    [ $? = 44 ] || unfetched SHA256SUMS
    : >"$work/sums"
    [ -n "$wanted" ] || status=3 fail "there is no SHA256SUMS in $shown"
  }
  if [ -n "$wanted" ] && ! choose; then
    where=$wanted/
    rm -f "$work/sums"
    fetch "${where}SHA256SUMS" "$work/sums" || {
      [ $? = 44 ] || unfetched "${where}SHA256SUMS"
      status=2 fail "there is no pyman $wanted in $shown"
    }
  fi
  check_signature
  choose || status=2 fail "there is no pyman ${wanted:+$wanted }for $triple in $shown"
}

# Whether version $1 comes before $2, by its three numbers.
before() {
  [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t . -k 1n,1 -k 2n,2 -k 3n,3 | head -n 1)" = "$1" ]
}

take() {
  for again in no yes; do
    fetch "$where$archive" "$work/$archive" || unfetched "$archive"
    found=$(sha256 "$work/$archive")
    [ "$found" != "$digest" ] || return 0
    # It may have been another file's first half.
    rm -f "$work/$archive"
  done
  status=4 fail "$archive is not what SHA256SUMS says: nothing was installed" "expected $digest" "found    $found"
}

place() {
  # Ours is what we make: nothing is written through a link below the root.
  if [ -L "$root/bin" ] || [ -d "$root/bin/pyman" ]; then
    status=5 fail "$root/bin or $root/bin/pyman is not what pyman makes there" "look at it, and take it away"
  fi
  status=5
  directory=$root/bin
  while [ ! -d "$directory" ]; do
    printf '%s\n' "$directory" >>"$work/made"
    directory=$(dirname "$directory")
  done
  mkdir -p "$root/bin" 2>"$work/said" || fail "$(cat "$work/said")"
  # What a run that was killed has left.
  for left in "$root"/bin/.pyman-install.*; do
    if [ -f "$left" ] && ! kill -0 "${left##*.}" 2>/dev/null; then rm -f "$left"; fi
  done
  beside=$root/bin/.pyman-install.$$
  (cd "$work" && gzip -dc "$archive" | tar -xf - "${archive%.tar.gz}/pyman") 2>"$work/said" ||
    fail "$archive cannot be unpacked ($(tail -n 1 "$work/said"))"
  rm -f "$beside"
  (set -C && cat <"$work/${archive%.tar.gz}/pyman" >"$beside") 2>"$work/said" ||
    fail "$root/bin cannot be written to ($(tail -n 1 "$work/said"))"
  chmod +x "$beside"
  said=$(HOME=$work PYMAN_ROOT=$work/root "$beside" --version 2>"$work/said") ||
    fail "the program does not start here ($(tail -n 1 "$work/said" | cut -c 1-200))"
  replaced=
  if [ -x "$root/bin/pyman" ]; then
    replaced=$(PYMAN_ROOT=$root "$root/bin/pyman" --version 2>/dev/null | cut -d ' ' -f 2) || replaced=
  fi
  if [ -z "$wanted" ] && [ -n "$replaced" ] && before "$version" "$replaced"; then
    status=1 fail "pyman $replaced is installed, and what is offered is older: $version" \
      "to have it all the same, add: --version $version"
  fi
  mv -f "$beside" "$root/bin/pyman" 2>"$work/said" || fail "$(cat "$work/said")"
  beside= status=1
  rm -f "$work/made"
}

# Without a word of whose start-up files, those of whatever shell logs in.
settle() { PYMAN_ROOT=$root "$root/bin/pyman" setup "$@" >"$work/setup" 2>&1 </dev/null; }

set_up() {
  if [ "$setup" = no ]; then
    outcome="nothing was set up (--no-setup); to have it: $root/bin/pyman setup"
  elif settle || { [ -z "${SHELL:-}" ] && settle dash; }; then
    files=$(sed -n 's/^added to \(.*\):$/\1/p' "$work/setup" | tr '\n' ' ')
    outcome="pyman setup: ${files:+added to ${files% }}${files:-nothing was left to add}"
    [ -z "$files" ] || outcome="pyman setup: added to ${files% } (taken out again by: pyman setup --undo)"
  else
    cat "$work/setup" >&2
    fail "pyman $version is in $root/bin, but its setup did not end well" "mend that, and run: $root/bin/pyman setup"
  fi
}

# All of it is read before any of it is done: half a script that came by a pipe does nothing.
main() {
  while [ "$#" -gt 0 ]; do
    case $1 in
      --version | --root)
        [ "$#" -ge 2 ] || status=2 fail "$1 wants a value"
        case $1 in --version) wanted=$2 ;; *) root=$2 ;; esac
        shift 2
        ;;
      --version=*) wanted=${1#*=} && shift ;;
      --root=*) root=${1#*=} && shift ;;
      --no-setup) setup=no && shift ;;
      -h | --help)
        echo "usage: sh install.sh [--version V] [--root DIR] [--no-setup]   (from: ${shown:-PYMAN_DIST})"
        exit 0
        ;;
      *) status=2 fail "unexpected argument $1" "usage: sh install.sh [--version V] [--root DIR] [--no-setup]" ;;
    esac
  done

  case $wanted in
    *[!0-9A-Za-z.+-]*) status=2 fail "$wanted is no version" ;;
  esac
  if [ -z "$dist" ]; then
    status=2 fail "this script was not told where pyman is to be had" "PYMAN_DIST=https://… sh install.sh"
  fi
  if [ -z "$root" ]; then
    [ -n "${HOME:-}" ] || status=2 fail "neither HOME nor PYMAN_ROOT is set" "name a place: --root DIR"
    root=$HOME/.pyman
  fi
  case $root in
    /*) ;;
    *) root=$PWD/$root ;;
  esac
  platform
  summer=
  for tool in openssl shasum sha256sum; do
    if has "$tool"; then summer=$tool; fi
  done
  [ -n "$summer" ] || fail "nothing here computes SHA-256 (sha256sum, shasum, openssl)"
  trap clear_away EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  work=$(mktemp -d) || status=5 fail "no temporary directory can be made"
  : >"$work/said"
  look_up
  take
  place
  set_up

  echo "pyman $version ($triple), from $shown"
  echo "checked: $checked"
  echo "in its place: $root/bin/pyman${replaced:+, where $replaced was}"
  echo "$outcome"
  case $setup in
    yes) echo "next: open a new shell, and run: pyman install 3.12" ;;
    no) echo "next: $root/bin/pyman install 3.12" ;;
  esac
}

main "$@"
