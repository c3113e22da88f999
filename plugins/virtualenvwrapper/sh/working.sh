# virtualenvwrapper for bash and zsh: activating an environment, and leaving it.

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

# Runs a command without zsh's warnings of what it assigns: what an activate script, a hook and our answers in REPLY
# assign is not for whoever called to declare.
_virtualenvwrapper_unwarned() {
  local global_=no_warncreateglobal nested_=no_warnnestedvar status_=0
  if [ -z "${ZSH_VERSION-}" ]; then
    "$@"
    return "$?"
  fi
  if [[ -o warncreateglobal ]]; then
    global_=warncreateglobal
  fi
  if [[ -o warnnestedvar ]] 2>/dev/null; then
    nested_=warnnestedvar
  fi
  setopt no_warncreateglobal no_warnnestedvar 2>/dev/null || :
  "$@" || status_=$?
  setopt "$global_" "$nested_" 2>/dev/null || :
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
  eval 'deactivate() { _virtualenvwrapper_unwarned _virtualenvwrapper_deactivate "$@"; }'
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
