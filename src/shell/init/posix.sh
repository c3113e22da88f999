# What any POSIX shell understands: all there is for dash, the common part for ksh, and what the `sh-`
# commands print for bash and zsh too.

#: push
_pyman_shims=@shims@
_pyman_path=":${PATH-}:"
while :; do
  case $_pyman_path in
  *":$_pyman_shims:"*) _pyman_path="${_pyman_path%%":$_pyman_shims:"*}:${_pyman_path#*":$_pyman_shims:"}" ;;
  *) break ;;
  esac
done
_pyman_path="${_pyman_path#:}"
_pyman_path="${_pyman_path%:}"
PATH="$_pyman_shims${_pyman_path:+:$_pyman_path}"
\export PATH
\unset _pyman_shims _pyman_path

#: keep
_pyman_shims=@shims@
case ":${PATH-}:" in
*":$_pyman_shims:"*) ;;
*) PATH="$_pyman_shims${PATH:+:$PATH}" ;;
esac
\export PATH
\unset _pyman_shims

#: last
_pyman_last=@last@
case ":${PATH-}:" in
*":$_pyman_last:"*) ;;
*) PATH="${PATH:+$PATH:}$_pyman_last" ;;
esac
\unset _pyman_last

#: root
PYMAN_ROOT=@root@
\export PYMAN_ROOT

#: pyenv
PYENV_ROOT=@root@
\export PYENV_ROOT

#: shell
PYMAN_SHELL=@shell@
\export PYMAN_SHELL
# An alias of that name would be what gets defined.
\unalias pyman 2>/dev/null || :
pyman() {
  case "${2-}" in
  -h | --help) ;;
  *)
    if _pyman_acts "${1-}"; then
      # Status 1: what there is to say has been said, in the code too where it is to fail.
      \eval "$(@pyman@ "sh-$@" || \test $? -eq 1 || { \echo; \echo false; })"
      return
    fi
    ;;
  esac
  @pyman@ "$@"
}
_pyman_acts() {
  case $1 in
  activate | deactivate | rehash | setdefault | shell) \return 0 ;;
  '' | -* | */*) \return 1 ;;
  esac
  \command -v "pyman-sh-$1" >/dev/null && \return 0
  for _pyman_plugin in @plugins@/*/bin/"pyman-sh-$1"; do
    \test -x "$_pyman_plugin" && \return 0
  done
  \return 1
}
# Under a name of its own, since the user may have a function or an alias called conda. It is not removed while
# it runs: ksh93 would take away the one that the script defines.
_pyman_conda() {
  _pyman_prefix="$(@pyman@ which conda 2>/dev/null)" || _pyman_prefix=
  _pyman_prefix="${_pyman_prefix%/bin/conda}"
  if \test -z "${_pyman_sourced-}" && \test -n "$_pyman_prefix" && \test -r "$_pyman_prefix/etc/profile.d/conda.sh"; then
    _pyman_sourced=1
    \. "$_pyman_prefix/etc/profile.d/conda.sh"
    \eval 'conda "$@"'
  else
    \command conda "$@"
  fi
}
\alias conda >/dev/null 2>&1 || \typeset -f conda >/dev/null 2>&1 || \eval 'conda() { _pyman_conda "$@"; }'

# Who types pyenv's name means the function too: `pyenv shell` and `pyenv activate` act on this shell.
#: pyenv-function
\unalias pyenv 2>/dev/null || :
\eval 'pyenv() { pyman "$@"; }'

#: show-version
echo "$PYMAN_VERSION"

#: show-pyenv
echo "$PYENV_VERSION"

#: unset-pyenv
unset PYENV_VERSION

#: set-version
PYMAN_VERSION_OLD="${PYMAN_VERSION-}"
export PYMAN_VERSION=@value@

#: unset-version
PYMAN_VERSION_OLD="${PYMAN_VERSION-}"
unset PYMAN_VERSION

#: swap-version
if [ -n "${PYMAN_VERSION_OLD+x}" ]; then
  if [ -n "$PYMAN_VERSION_OLD" ]; then
    PYMAN_VERSION_OLD_="${PYMAN_VERSION-}"
    export PYMAN_VERSION="$PYMAN_VERSION_OLD"
    PYMAN_VERSION_OLD="$PYMAN_VERSION_OLD_"
    unset PYMAN_VERSION_OLD_
  else
    PYMAN_VERSION_OLD="${PYMAN_VERSION-}"
    unset PYMAN_VERSION
  fi
else
  echo "pyman: PYMAN_VERSION_OLD is not set" >&2
  false
fi

#: rehash
@pyman@ rehash
hash -r 2>/dev/null || true

#: fail
false
