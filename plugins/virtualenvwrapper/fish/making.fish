# virtualenvwrapper for fish: making, copying and removing environments.

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
    # By pyman, with what it keeps of an environment elsewhere; what is none goes all the same.
    pyman venv remove -- $directory >/dev/null 2>&1
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
