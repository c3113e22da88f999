# virtualenvwrapper for bash and zsh: what is inside an environment.

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
