#: push
set -l _pyman_shims @shims@
while set -l _pyman_index (builtin contains -i -- $_pyman_shims $PATH)
  set -e PATH[$_pyman_index]
end
set -gx PATH @shims@ $PATH

#: keep
builtin contains -- @shims@ $PATH
or set -gx PATH @shims@ $PATH

#: last
builtin contains -- @last@ $PATH
or set -gx PATH $PATH @last@

#: root
set -gx PYMAN_ROOT @root@

#: pyenv
set -gx PYENV_ROOT @root@

#: shell
set -gx PYMAN_SHELL @shell@

function pyman
  if builtin contains -- "$argv[2]" -h --help; or not _pyman_acts "$argv[1]"
    @pyman@ $argv
  else
    begin
      @pyman@ sh-$argv[1] $argv[2..]
      # Status 1: what there is to say has been said, in the code too where it is to fail.
      or test $status -eq 1
      or builtin printf '\nfalse\n'
    end | source
  end
end

# Whether a command acts on the calling shell.
function _pyman_acts
  builtin contains -- $argv[1] activate deactivate rehash setdefault shell
  and return 0
  builtin string match -qr '^$|^-|/' -- $argv[1]
  and return 1
  builtin type -q pyman-sh-$argv[1]
  and return 0
  for plugin in @plugins@/*/bin/pyman-sh-*
    builtin string match -q -- '*/pyman-sh-'$argv[1] $plugin
    and test -x $plugin
    and return 0
  end
  return 1
end

if not functions -q conda
  function conda
    set -l prefix (@pyman@ which conda 2>/dev/null | builtin string replace -r '/bin/conda$' '')
    if test -n "$prefix"; and test -r "$prefix/etc/fish/conf.d/conda.fish"
      functions -e conda
      source "$prefix/etc/fish/conf.d/conda.fish"
      conda $argv
    else
      command conda $argv
    end
  end
end

# Rehashes when another tool has put commands into a version or an environment. A root that cannot be
# rehashed is not asked again.
function _pyman_prompt --on-event fish_prompt
  for directory in @versions@ @versions@/*/bin @versions@/*/envs @versions@/*/envs/*/bin
    if test $directory -nt @stamp@
      @pyman@ rehash >/dev/null 2>&1
      or functions -e _pyman_prompt
      break
    end
  end
end

#: completion
# Files are meant where nothing that pyman knows begins so; `--help` is offered to who begins to type it.
function _pyman_candidates
  set -l words (commandline -opc)
  set -l word (commandline -ct)
  set -l begins '^'(builtin string escape --style=regex -- "$word")
  set -l candidates (@pyman@ completions --described $words[2..] 2>/dev/null | builtin string match -r -- "$begins.*")
  test -z "$word"; and set -q candidates[1]
  and set candidates (builtin string match -rv -- '^--help(\t|$)' $candidates)
  if set -q candidates[1]
    builtin printf '%s\n' $candidates
  else
    __fish_complete_path "$word"
  end
end
complete -c pyman -e
complete -c pyman -f -a '(_pyman_candidates)'

# Who types pyenv's name means the function too: `pyenv shell` and `pyenv activate` act on this shell.
#: pyenv-function
function pyenv
  pyman $argv
end

#: show-version
echo "$PYMAN_VERSION"

#: show-pyenv
echo "$PYENV_VERSION"

#: unset-pyenv
set -e PYENV_VERSION

#: set-version
set -gu PYMAN_VERSION_OLD "$PYMAN_VERSION"
set -gx PYMAN_VERSION @value@

#: unset-version
set -gu PYMAN_VERSION_OLD "$PYMAN_VERSION"
set -e PYMAN_VERSION

#: swap-version
if set -q PYMAN_VERSION_OLD
  if [ -n "$PYMAN_VERSION_OLD" ]
    set PYMAN_VERSION_OLD_ "$PYMAN_VERSION"
    set -gx PYMAN_VERSION "$PYMAN_VERSION_OLD"
    set -gu PYMAN_VERSION_OLD "$PYMAN_VERSION_OLD_"
    set -e PYMAN_VERSION_OLD_
  else
    set -gu PYMAN_VERSION_OLD "$PYMAN_VERSION"
    set -e PYMAN_VERSION
  end
else
  echo "pyman: PYMAN_VERSION_OLD is not set" >&2
  false
end

#: rehash
@pyman@ rehash

#: fail
false
