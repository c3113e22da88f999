# Activating an environment in POSIX shells as pyenv-virtualenv does: the shims find it through VIRTUAL_ENV,
# so PATH stays as it is.

#: activate
export PYMAN_VIRTUAL_ENV=@prefix@
export VIRTUAL_ENV=@prefix@
export VIRTUAL_ENV_PROMPT=@name@
if [ -n "${PYTHONHOME-}" ]; then
  _OLD_VIRTUAL_PYTHONHOME="$PYTHONHOME"
  unset PYTHONHOME
fi
_pyman_deactivate() { eval "$(@pyman@ sh-deactivate || test $? -eq 1 || { echo; echo false; })"; }
# An alias of that name would be what gets defined.
unalias deactivate 2>/dev/null || :
eval 'deactivate() { _pyman_deactivate; }'

#: activate-version
export PYMAN_VERSION=@version@
export PYMAN_ACTIVATE_SHELL=1

#: activate-prompt
if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then
  _OLD_VIRTUAL_PS1="${PS1-}"
  PS1=@prompt@"${PS1-}"
fi

#: activate-conda
export CONDA_PREFIX=@prefix@
export CONDA_DEFAULT_ENV=@conda@

#: source
. @script@

#: deactivate
# A script of the environment's own brought a function that knows what to undo.
if [ -n "${_OLD_VIRTUAL_PATH+x}" ]; then
  deactivate
else
  if [ -n "${_OLD_VIRTUAL_PYTHONHOME+x}" ]; then
    export PYTHONHOME="$_OLD_VIRTUAL_PYTHONHOME"
    unset _OLD_VIRTUAL_PYTHONHOME
  fi
  if [ -n "${_OLD_VIRTUAL_PS1+x}" ]; then
    PS1="$_OLD_VIRTUAL_PS1"
    unset _OLD_VIRTUAL_PS1
  fi
  unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT || :
  unset -f deactivate 2>/dev/null || :
fi
unset PYMAN_VIRTUAL_ENV || :
if [ -n "${PYMAN_ACTIVATE_SHELL-}" ]; then
  unset PYMAN_VERSION PYMAN_ACTIVATE_SHELL || :
fi

#: deactivate-conda
unset CONDA_PREFIX CONDA_DEFAULT_ENV || :

#: nothing
true

#: read
IFS= read -r _pyman_text <"$_pyman_file"

#: virtualenv
export PYMAN_VIRTUALENV_INIT=1

# Follows the version file at each prompt. The manager is asked when the directory, the variables, or what
# the file says changed; else this starts no process.
_pyman_virtualenv() {
  _pyman_directory="$PWD"
  _pyman_file=@root@/version
  while :; do
    if [ -f "$_pyman_directory/.python-version" ]; then
      _pyman_file="$_pyman_directory/.python-version"
      break
    fi
    [ -n "$_pyman_directory" ] || break
    _pyman_directory="${_pyman_directory%/*}"
  done
  _pyman_text=
  if [ -f "$_pyman_file" ] && [ -r "$_pyman_file" ]; then
    @read@ || :
  fi
  [ "$PWD:${PYMAN_VERSION-}:${PYENV_VERSION-}:${VIRTUAL_ENV-}:$_pyman_file:$_pyman_text" != "${_pyman_virtualenv_key-}" ] || return 0
  if [ -n "${VIRTUAL_ENV-}" ]; then
    eval "$(@pyman@ sh-activate --quiet || @pyman@ sh-deactivate --quiet || :)" || :
  else
    eval "$(@pyman@ sh-activate --quiet || :)" || :
  fi
  _pyman_virtualenv_key="$PWD:${PYMAN_VERSION-}:${PYENV_VERSION-}:${VIRTUAL_ENV-}:$_pyman_file:$_pyman_text"
}
