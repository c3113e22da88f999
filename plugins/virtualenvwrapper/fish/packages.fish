# virtualenvwrapper for fish: what is inside an environment.

# Directories at the head of sys.path: `.pth` lines are appended, so the first line remembers where they
# begin and the last moves them to the front, after those that setuptools put there the same way.
function add2virtualenv
  virtualenvwrapper_verify_workon_home
  or return 1
  virtualenvwrapper_verify_active_environment
  or return 1
  set -l place (virtualenvwrapper_get_site_packages_dir)
  or return $status
  if not test -d $place
    echo "ERROR: currently-active virtualenv does not appear to have a site-packages directory" >&2
    return 1
  end
  set -l file $place/_virtualenv_path_extensions.pth
  set -l lines
  if test -f $file
    while read -l line
      set -a lines $line
    end <$file
  end
  if not set -q argv[1]
    echo "Usage: add2virtualenv dir [dir ...]"
    if test -f $file
      echo
      echo "Existing paths:"
      string match -rv '^import' -- $lines
    end
    return 1
  end
  set -l remove 0
  if test "$argv[1]" = -d
    set remove 1
    set -e argv[1]
  end
  for given in $argv
    if string match -q '*'\n'*' -- $given
      echo "ERROR: a directory with a line break in its name cannot be added" >&2
      return 1
    end
  end
  if not set -q lines[1]
    set lines 'import sys; sys.__plen = len(sys.path)' 'import sys; added = sys.path[sys.__plen:]; del sys.path[sys.__plen:]; at = getattr(sys, "__egginsert", 0); sys.path[at:at] = added; sys.__egginsert = at + len(added)'
  end
  for given in $argv
    set -l directory (_virtualenvwrapper_absolute $given)
    test "$directory" = "$given"
    or echo "Warning: Converting \"$given\" to \"$directory\"" >&2
    if test $remove = 0
      test -d $directory
      or echo "Warning: \"$directory\" is not a directory" >&2
      set lines $lines[1] $directory $lines[2..]
    else
      set -l kept
      for line in $lines
        test "$line" = "$directory"
        or set -a kept $line
      end
      set lines $kept
    end
  end
  printf '%s\n' $lines >$file.$fish_pid
  or return $status
  command mv -f -- $file.$fish_pid $file
end

function toggleglobalsitepackages
  virtualenvwrapper_verify_workon_home
  or return 1
  virtualenvwrapper_verify_active_environment
  or return 1
  set -l file $VIRTUAL_ENV/pyvenv.cfg
  if not test -f $file
    echo "ERROR: currently-active virtualenv has no pyvenv.cfg" >&2
    return 1
  end
  set -l now Enabled
  set -l value true
  set -l kept
  while read -l line
    if string match -qir '^include-system-site-packages\s*=\s*true' -- $line
      set now Disabled
      set value false
    else if not string match -q 'include-system-site-packages*' -- $line
      set -a kept $line
    end
  end <$file
  printf '%s\n' $kept "include-system-site-packages = $value" >$file.$fish_pid
  or return $status
  command mv -f -- $file.$fish_pid $file
  or return $status
  test "$argv[1]" = -q
  or echo "$now global site-packages"
end

function wipeenv
  virtualenvwrapper_verify_workon_home
  or return 1
  virtualenvwrapper_verify_active_environment
  or return 1
  set -l listing ($VIRTUAL_ENV/bin/python -m pip --disable-pip-version-check list --local --format=freeze)
  or return $status
  set -l names
  for line in $listing
    set -l name (string replace -r '[ =].*' '' -- $line)
    string match -qir '^(pip|setuptools|wheel|distribute)?$' -- $name
    or set -a names $name
  end
  if not set -q names[1]
    echo "Nothing to remove."
    return 0
  end
  echo "Uninstalling packages:"
  echo
  printf '%s\n' $names
  $VIRTUAL_ENV/bin/python -m pip --disable-pip-version-check uninstall -y $names
end
