# virtualenvwrapper for bash and zsh: project directories.

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
      echo "  -f, --force   make the environment even if the project directory exists"
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
  if [ ! -d "$PROJECT_HOME/$name" ]; then
    echo "Creating $PROJECT_HOME/$name"
  fi
  command mkdir -p -- "$PROJECT_HOME/$name" || return "$?"
  setvirtualenvproject "$VIRTUAL_ENV" "$PROJECT_HOME/$name" || return "$?"
  virtualenvwrapper_cd "$PROJECT_HOME/$name" || return "$?"
  _virtualenvwrapper_source_global postmkproject
}
