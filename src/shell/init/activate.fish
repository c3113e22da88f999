# Activating an environment in fish as pyenv-virtualenv does: the shims find it through VIRTUAL_ENV, so PATH
# stays as it is.

#: activate
set -gx PYMAN_VIRTUAL_ENV @prefix@
set -gx VIRTUAL_ENV @prefix@
set -gx VIRTUAL_ENV_PROMPT @name@
if test -n "$PYTHONHOME"
  set -g _OLD_VIRTUAL_PYTHONHOME $PYTHONHOME
  set -e PYTHONHOME
end
function deactivate
  @pyman@ sh-deactivate | source
end

#: activate-version
set -gx PYMAN_VERSION @version@
set -gx PYMAN_ACTIVATE_SHELL 1

#: activate-prompt
if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"; and functions -q fish_prompt
  functions -c fish_prompt _pyman_old_prompt
  function _pyman_return
    return $argv[1]
  end
  function fish_prompt
    set -l _pyman_status $status
    printf %s @prompt@
    _pyman_return $_pyman_status
    _pyman_old_prompt
  end
end

#: activate-conda
set -gx CONDA_PREFIX @prefix@
set -gx CONDA_DEFAULT_ENV @conda@

#: source
source @script@

#: deactivate
# A script of the environment's own brought a function that knows what to undo.
if set -q _OLD_VIRTUAL_PATH; and functions -q deactivate
  deactivate
else
  if set -q _OLD_VIRTUAL_PYTHONHOME
    set -gx PYTHONHOME $_OLD_VIRTUAL_PYTHONHOME
    set -e _OLD_VIRTUAL_PYTHONHOME
  end
  if functions -q _pyman_old_prompt
    functions -e fish_prompt
    functions -c _pyman_old_prompt fish_prompt
    functions -e _pyman_old_prompt _pyman_return
  end
  set -e VIRTUAL_ENV
  set -e VIRTUAL_ENV_PROMPT
  functions -e deactivate
end
set -e PYMAN_VIRTUAL_ENV
if set -q PYMAN_ACTIVATE_SHELL
  set -e PYMAN_VERSION
  set -e PYMAN_ACTIVATE_SHELL
end
true

#: deactivate-conda
set -e CONDA_PREFIX
set -e CONDA_DEFAULT_ENV

#: nothing
true

#: virtualenv
set -gx PYMAN_VIRTUALENV_INIT 1

# Follows the version file at each prompt. The manager is asked when the directory, the variables, or what
# the file says changed; else this starts no process.
function _pyman_virtualenv --on-event fish_prompt
  set -l directory $PWD
  set -l file @root@/version
  while true
    if test -f "$directory/.python-version"
      set file "$directory/.python-version"
      break
    end
    test -n "$directory"; or break
    set directory (string replace -r '/[^/]*$' '' -- "$directory" | string collect)
  end
  set -l text
  test -f $file; and test -r $file; and read -z -n 4096 text <$file
  test "$PWD:$PYMAN_VERSION:$PYENV_VERSION:$VIRTUAL_ENV:$file:$text" = "$_pyman_virtualenv_key"
  and return 0
  if test -n "$VIRTUAL_ENV"
    begin
      @pyman@ sh-activate --quiet
      or @pyman@ sh-deactivate --quiet
    end | source
  else
    @pyman@ sh-activate --quiet | source
  end
  set -g _pyman_virtualenv_key "$PWD:$PYMAN_VERSION:$PYENV_VERSION:$VIRTUAL_ENV:$file:$text"
end
