# virtualenvwrapper for fish: lists and details.

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
  if test -f $place/_virtualenv_path_extensions.pth
    echo
    echo "_virtualenv_path_extensions.pth:"
    command cat $place/_virtualenv_path_extensions.pth
  end
end
