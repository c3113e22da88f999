# Activates this environment in fish. To be sourced: source bin/activate.fish

function deactivate -d 'Leave the active environment'
    if set -q _OLD_VIRTUAL_PATH
        set -gx PATH $_OLD_VIRTUAL_PATH
        set -e _OLD_VIRTUAL_PATH
    end
    if set -q _OLD_VIRTUAL_PYTHONHOME
        set -gx PYTHONHOME $_OLD_VIRTUAL_PYTHONHOME
        set -e _OLD_VIRTUAL_PYTHONHOME
    end
    if builtin contains PATH $_OLD_VIRTUAL_UNSET
        set -e PATH
    end
    # A prompt that was put in place of ours is left alone.
    if functions -q _pyman_old_fish_prompt
        if functions fish_prompt | string match -q '*_pyman_old_fish_prompt*'
            functions -e fish_prompt
            functions -c _pyman_old_fish_prompt fish_prompt
        end
        functions -e _pyman_old_fish_prompt
    end
    set -e _OLD_VIRTUAL_UNSET
    set -e VIRTUAL_ENV
    set -e VIRTUAL_ENV_PROMPT
    if test "$argv[1]" != nondestructive
        functions -e deactivate
    end
    return 0
end

# Where the environment was made; moved or copied since, it is where this file is.
set -l path @path@
set -l self (status filename)
set -l directory (string replace -r '/[^/]*$' '' -- ./$self)
if string match -q '/*' -- $self
    set directory (string replace -r '/[^/]*$' '' -- $self)
end
if test -f $directory/../pyvenv.cfg; and not test (builtin realpath -- $self) = (builtin realpath -- $path/bin/activate.fish 2>/dev/null; or echo /)
    set path (builtin realpath -s -- $directory/..)
end

# A sourced file is a block of its own; what `status` prints besides is translated.
status is-block
or begin
    echo "activate.fish: it changes the shell that reads it, so source it: source $self" >&2
    exit 1
end
if not test -f $path/bin/activate.fish
    echo "activate.fish: this environment was made in $path and moved since: run `pyman venv repair' with the directory it is in now" >&2
    return 1
end

# What may be active already goes first.
deactivate nondestructive

set -gx VIRTUAL_ENV $path
set -gx VIRTUAL_ENV_PROMPT @name@

set -g _OLD_VIRTUAL_UNSET
if set -q PATH
    set -g _OLD_VIRTUAL_PATH $PATH
else
    set -g _OLD_VIRTUAL_UNSET PATH
end
set -gx PATH $VIRTUAL_ENV/bin $PATH

if set -q PYTHONHOME
    set -g _OLD_VIRTUAL_PYTHONHOME $PYTHONHOME
    set -e PYTHONHOME
end

if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"; and functions -q fish_prompt
    functions -c fish_prompt _pyman_old_fish_prompt
    # The user's prompt first, so that it sees $status and $pipestatus of the last command.
    function fish_prompt
        set -l rest (_pyman_old_fish_prompt | string collect -N)
        printf '(%s) %s' $VIRTUAL_ENV_PROMPT "$rest"
    end
end
