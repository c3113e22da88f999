#: guard
# Aliases are replaced when code is read, even for `if`, and quotes may have to end with their line: neither is so, until
# `unguard`.
_pyman_aliases="${${options[aliases]/off/no_aliases}/on/aliases}"
_pyman_quotes="${${options[cshjunkiequotes]/off/no_cshjunkiequotes}/on/cshjunkiequotes}"
'builtin' 'setopt' 'no_aliases' 'no_cshjunkiequotes'

#: push
_pyman_shims=@shims@
_pyman_path=":${${PATH-}//:/::}:"
_pyman_path="${_pyman_path//":$_pyman_shims:"/}"
_pyman_path="${_pyman_path//::/:}"
_pyman_path="${_pyman_path#:}"
_pyman_path="${_pyman_path%:}"
'builtin' 'export' PATH="$_pyman_shims${_pyman_path:+:$_pyman_path}"
'builtin' 'unset' '_pyman_shims' '_pyman_path'

#: keep
_pyman_shims=@shims@
_pyman_path=":${PATH-}:"
'builtin' 'test' "${_pyman_path#*":$_pyman_shims:"}" '!=' "$_pyman_path" || PATH="$_pyman_shims${PATH:+:$PATH}"
'builtin' 'export' 'PATH'
'builtin' 'unset' '_pyman_shims' '_pyman_path'

#: last
_pyman_last=@last@
_pyman_path=":${PATH-}:"
'builtin' 'test' "${_pyman_path#*":$_pyman_last:"}" '!=' "$_pyman_path" || PATH="${PATH:+$PATH:}$_pyman_last"
'builtin' 'unset' '_pyman_last' '_pyman_path'

#: root
'builtin' 'export' PYMAN_ROOT=@root@

#: pyenv
'builtin' 'export' PYENV_ROOT=@root@

#: shell
export PYMAN_SHELL=@shell@

pyman() {
  if test "${2-}" != --help && test "${2-}" != -h && _pyman_acts "${1-}"; then
    # Status 1: what there is to say has been said, in the code too where it is to fail.
    eval "$(@pyman@ "sh-$@" || test $? -eq 1 || \print -l '' false)"
  else
    @pyman@ "$@"
  fi
}

# Whether a command acts on the calling shell.
_pyman_acts() {
  emulate -L zsh
  case $1 in
  (activate|deactivate|rehash|setdefault|shell) return 0 ;;
  (''|-*|*/*) return 1 ;;
  esac
  (( ${+commands[pyman-sh-$1]} )) && return 0
  local -a plugins
  plugins=(@plugins@/*/bin/"pyman-sh-$1"(Nx))
  (( $#plugins ))
}

(( ${+functions[conda]} )) || conda() {
  local prefix
  prefix="$(@pyman@ which conda 2>/dev/null)" || prefix=
  prefix="${prefix%/*}"
  prefix="${prefix%/*}"
  if [[ -n $prefix && -r $prefix/etc/profile.d/conda.sh ]]; then
    unset -f conda
    source "$prefix/etc/profile.d/conda.sh"
    conda "$@"
  else
    command conda "$@"
  fi
}

# Rehashes when another tool has put commands into a version or an environment. A root that cannot be
# rehashed is not asked again. Completion is registered here too when compinit ran after us.
_pyman_prompt() {
  emulate -L zsh
  local directory
  for directory in @versions@(N) @versions@/*/bin(N) @versions@/*/envs(N) @versions@/*/envs/*/bin(N); do
    if [[ $directory -nt @stamp@ || ! -e @stamp@ ]]; then
      @pyman@ rehash >/dev/null 2>&1 || _pyman_prompt() { :; }
      rehash
      break
    fi
  done
  (( ${+functions[compdef]} )) && [[ -z ${_comps[pyman]-} ]] && compdef _pyman pyman
  return 0
}
typeset -ga precmd_functions
precmd_functions=("${(@)precmd_functions:#_pyman_prompt}" _pyman_prompt)

#: completion
# Files are meant where nothing that pyman knows begins so; `--help` is offered to who begins to type it.
_pyman() {
  local line
  local -a described
  for line in "${(@f)$(@pyman@ completions --described "${(@)words[2,CURRENT-1]}" 2>/dev/null)}"; do
    if [[ $line == *$'\t'* ]]; then
      described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    elif [[ -n $line ]]; then
      described+=("${line//:/\\:}")
    fi
  done
  [[ -n $PREFIX ]] || described=("${(@)described:#--help:*}")
  _describe pyman described || _default
}

#: completing
# Where compinit never runs, zsh has an older way.
_pyman_reply() {
  emulate -L zsh
  local -a words question
  read -cA words
  question=(commands)
  (( $#words > 2 )) && question=(completions "${(@)words[2,-2]}")
  reply=("${(@f)$(@pyman@ $question 2>/dev/null)}")
}
if (( ${+functions[compdef]} )); then
  compdef _pyman pyman
elif [[ -o interactive ]]; then
  compctl -f -K _pyman_reply pyman
fi

#: unguard
'builtin' 'setopt' "$_pyman_aliases" "$_pyman_quotes"
'builtin' 'unset' '_pyman_aliases' '_pyman_quotes'

#: virtualenv-prompt
typeset -ga precmd_functions
precmd_functions=("${(@)precmd_functions:#_pyman_virtualenv}" _pyman_virtualenv)

# So much of a version file is compared.
#: read
IFS= read -r -k 4096 -u 0 _pyman_text <"$_pyman_file"
