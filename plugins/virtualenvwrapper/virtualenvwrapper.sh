# virtualenvwrapper's functions for bash and zsh, over `pyman venv`. Added by `pyman init - bash
# --virtualenvwrapper`; evaluated with aliases off, so no command here is anybody's alias.
#
# Loading starts nothing and writes nothing. Every function reads WORKON_HOME when it is called. Conditions
# are written with `if`, so that all of it works under `set -e`; variables with `${…-}` for `set -u`; files
# with `>|` for noclobber.

# --- Small things ------------------------------------------------------------------------------------------

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

# The names of all environments, in byte order.
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
    for script in "$WORKON_HOME"/*/bin/activate; do
      if [ -f "$script" ]; then
        script="${script%/bin/activate}"
        printf '%s\n' "${script##*/}"
      fi
    done
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
    found=0
    for directory in "$VIRTUAL_ENV"/lib/python*/site-packages "$VIRTUAL_ENV"/lib/pypy*/site-packages "$VIRTUAL_ENV"/site-packages; do
      if [ -d "$directory" ]; then
        found=$((found + 1))
        answer="$directory"
      fi
    done
    if [ "$found" = 1 ]; then
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

# --- Hooks -------------------------------------------------------------------------------------------------

# Runs hook $1 with the other arguments, in WORKON_HOME, if it may be executed.
_virtualenvwrapper_run() {
  if [ -f "$1" ] && [ -x "$1" ]; then
    (virtualenvwrapper_cd "$WORKON_HOME" && "$@") || :
  fi
}

_virtualenvwrapper_run_global() {
  local hook="$1"
  shift
  _virtualenvwrapper_run "${VIRTUALENVWRAPPER_HOOK_DIR:-$WORKON_HOME}/$hook" "$@"
}

_virtualenvwrapper_source() {
  if [ -f "$1" ] && [ -r "$1" ]; then
    builtin source "$1" || :
  fi
}

_virtualenvwrapper_source_global() {
  _virtualenvwrapper_source "${VIRTUALENVWRAPPER_HOOK_DIR:-$WORKON_HOME}/$1"
}

# The project directory of environment $1, in REPLY; empty when it has none.
_virtualenvwrapper_project() {
  REPLY=''
  if [ -f "$1/${VIRTUALENVWRAPPER_PROJECT_FILENAME:-.project}" ]; then
    IFS= read -r REPLY <"$1/${VIRTUALENVWRAPPER_PROJECT_FILENAME:-.project}" || :
  fi
}

# --- Making and removing -----------------------------------------------------------------------------------

_virtualenvwrapper_mkvirtualenv_help() {
  echo "Usage: mkvirtualenv [-a project_path] [-i package] [-r requirements_file] [-p python_interpreter] [options] env_name"
  echo
  echo "  -a project_path        the directory of the project it belongs to"
  echo "  -i package             install a package into it; may be repeated"
  echo "  -r requirements_file   install what a requirements file lists"
  echo "  -p, --python=version   3.12, python2.7, >=3.10 or a path; else the selected version"
  echo
  echo "Other options are those of:"
  echo
  pyman venv create --help
}

mkvirtualenv() {
  local REPLY='' word='' name='' project='' requirements='' python='' status_=0
  local -a others packages extra
  others=()
  packages=()
  extra=()
  while [ "$#" -gt 0 ]; do
    case $1 in
    -h | --help)
      _virtualenvwrapper_mkvirtualenv_help
      return
      ;;
    -a | -i | -r | -p | --python)
      if [ "$#" -lt 2 ]; then
        echo "mkvirtualenv: $1 needs a value" >&2
        return 2
      fi
      case $1 in
      -a)
        if [ ! -d "$2" ]; then
          echo "Cannot associate project with $2, it is not a directory" >&2
          return 1
        fi
        _virtualenvwrapper_absolute "$2"
        project="$REPLY"
        ;;
      -i) packages+=("$2") ;;
      -r)
        _virtualenvwrapper_expand "$2"
        _virtualenvwrapper_absolute "$REPLY"
        requirements="$REPLY"
        ;;
      *) python="$2" ;;
      esac
      shift
      ;;
    --python=*) python="${1#*=}" ;;
    *) others+=("$1") ;;
    esac
    shift
  done
  for word in ${others[@]+"${others[@]}"}; do
    case $word in
    -*) extra+=("$word") ;;
    *)
      if [ -n "$name" ]; then
        extra+=("$name")
      fi
      name="$word"
      ;;
    esac
  done
  if [ -z "$name" ]; then
    echo "mkvirtualenv: the name of the environment is missing; see mkvirtualenv --help" >&2
    return 2
  fi
  _virtualenvwrapper_is_name "$name" || return 2
  virtualenvwrapper_verify_workon_home || return 1
  if [ -n "$python" ] || [ ! -f "$WORKON_HOME/$name/bin/activate" ]; then
    _virtualenvwrapper_create "$name" "$python" ${extra[@]+"${extra[@]}"} || return "$?"
  fi
  _virtualenvwrapper_run_global premkvirtualenv "$name"
  if [ -n "$project" ]; then
    setvirtualenvproject "$WORKON_HOME/$name" "$project" || return "$?"
  fi
  workon "$name" || return "$?"
  if [ -n "$requirements" ]; then
    "$VIRTUAL_ENV/bin/python" -m pip install -r "$requirements" || status_=$?
  fi
  for word in ${packages[@]+"${packages[@]}"}; do
    "$VIRTUAL_ENV/bin/python" -m pip install "$word" || status_=$?
  done
  _virtualenvwrapper_source_global postmkvirtualenv
  return "$status_"
}

# What `pyman venv` calls environment $1: by a bare name it knows it elsewhere too, but for the words that
# everybody means as a directory. Answers in REPLY.
_virtualenvwrapper_called() {
  case $1 in
  venv | env | .*) REPLY="$WORKON_HOME/$1" ;;
  *) REPLY="$1" ;;
  esac
}

# Makes environment $1 with interpreter $2 (empty: the selected one) and options.
_virtualenvwrapper_create() {
  local REPLY='' python="$2"
  _virtualenvwrapper_called "$1"
  shift 2
  local -a options
  options=()
  if [ -n "${VIRTUALENVWRAPPER_VIRTUALENV_ARGS-}" ]; then
    if [ -n "${ZSH_VERSION-}" ]; then
      eval 'options=(${=VIRTUALENVWRAPPER_VIRTUALENV_ARGS})'
    else
      read -r -a options <<<"$VIRTUALENVWRAPPER_VIRTUALENV_ARGS"
    fi
  fi
  if [ -n "$python" ]; then
    options+=("--python=$python")
  fi
  pyman venv create ${options[@]+"${options[@]}"} "$@" "$REPLY"
}

rmvirtualenv() {
  virtualenvwrapper_verify_workon_home || return 1
  if [ "$#" = 0 ]; then
    echo "Please specify an environment." >&2
    return 1
  fi
  local name='' directory='' before=''
  for name in "$@"; do
    name="${name%/}"
    _virtualenvwrapper_is_name "$name" || return 1
    echo "Removing $name..."
    directory="$WORKON_HOME/$name"
    if [ "${VIRTUAL_ENV-}" = "$directory" ]; then
      echo "ERROR: You cannot remove the active environment ('$name')." >&2
      echo "Either switch to another environment, or run 'deactivate'." >&2
      return 1
    fi
    if [ ! -d "$directory" ]; then
      echo "Did not find environment $directory to remove." >&2
    fi
    # We may stand in what goes.
    before="$PWD"
    virtualenvwrapper_cd "$WORKON_HOME" || return 1
    _virtualenvwrapper_run_global prermvirtualenv "$name"
    command rm -rf -- "$directory"
    _virtualenvwrapper_run_global postrmvirtualenv "$name"
    if [ -d "$before" ]; then
      virtualenvwrapper_cd "$before"
    fi
  done
}

cpvirtualenv() {
  virtualenvwrapper_verify_workon_home || return 1
  local REPLY='' source_='' name="${2-}"
  if [ -z "${1-}" ]; then
    echo "Please provide a valid virtualenv to copy."
    return 1
  fi
  if [ -e "$WORKON_HOME/$1" ]; then
    source_="$WORKON_HOME/${1%/}"
  else
    _virtualenvwrapper_expand "$1"
    _virtualenvwrapper_absolute "$REPLY"
    source_="$REPLY"
    if [ ! -e "$source_" ]; then
      echo "Please provide a valid virtualenv to copy."
      return 1
    fi
  fi
  name="${name:-${source_##*/}}"
  _virtualenvwrapper_is_name "$name" || return 1
  if [ -e "$WORKON_HOME/$name" ]; then
    echo "$name virtualenv already exists."
    return 1
  fi
  echo "Copying ${source_##*/} as $name..."
  _virtualenvwrapper_called "$name"
  pyman venv clone "$source_" "$REPLY" || return "$?"
  _virtualenvwrapper_run_global precpvirtualenv "$source_" "$name"
  _virtualenvwrapper_run_global premkvirtualenv "$name"
  workon "$name" || return "$?"
  _virtualenvwrapper_source_global postmkvirtualenv
  _virtualenvwrapper_source_global postcpvirtualenv
}

mktmpenv() {
  local word='' name='' move="${VIRTUALENVWRAPPER_WORKON_CD:-1}"
  local -a others
  others=()
  for word in "$@"; do
    case $word in
    -n | --no-cd) move=0 ;;
    -c | --cd) move=1 ;;
    *) others+=("$word") ;;
    esac
  done
  printf -v name 'tmp-%04x%04x%04x%04x' "$RANDOM" "$RANDOM" "$RANDOM" "$RANDOM"
  mkvirtualenv ${others[@]+"${others[@]}"} "$name" || return "$?"
  if [ "$move" = 1 ]; then
    cdvirtualenv
  fi
  word="This is a temporary environment. It will be deleted when you run 'deactivate'."
  printf '%s\n' "$word"
  printf '%s\n' "$word" >|"$VIRTUAL_ENV/README.tmpenv"
}

mktempenv() {
  mktmpenv "$@"
}

# --- Going to work -----------------------------------------------------------------------------------------

_virtualenvwrapper_workon_help() {
  echo "Usage: workon env_name                activate an environment, in place of the present one"
  echo "       workon .                       the one named as the working directory"
  echo "       workon                         list the environments (see also lsvirtualenv -b)"
  echo "       workon (-c|--cd) env_name      go to its project directory as well"
  echo "       workon (-n|--no-cd) env_name   stay here"
  echo "       workon (-h|--help)             this text"
}

workon() {
  local word='' name='' project='' REPLY='' move="${VIRTUALENVWRAPPER_WORKON_CD:-1}"
  for word in "$@"; do
    case $word in
    -h | --help)
      _virtualenvwrapper_workon_help
      return 0
      ;;
    -n | --no-cd) move=0 ;;
    -c | --cd) move=1 ;;
    *) name="${name:-${word%/}}" ;;
    esac
  done
  if [ -z "$name" ]; then
    lsvirtualenv -b
    return 1
  fi
  if [ "$name" = . ]; then
    name="${PWD##*/}"
  fi
  virtualenvwrapper_verify_workon_home || return 1
  virtualenvwrapper_verify_workon_environment "$name" || return 1
  if [ ! -f "$WORKON_HOME/$name/bin/activate" ]; then
    echo "ERROR: Environment '$WORKON_HOME/$name' does not contain an activate script." >&2
    return 1
  fi
  if _virtualenvwrapper_is_wrapped; then
    deactivate
  fi
  _virtualenvwrapper_run_global preactivate "$name"
  _virtualenvwrapper_run "$WORKON_HOME/$name/bin/preactivate" "$name"
  _virtualenvwrapper_unaliased _virtualenvwrapper_enter "$WORKON_HOME/$name/bin/activate" || return "$?"
  _virtualenvwrapper_project "$VIRTUAL_ENV"
  project="$REPLY"
  if [ -n "$project" ]; then
    if [ "$move" = 1 ]; then
      virtualenvwrapper_cd "$project" || :
    fi
    _virtualenvwrapper_source "$project/.virtualenvwrapper/postactivate"
  fi
  _virtualenvwrapper_source_global postactivate
  _virtualenvwrapper_source "$VIRTUAL_ENV/bin/postactivate"
  return 0
}

_virtualenvwrapper_enter() {
  builtin source "$1" || return "$?"
  _virtualenvwrapper_wrap
}

# Runs a command with aliases off: what it reads meanwhile is not the user's to rewrite.
_virtualenvwrapper_unaliased() {
  local had=1 status_=0
  if [ -n "${ZSH_VERSION-}" ]; then
    [[ -o aliases ]] || had=0
    setopt no_aliases
    "$@" || status_=$?
    if [ "$had" = 1 ]; then
      setopt aliases
    fi
  else
    shopt -q expand_aliases || had=0
    shopt -u expand_aliases
    "$@" || status_=$?
    if [ "$had" = 1 ]; then
      shopt -s expand_aliases
    fi
  fi
  return "$status_"
}

# Whether `deactivate` is ours, around that of an activate script.
_virtualenvwrapper_is_wrapped() {
  if [ -n "${ZSH_VERSION-}" ]; then
    eval '[[ ${functions[deactivate]-} == *_virtualenvwrapper_deactivate* ]]'
  else
    case "$(\declare -f deactivate)" in
    *_virtualenvwrapper_deactivate*) return 0 ;;
    *) return 1 ;;
    esac
  fi
}

# Puts ours around it; the script's own is kept as virtualenv_deactivate.
_virtualenvwrapper_wrap() {
  if [ -n "${ZSH_VERSION-}" ]; then
    eval 'functions[virtualenv_deactivate]="${functions[deactivate]}"'
  else
    eval "virtualenv_$(\declare -f deactivate)"
  fi
  eval 'deactivate() { _virtualenvwrapper_deactivate "$@"; }'
}

_virtualenvwrapper_deactivate() {
  local old="${VIRTUAL_ENV-}" REPLY=''
  _virtualenvwrapper_project "$old"
  if [ -n "$REPLY" ]; then
    _virtualenvwrapper_source "$REPLY/.virtualenvwrapper/predeactivate"
  fi
  _virtualenvwrapper_source "$old/bin/predeactivate"
  _virtualenvwrapper_source_global predeactivate
  virtualenv_deactivate "$@"
  VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV="$old"
  _virtualenvwrapper_source "$old/bin/postdeactivate"
  if [ -f "$old/README.tmpenv" ] && [ "$old" = "$WORKON_HOME/${old##*/}" ] && [ "${1-}" != nondestructive ]; then
    echo "Removing temporary environment: ${old##*/}"
    rmvirtualenv "${old##*/}"
  fi
  _virtualenvwrapper_source_global postdeactivate
  unset VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV
  if [ "${1-}" != nondestructive ]; then
    unset -f virtualenv_deactivate deactivate 2>/dev/null || :
  fi
}

# --- Showing -----------------------------------------------------------------------------------------------

_virtualenvwrapper_lsvirtualenv_usage() {
  echo "lsvirtualenv [-blh]"
  echo "  -b -- brief mode"
  echo "  -l -- long mode"
  echo "  -h -- this help message"
}

lsvirtualenv() {
  local long=1 letter='' OPTIND=1 OPTARG=''
  while getopts :blh letter "$@"; do
    case $letter in
    l) long=1 ;;
    b) long=0 ;;
    h)
      _virtualenvwrapper_lsvirtualenv_usage
      return 1
      ;;
    *)
      echo "Invalid option: -$OPTARG" >&2
      _virtualenvwrapper_lsvirtualenv_usage
      return 1
      ;;
    esac
  done
  if [ "$long" = 1 ]; then
    allvirtualenv _virtualenvwrapper_details
  else
    virtualenvwrapper_show_workon_options
  fi
}

_virtualenvwrapper_details() {
  _virtualenvwrapper_version "$VIRTUAL_ENV"
  showvirtualenv
}

showvirtualenv() {
  local name="${1-}"
  if [ -z "$name" ]; then
    if [ -z "${VIRTUAL_ENV-}" ]; then
      echo "showvirtualenv [env]"
      return 1
    fi
    name="${VIRTUAL_ENV##*/}"
  fi
  virtualenvwrapper_verify_workon_home || return 1
  _virtualenvwrapper_run_global get_env_details "$name"
  _virtualenvwrapper_run "$WORKON_HOME/$name/bin/get_env_details" "$name"
  echo
}

# Runs a command in every environment; hooks are left out.
allvirtualenv() {
  virtualenvwrapper_verify_workon_home || return 1
  local name=''
  # The list comes through descriptor 3, so that the command has the caller's input.
  while IFS= read -r name <&3; do
    if [ -z "$name" ]; then
      continue
    fi
    printf '%s\n' "$name"
    printf '%s\n' "${name//?/=}"
    (
      unset -f deactivate 2>/dev/null || :
      _virtualenvwrapper_unaliased builtin source "$WORKON_HOME/$name/bin/activate" || exit "$?"
      virtualenvwrapper_cd "$VIRTUAL_ENV" || exit "$?"
      "$@"
    ) 3<&- || :
    echo
  done 3<<<"$(virtualenvwrapper_show_workon_options)"
}

lssitepackages() {
  virtualenvwrapper_verify_workon_home || return 1
  virtualenvwrapper_verify_active_environment || return 1
  local place=''
  place="$(virtualenvwrapper_get_site_packages_dir)" || return "$?"
  command ls "$@" "$place" || return "$?"
  if [ -f "$place/_virtualenv_path_extensions.pth" ]; then
    echo
    echo "_virtualenv_path_extensions.pth:"
    command cat "$place/_virtualenv_path_extensions.pth"
  fi
}

# --- Moving about ------------------------------------------------------------------------------------------

cdvirtualenv() {
  virtualenvwrapper_verify_workon_home || return 1
  virtualenvwrapper_verify_active_environment || return 1
  virtualenvwrapper_cd "$VIRTUAL_ENV/${1-}"
}

cdsitepackages() {
  virtualenvwrapper_verify_workon_home || return 1
  virtualenvwrapper_verify_active_environment || return 1
  local place=''
  place="$(virtualenvwrapper_get_site_packages_dir)" || return "$?"
  virtualenvwrapper_cd "$place/${1-}"
}

cdproject() {
  virtualenvwrapper_verify_workon_home || return 1
  virtualenvwrapper_verify_active_environment || return 1
  local REPLY='' file="$VIRTUAL_ENV/${VIRTUALENVWRAPPER_PROJECT_FILENAME:-.project}"
  if [ ! -f "$file" ]; then
    echo "No project set in $file" >&2
    return 1
  fi
  _virtualenvwrapper_project "$VIRTUAL_ENV"
  if [ -z "$REPLY" ] || [ ! -d "$REPLY" ]; then
    echo "Project directory $REPLY does not exist" >&2
    return 1
  fi
  virtualenvwrapper_cd "$REPLY"
}

# --- Projects ----------------------------------------------------------------------------------------------

setvirtualenvproject() {
  local REPLY='' environment="${1:-${VIRTUAL_ENV-}}" project="${2-}"
  _virtualenvwrapper_absolute "${project:-$PWD}"
  project="$REPLY"
  if [ ! -d "$environment" ]; then
    environment="${WORKON_HOME-}/$environment"
  fi
  environment="${environment%/}"
  if [ "$environment" = "${WORKON_HOME-}" ] || [ ! -d "$environment" ]; then
    echo "No virtualenv ${environment##*/}" >&2
    return 1
  fi
  if [ ! -d "$project" ]; then
    echo "Cannot associate virtualenv with \"$project\", it is not a directory" >&2
    return 1
  fi
  echo "Setting project for ${environment##*/} to $project"
  printf '%s\n' "$project" >|"$environment/${VIRTUALENVWRAPPER_PROJECT_FILENAME:-.project}"
}

mkproject() {
  local word='' name='' force=0
  local -a others
  others=()
  for word in "$@"; do
    case $word in
    -h | --help)
      echo "Usage: mkproject [-f|--force] [options of mkvirtualenv] project_name"
      echo
      echo "  -f, --force   even if the project directory exists"
      echo
      _virtualenvwrapper_mkvirtualenv_help
      return
      ;;
    -f | --force) force=1 ;;
    *)
      others+=("$word")
      name="$word"
      ;;
    esac
  done
  virtualenvwrapper_verify_project_home || return 1
  if [ -n "$name" ] && [ -d "$PROJECT_HOME/$name" ] && [ "$force" = 0 ]; then
    echo "Project $name already exists." >&2
    return 1
  fi
  mkvirtualenv ${others[@]+"${others[@]}"} || return "$?"
  name="${VIRTUAL_ENV##*/}"
  virtualenvwrapper_cd "$PROJECT_HOME" || return "$?"
  _virtualenvwrapper_run_global premkproject "$name"
  echo "Creating $PROJECT_HOME/$name"
  command mkdir -p -- "$PROJECT_HOME/$name" || return "$?"
  setvirtualenvproject "$VIRTUAL_ENV" "$PROJECT_HOME/$name" || return "$?"
  virtualenvwrapper_cd "$PROJECT_HOME/$name" || return "$?"
  _virtualenvwrapper_source_global postmkproject
}

# --- What is inside ----------------------------------------------------------------------------------------

# Directories at the head of sys.path: `.pth` lines are appended, so the first line remembers where they
# begin and the last moves them to the front, after those that setuptools put there the same way.
add2virtualenv() {
  virtualenvwrapper_verify_workon_home || return 1
  virtualenvwrapper_verify_active_environment || return 1
  local REPLY='' place='' file='' line='' lines='' first='' remove=0 given=''
  place="$(virtualenvwrapper_get_site_packages_dir)" || return "$?"
  if [ ! -d "$place" ]; then
    echo "ERROR: currently-active virtualenv does not appear to have a site-packages directory" >&2
    return 1
  fi
  file="$place/_virtualenv_path_extensions.pth"
  if [ "$#" = 0 ]; then
    echo "Usage: add2virtualenv dir [dir ...]"
    if [ -f "$file" ]; then
      echo
      echo "Existing paths:"
      while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        import*) ;;
        *) printf '%s\n' "$line" ;;
        esac
      done <"$file"
    fi
    return 1
  fi
  if [ "$1" = -d ]; then
    remove=1
    shift
  fi
  for given in "$@"; do
    case $given in
    *"
"*)
      echo "ERROR: a directory with a line break in its name cannot be added" >&2
      return 1
      ;;
    esac
  done
  first='import sys; sys.__plen = len(sys.path)'
  if [ -f "$file" ]; then
    {
      IFS= read -r first || :
      while IFS= read -r line || [ -n "$line" ]; do
        lines="$lines$line
"
      done
    } <"$file"
  else
    lines='import sys; added = sys.path[sys.__plen:]; del sys.path[sys.__plen:]; at = getattr(sys, "__egginsert", 0); sys.path[at:at] = added; sys.__egginsert = at + len(added)
'
  fi
  for given in "$@"; do
    _virtualenvwrapper_absolute "$given"
    if [ "$REPLY" != "$given" ]; then
      echo "Warning: Converting \"$given\" to \"$REPLY\"" >&2
    fi
    if [ "$remove" = 0 ]; then
      if [ ! -d "$REPLY" ]; then
        echo "Warning: \"$REPLY\" is not a directory" >&2
      fi
      lines="$REPLY
$lines"
    else
      _virtualenvwrapper_without "$lines" "$REPLY"
      lines="$REPLY"
    fi
  done
  printf '%s\n%s' "$first" "$lines" >|"$file.$$" || return "$?"
  command mv -f -- "$file.$$" "$file"
}

# The lines of $1 but those that are $2, in REPLY.
_virtualenvwrapper_without() {
  local line='' kept=''
  while IFS= read -r line; do
    if [ "$line" != "$2" ] && [ -n "$line" ]; then
      kept="$kept$line
"
    fi
  done <<<"$1"
  REPLY="$kept"
}

toggleglobalsitepackages() {
  virtualenvwrapper_verify_workon_home || return 1
  virtualenvwrapper_verify_active_environment || return 1
  local file="$VIRTUAL_ENV/pyvenv.cfg" line='' text='' now='Enabled' value='true'
  if [ ! -f "$file" ]; then
    echo "ERROR: currently-active virtualenv has no pyvenv.cfg" >&2
    return 1
  fi
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
    'include-system-site-packages'*[Tt]rue*)
      now='Disabled'
      value='false'
      ;;
    'include-system-site-packages'*) ;;
    *) text="$text$line
" ;;
    esac
  done <"$file"
  printf '%sinclude-system-site-packages = %s\n' "$text" "$value" >|"$file.$$" || return "$?"
  command mv -f -- "$file.$$" "$file" || return "$?"
  if [ "${1-}" != -q ]; then
    echo "$now global site-packages"
  fi
}

wipeenv() {
  virtualenvwrapper_verify_workon_home || return 1
  virtualenvwrapper_verify_active_environment || return 1
  local listing='' line=''
  local -a names
  names=()
  listing="$("$VIRTUAL_ENV/bin/python" -m pip --disable-pip-version-check list --local --format=freeze)" || return "$?"
  while IFS= read -r line; do
    line="${line%%=*}"
    line="${line%% *}"
    case $line in
    '' | [Pp]ip | [Ss]etuptools | [Ww]heel | [Dd]istribute) ;;
    *) names+=("$line") ;;
    esac
  done <<<"$listing"
  if [ "${#names[@]}" = 0 ]; then
    echo "Nothing to remove."
    return 0
  fi
  echo "Uninstalling packages:"
  echo
  printf '%s\n' "${names[@]}"
  "$VIRTUAL_ENV/bin/python" -m pip --disable-pip-version-check uninstall -y "${names[@]}"
}

# --- The rest ----------------------------------------------------------------------------------------------

# virtualenv's own command line, when there is none: a bare name is a directory here.
virtualenv() {
  local word='' value=0
  local -a words
  words=()
  if (unset -f virtualenv && command -v virtualenv) >/dev/null 2>&1; then
    command virtualenv "$@"
    return
  fi
  for word in "$@"; do
    case $value:$word in
    0:-p | 0:--python | 0:--prompt | 0:-i | 0:-r) value=1 ;;
    0:-* | 0:*/* | 1:*) value=0 ;;
    0:*) word="./$word" ;;
    esac
    words+=("$word")
  done
  pyman venv create ${words[@]+"${words[@]}"}
}

virtualenvwrapper() {
  echo
  echo "virtualenvwrapper, as pyman has it: environments by name, hooks, and projects."
  echo
  echo "WORKON_HOME: ${WORKON_HOME-}"
  echo "PROJECT_HOME: ${PROJECT_HOME-}"
  echo
  echo "Commands available:"
  echo
  echo "  add2virtualenv: add directories to the import path, -d removes them"
  echo "  allvirtualenv: run a command in every environment"
  echo "  cdproject: go to the project directory"
  echo "  cdsitepackages: go to the site-packages directory"
  echo "  cdvirtualenv: go to the environment's directory"
  echo "  cpvirtualenv: copy an environment"
  echo "  lssitepackages: list what site-packages holds"
  echo "  lsvirtualenv: list the environments"
  echo "  mkproject: make an environment and a project directory for it"
  echo "  mktmpenv: make an environment that goes when it is deactivated"
  echo "  mkvirtualenv: make an environment"
  echo "  rmvirtualenv: remove environments"
  echo "  setvirtualenvproject: give an environment a project directory"
  echo "  showvirtualenv: show the details of one environment"
  echo "  toggleglobalsitepackages: let an environment see the base's packages, or not"
  echo "  virtualenvwrapper: this list"
  echo "  wipeenv: uninstall everything from an environment"
  echo "  workon: activate an environment, or list them"
}

if [ -n "${ZSH_VERSION-}" ]; then
  _virtualenvwrapper_names() {
    reply=("${(@f)$(virtualenvwrapper_show_workon_options)}")
    if (( ${+compstate} )); then
      compadd -a reply
    fi
  }
  _virtualenvwrapper_inside() {
    local place="${VIRTUAL_ENV-}"
    if [[ $service == cdsitepackages ]]; then
      place="$(virtualenvwrapper_get_site_packages_dir)"
    fi
    _files -W "$place" -/
  }
  if (( ${+functions[compdef]} )); then
    compdef _virtualenvwrapper_names workon rmvirtualenv cpvirtualenv showvirtualenv
    compdef _virtualenvwrapper_inside cdvirtualenv cdsitepackages
  elif [[ -o interactive ]]; then
    compctl -K _virtualenvwrapper_names workon rmvirtualenv cpvirtualenv showvirtualenv
  fi
else
  _virtualenvwrapper_names() {
    local word="${COMP_WORDS[COMP_CWORD]}" name
    COMPREPLY=()
    while IFS= read -r name; do
      if [ -n "$name" ] && [[ $name == "$word"* ]]; then
        printf -v name %q "$name"
        COMPREPLY+=("$name")
      fi
    done <<<"$(virtualenvwrapper_show_workon_options)"
  }
  _virtualenvwrapper_inside() {
    local word="${COMP_WORDS[COMP_CWORD]}" place="${VIRTUAL_ENV-}" name
    COMPREPLY=()
    if [ "${COMP_WORDS[0]}" = cdsitepackages ]; then
      place="$(virtualenvwrapper_get_site_packages_dir)"
    fi
    while IFS= read -r name; do
      if [ -n "$name" ]; then
        printf -v name %q "${name#"$place/"}"
        COMPREPLY+=("$name/")
      fi
    done <<<"$(\compgen -d -- "$place/$word")"
  }
  complete -o default -F _virtualenvwrapper_names workon rmvirtualenv cpvirtualenv showvirtualenv
  complete -o nospace -F _virtualenvwrapper_inside cdvirtualenv cdsitepackages
fi

_virtualenvwrapper_derive_home
export VIRTUALENVWRAPPER_HOOK_DIR="${VIRTUALENVWRAPPER_HOOK_DIR:-$WORKON_HOME}"
export VIRTUALENVWRAPPER_PROJECT_FILENAME="${VIRTUALENVWRAPPER_PROJECT_FILENAME:-.project}"
export VIRTUALENVWRAPPER_WORKON_CD="${VIRTUALENVWRAPPER_WORKON_CD:-1}"
_virtualenvwrapper_source_global initialize
