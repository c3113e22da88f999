# Nushell evaluates nothing a program prints, so the `sh-` commands answer with a record of variables, in
# which `null` takes one away.

#: push
$env.PATH = ($env.PATH | split row (char esep) | where {|entry| $entry != @shims@ } | prepend @shims@)

#: keep
$env.PATH = ($env.PATH | split row (char esep) | if @shims@ in $in { $in } else { $in | prepend @shims@ })

#: last
$env.PATH = ($env.PATH | split row (char esep) | if @last@ in $in { $in } else { $in | append @last@ })

#: root
$env.PYMAN_ROOT = @root@

#: pyenv
$env.PYENV_ROOT = @root@

#: completion
def "nu-complete pyman" [line: string] {
  let words = ($line | split row --regex '\s+' | skip 1 | drop 1)
  let question = (if ($words | is-empty) { [commands] } else { [completions ...$words] })
  @pyman@ ...$question | complete | get stdout | lines
}

#: shell
$env.PYMAN_SHELL = "@shell@"

# Does what the `sh-` commands answer with: records, one a line.
def --env pyman-apply [answer: string] {
  let changes = ($answer | lines | each {|line| $line | from json } | reduce --fold {} {|change, all| $all | merge $change })
  for gone in ($changes | columns | where {|name| ($changes | get $name) == null }) { hide-env --ignore-errors $gone }
  load-env ($changes | columns | where {|name| ($changes | get $name) != null } | reduce --fold {} {|name, record| $record | insert $name ($changes | get $name) })
}

# Chooses, installs and runs Pythons.
def --env --wrapped pyman [...words: string@"nu-complete pyman"] {
  let acts = (($words | get --optional 0 | default "") in [activate deactivate rehash setdefault shell])
  let help = (($words | get --optional 1 | default "") in [-h --help])
  if $words == [shell] and "PYMAN_VERSION" in $env {
    print $env.PYMAN_VERSION
  } else if $acts and not $help {
    pyman-apply (@pyman@ $"sh-($words | first)" ...($words | skip 1))
  } else {
    @pyman@ ...$words
  }
}

# Rehashes when another tool has put commands into a version or an environment.
$env.config.hooks.pre_prompt = ($env.config.hooks.pre_prompt? | default [] | append {||
  let directories = (glob ([@versions@ '{.,*/bin,*/envs,*/envs/*/bin}'] | path join) | append @versions@ | where {|entry| $entry | path exists })
  let stamp = (try { ls -D @stamp@ | get 0.modified } catch { null })
  let newer = ($directories | any {|entry| $stamp == null or (ls -D $entry | get 0.modified) > $stamp })
  if $newer { @pyman@ rehash | complete | ignore }
})

# Who types pyenv's name means the function too: `pyenv shell` and `pyenv activate` act on this shell.
#: pyenv-function
def --env --wrapped pyenv [...words: string@"nu-complete pyman"] { pyman ...$words }

#: show-version
{}

#: show-pyenv
{}

#: unset-pyenv
{"PYENV_VERSION": null}

#: set-version
{"PYMAN_VERSION": @value@, "PYMAN_VERSION_OLD": @present@}

#: unset-version
{"PYMAN_VERSION": null, "PYMAN_VERSION_OLD": @present@}

#: swap-version
{"PYMAN_VERSION": @earlier@, "PYMAN_VERSION_OLD": @present@}

#: rehash
{}

#: fail
{}

#: activate
{"PYMAN_VIRTUAL_ENV": @prefix@, "VIRTUAL_ENV": @prefix@, "VIRTUAL_ENV_PROMPT": @name@, "PYTHONHOME": null}

#: activate-version
{"PYMAN_VERSION": @version@, "PYMAN_ACTIVATE_SHELL": "1"}

#: activate-conda
{"CONDA_PREFIX": @prefix@, "CONDA_DEFAULT_ENV": @conda@}

#: deactivate
{"PYMAN_VIRTUAL_ENV": null, "VIRTUAL_ENV": null, "VIRTUAL_ENV_PROMPT": null, "PYMAN_ACTIVATE_SHELL": null}

#: deactivate-version
{"PYMAN_VERSION": null}

#: deactivate-conda
{"CONDA_PREFIX": null, "CONDA_DEFAULT_ENV": null}

#: nothing
{}

#: virtualenv
$env.PYMAN_VIRTUALENV_INIT = "1"

# Follows the version file at each prompt. The manager is asked when the directory or the variables changed.
$env.config.hooks.pre_prompt = ($env.config.hooks.pre_prompt? | default [] | append {||
  let key = [$env.PWD ($env.PYMAN_VERSION? | default "") ($env.PYENV_VERSION? | default "") ($env.VIRTUAL_ENV? | default "")]
  if $key != ($env._PYMAN_VIRTUALENV_KEY? | default []) {
    let answer = (do { @pyman@ sh-activate --quiet } | complete)
    let change = (if $answer.exit_code != 0 and ("VIRTUAL_ENV" in $env) { do { @pyman@ sh-deactivate --quiet } | complete } else { $answer })
    pyman-apply $change.stdout
    $env._PYMAN_VIRTUALENV_KEY = [$env.PWD ($env.PYMAN_VERSION? | default "") ($env.PYENV_VERSION? | default "") ($env.VIRTUAL_ENV? | default "")]
  }
})
