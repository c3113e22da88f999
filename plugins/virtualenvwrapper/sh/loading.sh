# virtualenvwrapper for bash and zsh: virtualenv, help, completion, and what happens when this is loaded.

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

if [ -n "${ZSH_VERSION-}" ]; then
  for _virtualenvwrapper_word in add2virtualenv allvirtualenv cdproject cdsitepackages cdvirtualenv cpvirtualenv \
    lssitepackages lsvirtualenv mkproject mktmpenv mkvirtualenv rmvirtualenv setvirtualenvproject showvirtualenv \
    toggleglobalsitepackages wipeenv workon; do
    eval "functions[_virtualenvwrapper_word_$_virtualenvwrapper_word]=\"\${functions[$_virtualenvwrapper_word]}\""
    eval "$_virtualenvwrapper_word() { _virtualenvwrapper_unwarned _virtualenvwrapper_word_$_virtualenvwrapper_word \"\$@\"; }"
  done
  unset _virtualenvwrapper_word
fi

_virtualenvwrapper_unwarned _virtualenvwrapper_derive_home
export VIRTUALENVWRAPPER_HOOK_DIR="${VIRTUALENVWRAPPER_HOOK_DIR:-$WORKON_HOME}"
export VIRTUALENVWRAPPER_PROJECT_FILENAME="${VIRTUALENVWRAPPER_PROJECT_FILENAME:-.project}"
export VIRTUALENVWRAPPER_WORKON_CD="${VIRTUALENVWRAPPER_WORKON_CD:-1}"
_virtualenvwrapper_unwarned _virtualenvwrapper_source_global initialize
