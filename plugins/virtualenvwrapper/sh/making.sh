# virtualenvwrapper for bash and zsh: making, copying and removing environments.

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
    # By pyman, with what it keeps of an environment elsewhere; what is none goes all the same.
    pyman venv remove -- "$directory" >/dev/null 2>&1 || :
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
  # In a subshell zsh begins with the same numbers again.
  while printf -v name 'tmp-%04x%04x%04x%04x' "$RANDOM" "$RANDOM" "$RANDOM" "$RANDOM" &&
    [ -e "$WORKON_HOME/$name" ]; do
    :
  done
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
