# Activates this environment in Nushell: overlay use bin/activate.nu

export-env {
    # Where the environment was made; moved since, it is where this file is.
    const self = (path self)
    let made = @path@
    let path = if ($made | path join bin activate.nu | path exists) { $made } else { $self | path dirname --num-levels 2 }
    let name = @name@

    # What may be active already goes first.
    let earlier = ($env.VIRTUAL_ENV? | default "" | path join bin)
    let entries = ($env.PATH? | default [] | if ($in | describe) == string { $in | split row (char esep) } else { $in })
    load-env {
        VIRTUAL_ENV: $path
        VIRTUAL_ENV_PROMPT: $name
        PATH: ($entries | where {|entry| $entry != $earlier } | prepend ($path | path join bin))
    }

    hide-env --ignore-errors PYTHONHOME

    if ($env.VIRTUAL_ENV_DISABLE_PROMPT? | default "") == "" {
        $env._OLD_VIRTUAL_PROMPT = ($env._OLD_VIRTUAL_PROMPT? | default { command: $env.PROMPT_COMMAND? })
        $env.PROMPT_COMMAND = {||
            let command = $env._OLD_VIRTUAL_PROMPT.command
            let rest = if ($command | describe) == closure { do $command } else { $command | default "" }
            $"\(($env.VIRTUAL_ENV_PROMPT)\) ($rest)"
        }
    }
}

# Leaves the environment; the working directory stays.
export alias deactivate = overlay hide activate --keep-env [PWD]
