#: guard
# Aliases are replaced when code is read, even for `if`: none is, until `unguard`.
_pyman_aliases=-u
\builtin shopt -q expand_aliases && _pyman_aliases=-s
\builtin shopt -u expand_aliases

#: push
# Without reserved words, since `--path` stands alone. Colons are doubled so that each entry has its own.
PATH="${PATH-}"
_pyman_shims=@shims@
_pyman_path=":${PATH//:/::}:"
_pyman_path="${_pyman_path//":$_pyman_shims:"/}"
_pyman_path="${_pyman_path//::/:}"
_pyman_path="${_pyman_path#:}"
_pyman_path="${_pyman_path%:}"
\builtin export PATH="$_pyman_shims${_pyman_path:+:$_pyman_path}"
\builtin unset _pyman_shims _pyman_path

#: keep
_pyman_shims=@shims@
_pyman_path=":${PATH-}:"
\builtin test "${_pyman_path#*":$_pyman_shims:"}" != "$_pyman_path" || PATH="$_pyman_shims${PATH:+:$PATH}"
\builtin export PATH
\builtin unset _pyman_shims _pyman_path

#: last
_pyman_last=@last@
_pyman_path=":${PATH-}:"
\builtin test "${_pyman_path#*":$_pyman_last:"}" != "$_pyman_path" || PATH="${PATH:+$PATH:}$_pyman_last"
\builtin unset _pyman_last _pyman_path

#: root
\builtin export PYMAN_ROOT=@root@

#: pyenv
\builtin export PYENV_ROOT=@root@

#: shell
export PYMAN_SHELL=@shell@

pyman() {
  if test "${2-}" != --help && test "${2-}" != -h && _pyman_acts "${1-}"; then
    # Status 1: what there is to say has been said, in the code too where it is to fail.
    eval "$(@pyman@ "sh-$@" || test $? -eq 1 || \echo $'\nfalse')"
  else
    @pyman@ "$@"
  fi
}

# Whether a command acts on the calling shell.
_pyman_acts() {
  case $1 in
  activate | deactivate | rehash | setdefault | shell) return 0 ;;
  '' | -* | */*) return 1 ;;
  esac
  type -P "pyman-sh-$1" >/dev/null && return 0
  [ -d @plugins@ ] || return 1
  local plugin
  for plugin in @plugins@/*/bin/"pyman-sh-$1"; do
    [ -x "$plugin" ] && return 0
  done
  return 1
}

declare -F conda >/dev/null || conda() {
  local prefix
  prefix="$(@pyman@ which conda 2>/dev/null)" || prefix=
  prefix="${prefix%/*}"
  prefix="${prefix%/*}"
  if [ -n "$prefix" ] && [ -r "$prefix/etc/profile.d/conda.sh" ]; then
    unset -f conda
    source "$prefix/etc/profile.d/conda.sh"
    conda "$@"
  else
    command conda "$@"
  fi
}

# Rehashes when another tool has put commands into a version or an environment. A root that cannot be
# rehashed is not asked again.
_pyman_prompt() {
  local directory
  for directory in @versions@ @versions@/*/bin @versions@/*/envs @versions@/*/envs/*/bin; do
    if [ "$directory" -nt @stamp@ ]; then
      @pyman@ rehash >/dev/null 2>&1 || _pyman_prompt() { :; }
      hash -r
      break
    fi
  done
  return 0
}

# Last, so that what was there before still sees the status of the user's command.
case "${PROMPT_COMMAND[*]-}" in
*_pyman_prompt*) ;;
*)
  PROMPT_COMMAND="${PROMPT_COMMAND:+$PROMPT_COMMAND
}_pyman_prompt"
  ;;
esac

#: completion
# Files are meant where nothing that pyman knows begins so; `--help` is offered to who begins to type it.
_pyman() {
  COMPREPLY=()
  local word="${COMP_WORDS[COMP_CWORD]}" candidate
  local -a question
  question=(commands)
  [ "$COMP_CWORD" -gt 1 ] && question=(completions "${COMP_WORDS[@]:1:COMP_CWORD-1}")
  while IFS= read -r candidate; do
    if [ -n "$candidate" ] && [[ $candidate == "$word"* && ( -n $word || $candidate != --help ) ]]; then
      printf -v candidate %q "$candidate"
      COMPREPLY+=("$candidate")
    fi
  done <<<"$(@pyman@ "${question[@]}" 2>/dev/null)"
}
complete -o default -F _pyman pyman

#: unguard
shopt "$_pyman_aliases" expand_aliases
\unset _pyman_aliases

#: virtualenv-prompt
case "${PROMPT_COMMAND[*]-}" in
*_pyman_virtualenv*) ;;
*)
  PROMPT_COMMAND="${PROMPT_COMMAND:+$PROMPT_COMMAND
}_pyman_virtualenv"
  ;;
esac

# So much of a version file is compared.
#: read
IFS= read -r -d '' -n 4096 _pyman_text <"$_pyman_file"
