# Activates this environment in csh or tcsh. To be sourced: source bin/activate.csh

set _pyman_path = @path@
if (! -e "$_pyman_path:q/bin/activate.csh") then
    /bin/sh -c 'echo "activate.csh: this environment was made in $1 and moved since: run \`pyman venv repair'\'' with the directory it is in now" >&2' sh "$_pyman_path:q"
    unset _pyman_path
    exit 1
endif
if ($?0) then
    if ("$0:t" == activate.csh) then
        /bin/sh -c 'echo "activate.csh: it changes the shell that reads it, so source it: source $1" >&2' sh "$0:q"
        exit 1
    endif
endif

alias deactivate 'if ($?_OLD_VIRTUAL_PATH) eval '\''setenv PATH "$_OLD_VIRTUAL_PATH:q"; unset _OLD_VIRTUAL_PATH'\''; if ($?_OLD_VIRTUAL_NO_PATH) eval '\''unsetenv PATH; unset _OLD_VIRTUAL_NO_PATH'\''; if ($?_OLD_VIRTUAL_PYTHONHOME) eval '\''setenv PYTHONHOME "$_OLD_VIRTUAL_PYTHONHOME:q"; unset _OLD_VIRTUAL_PYTHONHOME'\''; if ($?_OLD_VIRTUAL_PROMPT) eval '\''set prompt = "$_OLD_VIRTUAL_PROMPT:q"; unset _OLD_VIRTUAL_PROMPT'\''; unsetenv VIRTUAL_ENV; unsetenv VIRTUAL_ENV_PROMPT; if ("\!:*" != nondestructive) unalias deactivate'

# What may be active already goes first.
deactivate nondestructive

setenv VIRTUAL_ENV "$_pyman_path:q"
setenv VIRTUAL_ENV_PROMPT @name@
unset _pyman_path

# Whenever PATH changes, csh forgets where commands were.
if ($?PATH) then
    set _OLD_VIRTUAL_PATH = "$PATH:q"
    setenv PATH "$VIRTUAL_ENV:q/bin:$PATH:q"
else
    set _OLD_VIRTUAL_NO_PATH
    setenv PATH "$VIRTUAL_ENV:q/bin"
endif

if ($?PYTHONHOME) then
    set _OLD_VIRTUAL_PYTHONHOME = "$PYTHONHOME:q"
    unsetenv PYTHONHOME
endif

# A prompt is expanded each time it is shown: the name is written so that it comes out as it is.
set _pyman_prompt
if ($?VIRTUAL_ENV_DISABLE_PROMPT) then
    if ("$VIRTUAL_ENV_DISABLE_PROMPT:q" != "") unset _pyman_prompt
endif
if ($?_pyman_prompt && $?prompt) then
    set _OLD_VIRTUAL_PROMPT = "$prompt:q"
    set prompt = @prompt@"$prompt:q"
endif
unset _pyman_prompt
