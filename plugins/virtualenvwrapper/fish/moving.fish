# virtualenvwrapper for fish: changing directory.

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
