# virtualenvwrapper's functions for fish, over `pyman venv`. Added by `pyman init - fish --virtualenvwrapper`.
#
# Loading starts nothing and writes nothing. Every function reads WORKON_HOME when it is called.

# --- Small things ------------------------------------------------------------------------------------------

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

# The names of all environments, in byte order.
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

# --- Hooks -------------------------------------------------------------------------------------------------

# Runs a hook with its arguments, in WORKON_HOME, if it may be executed.
function _virtualenvwrapper_run
  if test -f $argv[1]; and test -x $argv[1]
    set -l before $PWD
    if builtin cd $WORKON_HOME
      $argv
      builtin cd $before
    end
  end
  return 0
end

function _virtualenvwrapper_hook_directory
  if test -n "$VIRTUALENVWRAPPER_HOOK_DIR"
    printf '%s\n' $VIRTUALENVWRAPPER_HOOK_DIR
  else
    printf '%s\n' $WORKON_HOME
  end
end

function _virtualenvwrapper_run_global
  _virtualenvwrapper_run (_virtualenvwrapper_hook_directory)/$argv[1] $argv[2..]
end

# A hook that other shells source too may stand beside its own form for fish.
function _virtualenvwrapper_source
  for hook in $argv[1].fish $argv[1]
    if test -f $hook; and test -r $hook
      source $hook
      break
    end
  end
  return 0
end

function _virtualenvwrapper_source_global
  _virtualenvwrapper_source (_virtualenvwrapper_hook_directory)/$argv[1]
end

function _virtualenvwrapper_project_file
  set -l name .project
  test -n "$VIRTUALENVWRAPPER_PROJECT_FILENAME"
  and set name $VIRTUALENVWRAPPER_PROJECT_FILENAME
  printf '%s\n' $argv[1]/$name
end

# The project directory of an environment; nothing when it has none.
function _virtualenvwrapper_project
  set -l file (_virtualenvwrapper_project_file $argv[1])
  if test -f $file
    read -l line <$file
    test -n "$line"
    and printf '%s\n' $line
  end
end

# --- Making and removing -----------------------------------------------------------------------------------

function _virtualenvwrapper_mkvirtualenv_help
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
end

# What `pyman venv` calls an environment: by a bare name it knows it elsewhere too, but for the words that
# everybody means as a directory.
function _virtualenvwrapper_called
  if string match -qr '^(venv|env|\..*)$' -- $argv[1]
    printf '%s\n' $WORKON_HOME/$argv[1]
  else
    printf '%s\n' $argv[1]
  end
end

function mkvirtualenv
  set -l project
  set -l requirements
  set -l packages
  set -l python
  set -l others
  while set -q argv[1]
    switch $argv[1]
      case -h --help
        _virtualenvwrapper_mkvirtualenv_help
        return
      case -a -i -r -p --python
        if not set -q argv[2]
          echo "mkvirtualenv: $argv[1] needs a value" >&2
          return 2
        end
        switch $argv[1]
          case -a
            if not test -d "$argv[2]"
              echo "Cannot associate project with $argv[2], it is not a directory" >&2
              return 1
            end
            set project (_virtualenvwrapper_absolute $argv[2])
          case -i
            set -a packages $argv[2]
          case -r
            set requirements (_virtualenvwrapper_absolute (_virtualenvwrapper_expand $argv[2]))
          case '*'
            set python $argv[2]
        end
        set -e argv[1]
      case '--python=*'
        set python (string replace -r '^--python=' '' -- $argv[1])
      case '*'
        set -a others $argv[1]
    end
    set -e argv[1]
  end
  set -l name
  set -l extra
  for word in $others
    if string match -q -- '-*' $word
      set -a extra $word
    else
      test -n "$name"
      and set -a extra $name
      set name $word
    end
  end
  if test -z "$name"
    echo "mkvirtualenv: the name of the environment is missing; see mkvirtualenv --help" >&2
    return 2
  end
  _virtualenvwrapper_is_name $name
  or return 2
  virtualenvwrapper_verify_workon_home
  or return 1
  if test -n "$python"; or not test -f $WORKON_HOME/$name/bin/activate
    set -l options
    test -n "$VIRTUALENVWRAPPER_VIRTUALENV_ARGS"
    and set options (string split -n ' ' -- $VIRTUALENVWRAPPER_VIRTUALENV_ARGS)
    test -n "$python"
    and set -a options --python=$python
    pyman venv create $options $extra (_virtualenvwrapper_called $name)
    or return $status
  end
  _virtualenvwrapper_run_global premkvirtualenv $name
  if test -n "$project"
    setvirtualenvproject $WORKON_HOME/$name $project
    or return $status
  end
  workon $name
  or return $status
  set -l result 0
  if test -n "$requirements"
    $VIRTUAL_ENV/bin/python -m pip install -r $requirements
    or set result $status
  end
  for package in $packages
    $VIRTUAL_ENV/bin/python -m pip install $package
    or set result $status
  end
  _virtualenvwrapper_source_global postmkvirtualenv
  return $result
end

function rmvirtualenv
  virtualenvwrapper_verify_workon_home
  or return 1
  if not set -q argv[1]
    echo "Please specify an environment." >&2
    return 1
  end
  for name in $argv
    set name (string replace -r '/$' '' -- $name)
    _virtualenvwrapper_is_name $name
    or return 1
    echo "Removing $name..."
    set -l directory $WORKON_HOME/$name
    if test "$VIRTUAL_ENV" = "$directory"
      echo "ERROR: You cannot remove the active environment ('$name')." >&2
      echo "Either switch to another environment, or run 'deactivate'." >&2
      return 1
    end
    test -d $directory
    or echo "Did not find environment $directory to remove." >&2
    # We may stand in what goes.
    set -l before $PWD
    builtin cd $WORKON_HOME
    or return 1
    _virtualenvwrapper_run_global prermvirtualenv $name
    command rm -rf -- $directory
    _virtualenvwrapper_run_global postrmvirtualenv $name
    test -d $before
    and builtin cd $before
  end
  return 0
end

function cpvirtualenv
  virtualenvwrapper_verify_workon_home
  or return 1
  if test -z "$argv[1]"
    echo "Please provide a valid virtualenv to copy."
    return 1
  end
  set -l from $WORKON_HOME/(string replace -r '/$' '' -- $argv[1])
  if not test -e $WORKON_HOME/$argv[1]
    set from (_virtualenvwrapper_absolute (_virtualenvwrapper_expand $argv[1]))
    if not test -e $from
      echo "Please provide a valid virtualenv to copy."
      return 1
    end
  end
  set -l base (string replace -r '.*/' '' -- $from)
  set -l name $base
  test -n "$argv[2]"
  and set name $argv[2]
  _virtualenvwrapper_is_name $name
  or return 1
  if test -e $WORKON_HOME/$name
    echo "$name virtualenv already exists."
    return 1
  end
  echo "Copying $base as $name..."
  pyman venv clone $from (_virtualenvwrapper_called $name)
  or return $status
  _virtualenvwrapper_run_global precpvirtualenv $from $name
  _virtualenvwrapper_run_global premkvirtualenv $name
  workon $name
  or return $status
  _virtualenvwrapper_source_global postmkvirtualenv
  _virtualenvwrapper_source_global postcpvirtualenv
end

function mktmpenv
  set -l move 1
  test -n "$VIRTUALENVWRAPPER_WORKON_CD"
  and set move $VIRTUALENVWRAPPER_WORKON_CD
  set -l others
  for word in $argv
    switch $word
      case -n --no-cd
        set move 0
      case -c --cd
        set move 1
      case '*'
        set -a others $word
    end
  end
  set -l name (printf 'tmp-%04x%04x%04x%04x' (random 0 65535) (random 0 65535) (random 0 65535) (random 0 65535))
  mkvirtualenv $others $name
  or return $status
  test "$move" = 1
  and cdvirtualenv
  echo "This is a temporary environment. It will be deleted when you run 'deactivate'."
  echo "This is a temporary environment. It will be deleted when you run 'deactivate'." >$VIRTUAL_ENV/README.tmpenv
end

function mktempenv
  mktmpenv $argv
end

# --- Going to work -----------------------------------------------------------------------------------------

function _virtualenvwrapper_workon_help
  echo "Usage: workon env_name                activate an environment, in place of the present one"
  echo "       workon .                       the one named as the working directory"
  echo "       workon                         list the environments (see also lsvirtualenv -b)"
  echo "       workon (-c|--cd) env_name      go to its project directory as well"
  echo "       workon (-n|--no-cd) env_name   stay here"
  echo "       workon (-h|--help)             this text"
end

function workon
  set -l move 1
  test -n "$VIRTUALENVWRAPPER_WORKON_CD"
  and set move $VIRTUALENVWRAPPER_WORKON_CD
  set -l name
  for word in $argv
    switch $word
      case -h --help
        _virtualenvwrapper_workon_help
        return 0
      case -n --no-cd
        set move 0
      case -c --cd
        set move 1
      case '*'
        test -n "$name"
        or set name (string replace -r '/$' '' -- $word)
    end
  end
  if test -z "$name"
    lsvirtualenv -b
    return 1
  end
  test "$name" = .
  and set name (string replace -r '.*/' '' -- $PWD)
  virtualenvwrapper_verify_workon_home
  or return 1
  virtualenvwrapper_verify_workon_environment $name
  or return 1
  if not test -f $WORKON_HOME/$name/bin/activate.fish
    echo "ERROR: Environment '$WORKON_HOME/$name' does not contain an activate script." >&2
    return 1
  end
  _virtualenvwrapper_is_wrapped
  and deactivate
  _virtualenvwrapper_run_global preactivate $name
  _virtualenvwrapper_run $WORKON_HOME/$name/bin/preactivate $name
  source $WORKON_HOME/$name/bin/activate.fish
  or return $status
  functions -q virtualenv_deactivate
  and functions -e virtualenv_deactivate
  functions -c deactivate virtualenv_deactivate
  function deactivate
    _virtualenvwrapper_deactivate $argv
  end
  set -l project (_virtualenvwrapper_project $VIRTUAL_ENV)
  if test -n "$project"
    test "$move" = 1
    and builtin cd $project
    _virtualenvwrapper_source $project/.virtualenvwrapper/postactivate
  end
  _virtualenvwrapper_source_global postactivate
  _virtualenvwrapper_source $VIRTUAL_ENV/bin/postactivate
  return 0
end

# Whether `deactivate` is ours, around that of an activate script.
function _virtualenvwrapper_is_wrapped
  functions -q deactivate
  and functions deactivate | string match -q '*_virtualenvwrapper_deactivate*'
end

function _virtualenvwrapper_deactivate
  set -l old $VIRTUAL_ENV
  set -l base (string replace -r '.*/' '' -- $old)
  set -l project (_virtualenvwrapper_project $old)
  test -n "$project"
  and _virtualenvwrapper_source $project/.virtualenvwrapper/predeactivate
  _virtualenvwrapper_source $old/bin/predeactivate
  _virtualenvwrapper_source_global predeactivate
  virtualenv_deactivate $argv
  set -g VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV $old
  _virtualenvwrapper_source $old/bin/postdeactivate
  if test -f $old/README.tmpenv; and test "$old" = "$WORKON_HOME/$base"; and test "$argv[1]" != nondestructive
    echo "Removing temporary environment: $base"
    rmvirtualenv $base
  end
  _virtualenvwrapper_source_global postdeactivate
  set -e VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV
  if test "$argv[1]" != nondestructive
    functions -q virtualenv_deactivate
    and functions -e virtualenv_deactivate
    functions -q deactivate
    and functions -e deactivate
  end
  return 0
end

# --- Showing -----------------------------------------------------------------------------------------------

function _virtualenvwrapper_lsvirtualenv_usage
  echo "lsvirtualenv [-blh]"
  echo "  -b -- brief mode"
  echo "  -l -- long mode"
  echo "  -h -- this help message"
end

function lsvirtualenv
  set -l long 1
  for word in $argv
    for letter in (string split '' -- (string replace -r '^-' '' -- $word))
      switch $letter
        case l
          set long 1
        case b
          set long 0
        case h
          _virtualenvwrapper_lsvirtualenv_usage
          return 1
        case '*'
          echo "Invalid option: -$letter" >&2
          _virtualenvwrapper_lsvirtualenv_usage
          return 1
      end
    end
  end
  if test $long = 1
    allvirtualenv _virtualenvwrapper_details
  else
    virtualenvwrapper_show_workon_options
  end
end

function _virtualenvwrapper_details
  _virtualenvwrapper_version $VIRTUAL_ENV
  showvirtualenv
end

function showvirtualenv
  set -l name $argv[1]
  if test -z "$name"
    if test -z "$VIRTUAL_ENV"
      echo "showvirtualenv [env]"
      return 1
    end
    set name (string replace -r '.*/' '' -- $VIRTUAL_ENV)
  end
  virtualenvwrapper_verify_workon_home
  or return 1
  _virtualenvwrapper_run_global get_env_details $name
  _virtualenvwrapper_run $WORKON_HOME/$name/bin/get_env_details $name
  echo
end

# Runs a command in every environment; hooks are left out. fish has no subshells, so what activation would
# change is changed for the command alone.
function allvirtualenv
  virtualenvwrapper_verify_workon_home
  or return 1
  set -l before $PWD
  for name in (virtualenvwrapper_show_workon_options)
    printf '%s\n' $name
    string repeat -n (string length -- $name) =
    begin
      set -lx VIRTUAL_ENV $WORKON_HOME/$name
      set -lx PATH $WORKON_HOME/$name/bin $PATH
      builtin cd $VIRTUAL_ENV
      and $argv
    end
    echo
  end
  builtin cd $before
end

function lssitepackages
  virtualenvwrapper_verify_workon_home
  or return 1
  virtualenvwrapper_verify_active_environment
  or return 1
  set -l place (virtualenvwrapper_get_site_packages_dir)
  or return $status
  command ls $argv $place
  or return $status
  if test -f $place/_virtualenv_path_extensions.pth
    echo
    echo "_virtualenv_path_extensions.pth:"
    command cat $place/_virtualenv_path_extensions.pth
  end
end

# --- Moving about ------------------------------------------------------------------------------------------

function cdvirtualenv
  virtualenvwrapper_verify_workon_home
  or return 1
  virtualenvwrapper_verify_active_environment
  or return 1
  builtin cd "$VIRTUAL_ENV/$argv[1]"
end

function cdsitepackages
  virtualenvwrapper_verify_workon_home
  or return 1
  virtualenvwrapper_verify_active_environment
  or return 1
  set -l place (virtualenvwrapper_get_site_packages_dir)
  or return $status
  builtin cd "$place/$argv[1]"
end

function cdproject
  virtualenvwrapper_verify_workon_home
  or return 1
  virtualenvwrapper_verify_active_environment
  or return 1
  set -l file (_virtualenvwrapper_project_file $VIRTUAL_ENV)
  if not test -f $file
    echo "No project set in $file" >&2
    return 1
  end
  set -l project (_virtualenvwrapper_project $VIRTUAL_ENV)
  if test -z "$project"; or not test -d "$project"
    echo "Project directory $project does not exist" >&2
    return 1
  end
  builtin cd $project
end

# --- Projects ----------------------------------------------------------------------------------------------

function setvirtualenvproject
  set -l environment "$argv[1]"
  test -n "$environment"
  or set environment "$VIRTUAL_ENV"
  set -l project $PWD
  test -n "$argv[2]"
  and set project (_virtualenvwrapper_absolute $argv[2])
  test -d "$environment"
  or set environment $WORKON_HOME/$environment
  set environment (string replace -r '/$' '' -- $environment)
  set -l base (string replace -r '.*/' '' -- $environment)
  if test "$environment" = "$WORKON_HOME"; or not test -d $environment
    echo "No virtualenv $base" >&2
    return 1
  end
  if not test -d $project
    echo "Cannot associate virtualenv with \"$project\", it is not a directory" >&2
    return 1
  end
  echo "Setting project for $base to $project"
  printf '%s\n' $project >(_virtualenvwrapper_project_file $environment)
end

function mkproject
  set -l force 0
  set -l others
  for word in $argv
    switch $word
      case -h --help
        echo "Usage: mkproject [-f|--force] [options of mkvirtualenv] project_name"
        echo
        echo "  -f, --force   even if the project directory exists"
        echo
        _virtualenvwrapper_mkvirtualenv_help
        return
      case -f --force
        set force 1
      case '*'
        set -a others $word
    end
  end
  virtualenvwrapper_verify_project_home
  or return 1
  if set -q others[1]; and test $force = 0; and test -d $PROJECT_HOME/$others[-1]
    echo "Project $others[-1] already exists." >&2
    return 1
  end
  mkvirtualenv $others
  or return $status
  set -l name (string replace -r '.*/' '' -- $VIRTUAL_ENV)
  builtin cd $PROJECT_HOME
  or return $status
  _virtualenvwrapper_run_global premkproject $name
  echo "Creating $PROJECT_HOME/$name"
  command mkdir -p -- $PROJECT_HOME/$name
  or return $status
  setvirtualenvproject $VIRTUAL_ENV $PROJECT_HOME/$name
  or return $status
  builtin cd $PROJECT_HOME/$name
  or return $status
  _virtualenvwrapper_source_global postmkproject
end

# --- What is inside ----------------------------------------------------------------------------------------

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

# --- The rest ----------------------------------------------------------------------------------------------

# virtualenv's own command line, when there is none: a bare name is a directory here.
function virtualenv
  if command -q virtualenv
    command virtualenv $argv
    return
  end
  set -l words
  set -l value 0
  for word in $argv
    if test $value = 1
      set value 0
    else if contains -- $word -p --python --prompt -i -r
      set value 1
    else if not string match -qr '^-|/' -- $word
      set word ./$word
    end
    set -a words $word
  end
  pyman venv create $words
end

function virtualenvwrapper
  echo
  echo "virtualenvwrapper, as pyman has it: environments by name, hooks, and projects."
  echo
  echo "WORKON_HOME: $WORKON_HOME"
  echo "PROJECT_HOME: $PROJECT_HOME"
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
end

for command in workon rmvirtualenv cpvirtualenv showvirtualenv
  complete -c $command -f -a '(virtualenvwrapper_show_workon_options)'
end
function _virtualenvwrapper_inside
  set -l place (string replace -r '/*$' / -- $argv[1])
  __fish_complete_directories $place(commandline -ct) | string replace -- $place ''
end
complete -c cdvirtualenv -f -a '(test -n "$VIRTUAL_ENV"; and _virtualenvwrapper_inside $VIRTUAL_ENV)'
complete -c cdsitepackages -f -a '(test -n "$VIRTUAL_ENV"; and _virtualenvwrapper_inside (virtualenvwrapper_get_site_packages_dir))'

_virtualenvwrapper_derive_home
test -n "$VIRTUALENVWRAPPER_HOOK_DIR"
or set -gx VIRTUALENVWRAPPER_HOOK_DIR $WORKON_HOME
test -n "$VIRTUALENVWRAPPER_PROJECT_FILENAME"
or set -gx VIRTUALENVWRAPPER_PROJECT_FILENAME .project
test -n "$VIRTUALENVWRAPPER_WORKON_CD"
or set -gx VIRTUALENVWRAPPER_WORKON_CD 1
_virtualenvwrapper_source_global initialize
