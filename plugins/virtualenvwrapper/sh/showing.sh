# virtualenvwrapper for bash and zsh: lists and details.

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
  command ls "$@" "$place" || :
  if [ -f "$place/_virtualenv_path_extensions.pth" ]; then
    echo
    echo "_virtualenv_path_extensions.pth:"
    command cat "$place/_virtualenv_path_extensions.pth"
  fi
}
