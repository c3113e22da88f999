# virtualenvwrapper for bash and zsh: the user's hooks, run or sourced when they exist.

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
