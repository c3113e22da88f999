# virtualenvwrapper for bash and zsh: changing directory.

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
