# virtualenvwrapper for fish: the user's hooks, run or sourced when they exist.

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
