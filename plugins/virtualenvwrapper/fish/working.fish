# virtualenvwrapper for fish: activating an environment, and leaving it.

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
