# Activates this environment in bash, zsh, ksh or another POSIX shell. To be sourced: . bin/activate

# Where the environment was made, and where this file is, as far as the shell tells.
_pyman_path=@path@
_pyman_self=
if \test -n "${ZSH_VERSION-}"; then
    \eval '_pyman_self=${(%):-%x}'
elif \test -n "${BASH_VERSION-}"; then
    _pyman_self=${BASH_SOURCE-}
else
    case ${KSH_VERSION-} in
    Version*) \eval '_pyman_self=${.sh.file}' ;;
    '@(#)'*)
        # mksh names the file in its messages alone: they are read when nothing else helps.
        if ! \test -f "$_pyman_path/bin/activate"; then
            _pyman_self=$( (: "${_pyman_nothing?}") 2>&1) || :
            _pyman_self=${_pyman_self#E: }
            _pyman_self=${_pyman_self#"$0: "}
            _pyman_self=${_pyman_self%%\[[0-9]*}
        fi
        ;;
    esac
fi

# Moved or copied since it was made: it is where this file is.
case $_pyman_self in
*/*) ;;
?*) _pyman_self=./$_pyman_self ;;
esac
if \test -n "$_pyman_self" && \test -f "${_pyman_self%/*}/../pyvenv.cfg"; then
    if ! \test "$_pyman_self" -ef "$_pyman_path/bin/activate"; then
        _pyman_path=$(
            CDPATH=
            case ${KSH_VERSION-} in
            '') \builtin cd -- "${_pyman_self%/*}/.." >/dev/null && \builtin pwd ;;
            *) \command cd -- "${_pyman_self%/*}/.." >/dev/null && \command pwd ;;
            esac
        )
    fi
fi
\unset _pyman_self
if ! \test -f "$_pyman_path/bin/activate"; then
    \echo "activate: this environment was made in $_pyman_path and moved since: run \`pyman venv repair' with the directory it is in now" >&2
    \unset _pyman_path
    \return 1 2>/dev/null || \exit 1
fi

# An executed file is `$0`; so may a sourced one be, which bash and zsh can tell.
_pyman_executed=
if \test "$0" -ef "$_pyman_path/bin/activate"; then
    _pyman_executed=yes
    case ${ZSH_EVAL_CONTEXT-} in
    *:file*) _pyman_executed= ;;
    esac
    if \test -n "${BASH_VERSION-}" && (\return 0) 2>/dev/null; then
        _pyman_executed=
    fi
fi
if \test -n "$_pyman_executed"; then
    \echo "activate: it changes the shell that reads it, so source it: . $0" >&2
    \exit 1
fi
\unset _pyman_executed

\unalias deactivate 2>/dev/null || :
deactivate() {
    if \test -n "${_OLD_VIRTUAL_PATH+x}"; then
        PATH=$_OLD_VIRTUAL_PATH
        \export PATH
        \unset _OLD_VIRTUAL_PATH
    fi
    if \test -n "${_OLD_VIRTUAL_PYTHONHOME+x}"; then
        PYTHONHOME=$_OLD_VIRTUAL_PYTHONHOME
        \export PYTHONHOME
        \unset _OLD_VIRTUAL_PYTHONHOME
    fi
    if \test -n "${_OLD_VIRTUAL_PS1+x}"; then
        PS1=$_OLD_VIRTUAL_PS1
        \unset _OLD_VIRTUAL_PS1
    fi
    case ${_OLD_VIRTUAL_UNSET-} in
    *PATH*) \unset PATH ;;
    esac
    case ${_OLD_VIRTUAL_UNSET-} in
    *PS1*) \unset PS1 ;;
    esac
    if \test -n "${_OLD_VIRTUAL_PSVAR-}"; then
        \eval 'if \test "${#psvar[@]}" -eq "$_OLD_VIRTUAL_PSVAR"; then psvar[-1]=(); fi'
    fi
    \unset _OLD_VIRTUAL_UNSET _OLD_VIRTUAL_PSVAR VIRTUAL_ENV VIRTUAL_ENV_PROMPT _PYMAN_PROMPT
    if \test "${1-}" != nondestructive; then
        \unset -f deactivate
    fi
    \hash -r 2>/dev/null || :
}

# What may be active already goes first.
\deactivate nondestructive

VIRTUAL_ENV=$_pyman_path
\export VIRTUAL_ENV
VIRTUAL_ENV_PROMPT=@name@
\export VIRTUAL_ENV_PROMPT
\unset _pyman_path

_OLD_VIRTUAL_UNSET=
if \test -n "${PATH+x}"; then
    _OLD_VIRTUAL_PATH=$PATH
else
    _OLD_VIRTUAL_UNSET=PATH
fi
PATH="$VIRTUAL_ENV/bin${PATH:+:$PATH}"
\export PATH

if \test -n "${PYTHONHOME+x}"; then
    _OLD_VIRTUAL_PYTHONHOME=$PYTHONHOME
    \unset PYTHONHOME
fi

# The shell expands a prompt each time it shows it, each in its own way: the name is written so that it
# comes out as it is.
if \test -z "${VIRTUAL_ENV_DISABLE_PROMPT-}"; then
    if \test -n "${ZSH_VERSION-}"; then
        case $VIRTUAL_ENV_PROMPT in
        *[%!\\\$\`]*) \eval 'psvar+=("$VIRTUAL_ENV_PROMPT") _OLD_VIRTUAL_PSVAR=${#psvar[@]} _pyman_prompt="%${#psvar[@]}v"' ;;
        *) _pyman_prompt=$VIRTUAL_ENV_PROMPT ;;
        esac
    elif \test -n "${BASH_VERSION-}"; then
        _pyman_prompt=@bash@
    else
        # Expanded once, at each display, and so in a shell that inherits the prompt. ksh93 then puts the number of
        # the command for a `!`, and one for two.
        case ${KSH_VERSION-}:$VIRTUAL_ENV_PROMPT in
        Version*:*[\\\$\`\'\"!]*)
            \eval '_PYMAN_PROMPT=${VIRTUAL_ENV_PROMPT//!/!!}'
            \export _PYMAN_PROMPT
            _pyman_prompt='${_PYMAN_PROMPT-}'
            ;;
        *:*[\\\$\`\'\"!]*) _pyman_prompt='${VIRTUAL_ENV_PROMPT-}' ;;
        *) _pyman_prompt=$VIRTUAL_ENV_PROMPT ;;
        esac
    fi
    if \test -n "${PS1+x}"; then
        _OLD_VIRTUAL_PS1=$PS1
    else
        _OLD_VIRTUAL_UNSET="$_OLD_VIRTUAL_UNSET PS1"
    fi
    PS1="($_pyman_prompt) ${PS1-}"
    \unset _pyman_prompt
fi

\hash -r 2>/dev/null || :
