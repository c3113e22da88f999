# virtualenvwrapper's functions for fish, over `pyman venv`. Added by `pyman init - fish --virtualenvwrapper`.
#
# Loading starts nothing and writes nothing. Every function reads WORKON_HOME when it is called.
#
# This file: paths, places and what must be there.

# The shell's own cd, whatever the user made of it.
function virtualenvwrapper_cd
  builtin cd $argv
end

# Variables and a leading `~` in a text, read as data: nothing in it is executed.
function _virtualenvwrapper_expand
  set -l tail $argv[1]
  set -l head ''
  while set -l parts (string split -m1 '$' -- $tail)
    set head $head$parts[1]
    set tail "$parts[2]"
    set -l found (string match -r '^(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))' -- $tail)
    set -l name "$found[2]$found[3]"
    if test -n "$name"; and set -q $name
      set head $head"$$name"
      set tail (string sub -s (math 1 + (string length -- $found[1])) -- $tail)
    else
      set head $head'$'
    end
  end
  set -l text $head$tail
  if set -l parts (string match -r '^~([A-Za-z0-9._-]*)(/.*)?$' -- $text)
    if test -z "$parts[2]"
      set text $HOME$parts[3]
    else
      eval "set -l home ~$parts[2]"
      set text $home$parts[3]
    end
  end
  printf '%s\n' $text
end

# An absolute path without `.`, `..` and doubled slashes; links are not followed.
function _virtualenvwrapper_absolute
  set -l text $argv[1]
  string match -q '/*' -- $text
  or set text $PWD/$text
  set -l clean
  for part in (string split / -- $text)
    switch $part
      case '' .
      case ..
        set -q clean[1]
        and set -e clean[-1]
      case '*'
        set -a clean $part
    end
  end
  printf '/%s\n' (string join / -- $clean)
end

function _virtualenvwrapper_derive_home
  set -l home $WORKON_HOME
  if test -z "$home"
    set home $HOME/.virtualenvs
  else if not string match -qr '^[/~$]' -- $home
    set home $HOME/$home
  end
  if string match -qr '[$~]|//' -- $home
    set home (_virtualenvwrapper_absolute (_virtualenvwrapper_expand $home))
  end
  set -gx WORKON_HOME $home
end

function virtualenvwrapper_verify_workon_home
  test -n "$WORKON_HOME"
  or _virtualenvwrapper_derive_home
  if not test -d "$WORKON_HOME/"
    echo "NOTE: Virtual environments directory $WORKON_HOME does not exist. Creating..." >&2
    command mkdir -p -- $WORKON_HOME
  end
end

function virtualenvwrapper_verify_workon_environment
  if test -z "$argv[1]"; or not test -d "$WORKON_HOME/$argv[1]"
    echo "ERROR: Environment '$argv[1]' does not exist. Create it with 'mkvirtualenv $argv[1]'." >&2
    return 1
  end
end

function virtualenvwrapper_verify_active_environment
  if test -z "$VIRTUAL_ENV"; or not test -d "$VIRTUAL_ENV"
    echo "ERROR: no virtualenv active, or active virtualenv is missing" >&2
    return 1
  end
end

function virtualenvwrapper_verify_project_home
  if test -z "$PROJECT_HOME"
    echo "ERROR: Set the PROJECT_HOME shell variable to the name of the directory where projects should be created." >&2
    return 1
  end
  if not test -d "$PROJECT_HOME"
    echo "ERROR: Project directory '$PROJECT_HOME' does not exist.  Create it or set PROJECT_HOME to an existing directory." >&2
    return 1
  end
end

# Whether it is a name, and not a way out of WORKON_HOME.
function _virtualenvwrapper_is_name
  if string match -qr '^$|^\.\.?$|^-|/' -- "$argv[1]"
    echo "ERROR: '$argv[1]' is not a name for an environment." >&2
    return 1
  end
end

# The names of all environments, in byte order; status 1 when there is none.
function virtualenvwrapper_show_workon_options
  virtualenvwrapper_verify_workon_home
  or return 1
  set -l names
  for script in $WORKON_HOME/*/bin/activate
    test -f $script
    and set -a names (string replace -r '.*/([^/]*)/bin/activate$' '$1' -- $script)
  end
  if set -q names[2]
    printf '%s\n' $names | LC_ALL=C command sort
  else if set -q names[1]
    printf '%s\n' $names
  else
    return 1
  end
end

function virtualenvwrapper_get_site_packages_dir
  set -l found
  for directory in $VIRTUAL_ENV/lib/python*/site-packages $VIRTUAL_ENV/lib/pypy*/site-packages $VIRTUAL_ENV/site-packages
    test -d $directory
    and set -a found $directory
  end
  if test (count $found) -eq 1
    printf '%s\n' $found
  else
    $VIRTUAL_ENV/bin/python -c 'import sysconfig; print(sysconfig.get_path("platlib"))'
  end
end

# The version an environment says it has; no Python is started.
function _virtualenvwrapper_version
  test -f $argv[1]/pyvenv.cfg
  or return 0
  while read -l line
    if set -l parts (string match -r '^version(?:_info)? = (\S+?)(?:\.final\.0)?$' -- $line)
      printf '%s\n' $parts[2]
      return
    end
  end <$argv[1]/pyvenv.cfg
  return 0
end

function virtualenvwrapper_get_python_version
  _virtualenvwrapper_version $VIRTUAL_ENV | string replace -r '^(\d+\.\d+)\..*' '$1'
end
