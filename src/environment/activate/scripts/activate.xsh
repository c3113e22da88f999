"""Activates this environment in xonsh. To be sourced: source bin/activate.xsh"""


def _pyman_activate(file):
    import os

    env = __xonsh__.env
    before = {}

    def change(name, value):
        before.setdefault(name, env[name] if name in env else None)
        if value is not None:
            env[name] = value
        elif name in env:
            del env[name]

    def deactivate(args=()):
        for name, value in before.items():
            if value is not None:
                env[name] = value
            elif name in env:
                del env[name]
        before.clear()
        __xonsh__._pyman_deactivate = None
        if "nondestructive" not in args:
            aliases.pop("deactivate", None)

    # What may be active already goes first.
    if getattr(__xonsh__, "_pyman_deactivate", None):
        __xonsh__._pyman_deactivate()

    # Where the environment was made; moved since, it is where this file is.
    path = os.fsdecode(b"@path@")
    if file and not os.path.exists(os.path.join(path, "bin", "activate.xsh")):
        path = os.path.dirname(os.path.dirname(os.path.abspath(file)))

    before.update({"VIRTUAL_ENV": None, "VIRTUAL_ENV_PROMPT": None})
    change("VIRTUAL_ENV", path)
    change("VIRTUAL_ENV_PROMPT", os.fsdecode(b"@name@"))
    change("PATH", [os.path.join(path, "bin")] + (list(env["PATH"]) if "PATH" in env else []))
    change("PYTHONHOME", None)

    # `{env_name}` is what `VIRTUAL_ENV_PROMPT` says.
    prompt = env["PROMPT"] if "PROMPT" in env else None
    if isinstance(prompt, str) and not env.get("VIRTUAL_ENV_DISABLE_PROMPT"):
        if "{env_name}" in prompt:
            change("PROMPT", prompt.replace("{env_name}", "({env_name}) ", 1))
        else:
            change("PROMPT", "({env_name}) " + prompt)

    aliases["deactivate"] = deactivate
    __xonsh__._pyman_deactivate = deactivate


_pyman_activate(globals().get("__file__"))
del _pyman_activate
