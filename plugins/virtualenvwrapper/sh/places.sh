# virtualenvwrapper's functions for bash and zsh, over `pyman venv`. Added by `pyman init - bash
# --virtualenvwrapper`; evaluated with aliases off, so no command here is anybody's alias.
#
# Loading starts nothing and writes nothing. Every function reads WORKON_HOME when it is called. Conditions
# are written with `if`, so that all of it works under `set -e`; variables with `${…-}` for `set -u`; files
# with `>|` for noclobber.
#
# This file: paths, places and what must be there.

# The shell's own cd, whatever the user made of it; zsh's `-q` keeps chpwd functions out.
virtualenvwrapper_cd() {
  if [ -n "${ZSH_VERSION-}" ]; then
    builtin cd -q "$@"
  else
    builtin cd "$@"
  fi
}

# Variables and a leading `~` in $1, read as data: nothing in it is executed. Answers in REPLY, as the next.
_virtualenvwrapper_expand() {
  local tail="$1" head='' name='' after=''
  while :; do
    case $tail in
    *'$'*) ;;
    *) break ;;
    esac
    head="$head${tail%%\$*}"
    tail="${tail#*\$}"
    case $tail in
    '{'*'}'*)
      name="${tail%%\}*}"
      name="${name#?}"
      after="${tail#*\}}"
      ;;
    *)
      name="${tail%%[!A-Za-z0-9_]*}"
      after="${tail#"$name"}"
      ;;
    esac
    case $name in
    '' | [0-9]* | *[!A-Za-z0-9_]*) head="$head\$" ;;
    *)
      if eval "[ -n \"\${$name+set}\" ]"; then
        eval "head=\"\$head\$$name\""
        tail="$after"
      else
        head="$head\$"
      fi
      ;;
    esac
  done
  REPLY="$head$tail"
  case $REPLY in
  '~' | '~/'*) REPLY="${HOME-}${REPLY#?}" ;;
  '~'*)
    name="${REPLY%%/*}"
    name="${name#?}"
    case $name in
    '' | *[!A-Za-z0-9._-]*) ;;
    *)
      eval "head=~$name"
      REPLY="$head${REPLY#"~$name"}"
      ;;
    esac
    ;;
  esac
}

# $1 as an absolute path without `.`, `..` and doubled slashes; links are not followed.
_virtualenvwrapper_absolute() {
  local tail="$1" part=''
  case $tail in
  /*) ;;
  *) tail="$PWD/$tail" ;;
  esac
  REPLY=''
  while [ -n "$tail" ]; do
    part="${tail%%/*}"
    case $tail in
    */*) tail="${tail#*/}" ;;
    *) tail='' ;;
    esac
    case $part in
    '' | .) ;;
    ..) REPLY="${REPLY%/*}" ;;
    *) REPLY="$REPLY/$part" ;;
    esac
  done
  REPLY="${REPLY:-/}"
}

_virtualenvwrapper_derive_home() {
  local home="${WORKON_HOME-}" REPLY=''
  case $home in
  '') home="${HOME-}/.virtualenvs" ;;
  [/~\$]*) ;;
  *) home="${HOME-}/$home" ;;
  esac
  case $home in
  *[\$~]* | *//*)
    _virtualenvwrapper_expand "$home"
    _virtualenvwrapper_absolute "$REPLY"
    home="$REPLY"
    ;;
  esac
  export WORKON_HOME="$home"
}

virtualenvwrapper_verify_workon_home() {
  if [ -z "${WORKON_HOME-}" ]; then
    _virtualenvwrapper_derive_home
  fi
  if [ ! -d "$WORKON_HOME/" ]; then
    echo "NOTE: Virtual environments directory $WORKON_HOME does not exist. Creating..." >&2
    command mkdir -p -- "$WORKON_HOME"
  fi
}

virtualenvwrapper_verify_workon_environment() {
  if [ -z "$1" ] || [ ! -d "$WORKON_HOME/$1" ]; then
    echo "ERROR: Environment '$1' does not exist. Create it with 'mkvirtualenv $1'." >&2
    return 1
  fi
}

virtualenvwrapper_verify_active_environment() {
  if [ -z "${VIRTUAL_ENV-}" ] || [ ! -d "$VIRTUAL_ENV" ]; then
    echo "ERROR: no virtualenv active, or active virtualenv is missing" >&2
    return 1
  fi
}

virtualenvwrapper_verify_project_home() {
  if [ -z "${PROJECT_HOME-}" ]; then
    echo "ERROR: Set the PROJECT_HOME shell variable to the name of the directory where projects should be created." >&2
    return 1
  fi
  if [ ! -d "$PROJECT_HOME" ]; then
    echo "ERROR: Project directory '$PROJECT_HOME' does not exist.  Create it or set PROJECT_HOME to an existing directory." >&2
    return 1
  fi
}

# Whether $1 is a name, and not a way out of WORKON_HOME.
_virtualenvwrapper_is_name() {
  case $1 in
  '' | . | .. | -* | */*)
    echo "ERROR: '$1' is not a name for an environment." >&2
    return 1
    ;;
  esac
}

# The names of all environments, in byte order; status 1 when there is none.
virtualenvwrapper_show_workon_options() {
  virtualenvwrapper_verify_workon_home || return 1
  (
    LC_ALL=C
    set +f
    if [ -n "${ZSH_VERSION-}" ]; then
      emulate zsh
      setopt null_glob
    else
      shopt -u failglob
    fi
    found=1
    for script in "$WORKON_HOME"/*/bin/activate; do
      if [ -f "$script" ]; then
        script="${script%/bin/activate}"
        printf '%s\n' "${script##*/}"
        found=0
      fi
    done
    exit "$found"
  )
}

virtualenvwrapper_get_site_packages_dir() {
  (
    set +f
    if [ -n "${ZSH_VERSION-}" ]; then
      emulate zsh
      setopt null_glob
    else
      shopt -u failglob
    fi
    found=''
    for directory in "$VIRTUAL_ENV"/lib/python*/site-packages "$VIRTUAL_ENV"/lib/pypy*/site-packages "$VIRTUAL_ENV"/site-packages; do
      if [ -d "$directory" ]; then
        found="$found."
        answer="$directory"
      fi
    done
    if [ "$found" = . ]; then
      printf '%s\n' "$answer"
    else
      "$VIRTUAL_ENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))'
    fi
  )
}

# The version an environment says it has; no Python is started.
_virtualenvwrapper_version() {
  local line='' version=''
  if [ -f "$1/pyvenv.cfg" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in
      'version ='* | 'version_info ='*)
        if [ -z "$version" ]; then
          version="${line#*= }"
        fi
        ;;
      esac
    done <"$1/pyvenv.cfg"
  fi
  if [ -n "$version" ]; then
    printf '%s\n' "${version%.final.0}"
  fi
}

virtualenvwrapper_get_python_version() {
  local version=''
  version="$(_virtualenvwrapper_version "$VIRTUAL_ENV")"
  case $version in
  *.*.*) version="${version%.*}" ;;
  esac
  printf '%s\n' "$version"
}
