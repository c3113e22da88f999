# virtualenvwrapper for fish: virtualenv, help, completion, and what happens when this is loaded.

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
