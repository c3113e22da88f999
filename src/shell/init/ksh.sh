#: prompt
# The prompt is expanded each time it is shown; `${ …;}` runs in this very shell, without a process, and
# hands the status of the user's command on.
_pyman_prompt() {
  _pyman_status=$?
  for _pyman_directory in @versions@ @versions@/*/bin @versions@/*/envs @versions@/*/envs/*/bin; do
    if [ "$_pyman_directory" -nt @stamp@ ]; then
      @pyman@ rehash >/dev/null 2>&1 || _pyman_prompt() { :; }
      hash -r 2>/dev/null || :
      break
    fi
  done
  return $_pyman_status
}
case $- in
*i*)
  case ${PS1-} in
  *_pyman_prompt*) ;;
  *) PS1='${ _pyman_prompt;}'${PS1-} ;;
  esac
  ;;
esac

#: virtualenv-prompt
_pyman_virtualenv_prompt() {
  _pyman_status=$?
  _pyman_virtualenv
  return $_pyman_status
}
case $- in
*i*)
  case ${PS1-} in
  *_pyman_virtualenv_prompt*) ;;
  *) PS1='${ _pyman_virtualenv_prompt;}'${PS1-} ;;
  esac
  ;;
esac

# So much of a version file is compared.
#: read
while IFS= read -r -n 4096 _pyman_line && [ ${#_pyman_text} -lt 4096 ]; do _pyman_text="$_pyman_text:$_pyman_line"; done <"$_pyman_file"; _pyman_text="$_pyman_text:$_pyman_line"
