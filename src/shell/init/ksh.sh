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
