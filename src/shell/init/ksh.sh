#: prompt
# The prompt is expanded each time it is shown; `${ …;}` runs in this very shell, without a process.
_pyman_prompt() {
  for _pyman_directory in @versions@ @versions@/*/bin @versions@/*/envs @versions@/*/envs/*/bin; do
    if \test "$_pyman_directory" -nt @stamp@; then
      @pyman@ rehash >/dev/null 2>&1 || _pyman_prompt() { :; }
      \hash -r
      break
    fi
  done
  \unset _pyman_directory
  return 0
}
case $- in
*i*)
  case ${PS1-} in
  *_pyman_prompt*) ;;
  *) PS1='${ _pyman_prompt;}'${PS1-} ;;
  esac
  ;;
esac
