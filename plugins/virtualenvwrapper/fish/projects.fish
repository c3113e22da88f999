# virtualenvwrapper for fish: project directories.

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
        echo "  -f, --force   make the environment even if the project directory exists"
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
  test -d $PROJECT_HOME/$name
  or echo "Creating $PROJECT_HOME/$name"
  command mkdir -p -- $PROJECT_HOME/$name
  or return $status
  setvirtualenvproject $VIRTUAL_ENV $PROJECT_HOME/$name
  or return $status
  builtin cd $PROJECT_HOME/$name
  or return $status
  _virtualenvwrapper_source_global postmkproject
end
