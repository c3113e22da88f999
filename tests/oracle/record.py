#!/usr/bin/env python3
"""Records what pyenv answers in a few hundred situations, one JSON object a line: tests/oracle/pyenv.jsonl.

  record.py PYENV > pyenv.jsonl        (PYENV: the pyenv program; it is run over trees made here, never over its own)

The first line is the tree of fake versions. A situation is a tree of fake versions, version files, variables and a command line. Names are neutral: `{root}`,
`{work}` and `{sandbox}` stand for directories, PYMAN for the variables' prefix and pyman for the program. Situations
where pyenv's answer is a defect that we mend on purpose carry the reason in `wart`: there only their being known counts.
"""
import itertools, json, os, shutil, subprocess, sys, tempfile

TREE = {  # version -> commands beside python and pip
    "2.7.18": ["python2.7"],
    "3.9.18": ["python3.9", "python3", "tox"],
    "3.11.9": ["python3.11", "python3", "black"],
    "3.12.1": ["python3.12", "python3", "tox"],
    "3.12.10": ["python3.12", "python3"],
    "3.13.0rc2": ["python3.13", "python3"],
    "3.13.1t": ["python3.13t", "python3"],
    "pypy3.10-7.3.17": ["pypy3.10", "python3", "python3.10"],
    "pypy3.10-7.3.9": ["pypy3.10", "python3", "python3.10"],
    "miniforge3-24.11.0-0": ["conda", "python3", "python3.12"],
    "mine": ["python3", "special"],
}
ENVS = {"3.12.1/envs/web": ["flask"], "3.9.18/envs/old": []}
LINKS = {"web": "{root}/versions/3.12.1/envs/web", "stable": "3.12.1", "outside": "{sandbox}/elsewhere"}


def program(path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write('#!/bin/sh\necho "$0" "$@"\n')
    os.chmod(path, 0o755)


def build(sandbox, tree=True):
    root = f"{sandbox}/pyman"
    os.makedirs(f"{root}/versions"); os.makedirs(f"{sandbox}/work/sub"); os.makedirs(f"{sandbox}/home")
    for name in ("python", "python3", "sysonly"):
        program(f"{sandbox}/sys/bin/{name}")
    program(f"{sandbox}/elsewhere/bin/python"); program(f"{sandbox}/elsewhere/bin/far")
    if not tree:
        return
    for version, commands in {**TREE, **ENVS}.items():
        for command in ["python", "pip", *commands]:
            program(f"{root}/versions/{version}/bin/{command}")
    for name, target in LINKS.items():
        os.symlink(target.format(root=root, sandbox=sandbox), f"{root}/versions/{name}")
    with open(f"{root}/versions/3.12.1/bin/notes", "w") as f:
        f.write("not executable\n")


def situations():
    entries = ["3.12.1", "3.12", "3", "3.1", "2.7", "pypy3.10", "3.13.0rc2", "3.13", "3.13t", "python-3.12", "mine", "web",
               "3.12.1/envs/web", "stable", "outside", "system", "3.99", "nothere", "miniforge3-24.11.0-0"]
    for entry in entries:
        variable = {"PYMAN_VERSION": entry}
        for arguments in (["version"], ["version", "--bare"], ["version-name"], ["which", "python"], ["prefix"], ["exec", "python", "-c", "a b"]):
            yield dict(variables=variable, arguments=arguments)
        yield dict(files={"work/.python-version": entry + "\n"}, arguments=["version"])
        yield dict(files={"pyman/version": entry + "\n"}, arguments=["version"])
        yield dict(arguments=["latest", entry])
        yield dict(arguments=["prefix", entry])
        yield dict(arguments=["local", entry], after=["work/.python-version"])
        yield dict(arguments=["global", entry], after=["pyman/version"])
        yield dict(variables=variable, arguments=["which", "python3"])
    contents = ["3.12.1\n3.11.9\n", "3.12.1\r\n", "  3.12.1  # words\n", "# only\n\n", "", "\n\n3.9\n", "3.12.1", "3.99\n3.11.9\n", "../../x\n3.9\n",
                "/etc\n", "3.12.1/envs/web\n", "3.9 3.11\n", "system\n3.9\n", "\t3.11\n", "..\n"]
    for text in contents:
        for arguments in (["version"], ["version-name"], ["local"], ["which", "python"], ["which", "tox"], ["which", "black"], ["exec", "python"], ["versions"], ["prefix"],
                          ["version-file-read", "{work}/.python-version"], ["version-origin"], ["version-file"]):
            yield dict(files={"work/.python-version": text}, arguments=arguments)
        yield dict(files={"pyman/version": text}, arguments=["global"])
    for value in ["3.12.1:3.11.9", "3.99:3.9", "system:3.9", "3.9:system", "nothere:alsonot"]:
        for arguments in (["version"], ["version-name"], ["which", "black"], ["which", "tox"], ["which", "sysonly"], ["which", "far"], ["prefix"], ["versions"], ["exec", "black", "x"]):
            yield dict(variables={"PYMAN_VERSION": value}, arguments=arguments)
    for arguments in (["versions"], ["versions", "--bare"], ["versions", "--bare", "--skip-aliases"], ["versions", "--skip-envs"], ["versions", "--bare", "--skip-aliases", "--skip-envs"],
                      ["versions", "--nonsense"], ["version", "--nonsense"], ["root"], ["shims"], ["shims", "--short"], ["whence", "tox"], ["whence", "--path", "tox"], ["whence", "python"], ["whence", "nothing"],
                      ["whence", "notes"], ["whence"], ["which"], ["exec"], ["which", "notes"], ["which", "nothing"], ["which", "tox"], ["which", "sysonly", "--nosystem"], ["which", "sysonly"], ["which", "tox", "--skip-advice"],
                      ["version-file-write"], ["version-file-write", "f"], ["version-file-write", "f", "3.12", "3.9"], ["version-file-write", "f", "3.99"], ["version-file-write", "-f", "f", "3.99"],
                      ["version-file-read", "nofile"], ["version-file-read"], ["version-file", "{work}/sub"], ["version-origin"], ["version-file"], ["local"], ["local", "--unset"], ["local", "-f", "3.99"], ["local", "3.9", "3.12"],
                      ["local", "3.9", "3.99"], ["global"], ["global", "3.9", "3.12"], ["global", "3.99"], ["global", "3.9", "nothere"], ["latest", "3.1"], ["latest", "3.13"], ["latest", "3.13t"], ["latest", "pypy3"],
                      ["prefix", "3.12", "3.9"], ["prefix", "3.12", "3.99"], ["prefix", "system"], ["hooks"], ["completions"], ["shell"], ["shell", "3.9"], ["nonsense"],
                      ["help", "nonsense"], ["exec", "nothing"], ["exec", "sysonly", "1"]):
        yield dict(arguments=arguments, after=["work/f", "work/.python-version", "pyman/version"])
    for where in ("work/sub",):
        yield dict(files={"work/.python-version": "3.9\n"}, directory=where, arguments=["version"])
        yield dict(files={"work/.python-version": "3.9\n", "work/sub/.python-version": "3.11\n"}, directory=where, arguments=["version"])
        yield dict(files={"work/.python-version": "3.9\n"}, directory=where, arguments=["local"])
        yield dict(files={"work/.python-version": "3.9\n"}, directory=where, variables={"PYMAN_DIR": "{sandbox}/elsewhere"}, arguments=["version"])
        yield dict(files={"elsewhere/.python-version": "3.11\n", "work/.python-version": "3.9\n"}, variables={"PYMAN_DIR": "{sandbox}/elsewhere"}, arguments=["version"])
        yield dict(files={"elsewhere/.python-version": "3.11\n", "work/.python-version": "3.9\n"}, variables={"PYMAN_DIR": "{sandbox}/elsewhere"}, arguments=["local"])
        yield dict(variables={"PYMAN_DIR": "{sandbox}/nowhere"}, arguments=["version"])
        yield dict(files={"work/.python-version": ""}, directory=where, arguments=["version"])
    for arguments in (["versions"], ["versions", "--bare"], ["version"], ["which", "python"], ["global", "3.9"], ["latest", "3"]):
        yield dict(tree=False, arguments=arguments)
    for one, other in itertools.permutations(["3.12", "3.99", "system"], 2):
        yield dict(variables={"PYMAN_VERSION": one}, files={"work/.python-version": other + "\n"}, arguments=["version"])
        yield dict(files={"work/.python-version": one + "\n", "pyman/version": other + "\n"}, arguments=["which", "python"])
    # Words that are overlooked, words that are empty, options given twice.
    for arguments in (["root", "x"], ["root", "--nonsense"], ["latest", "3.12", "x"], ["latest", "3.12", "--nonsense"], ["shims", "x"], ["shims", "--nonsense"],
                      ["which", "python", "x"], ["which", "python", "--nonsense"], ["which", ""], ["which", "", "--skip-advice"], ["exec", ""], ["exec", "python", ""], ["whence", ""], ["whence", "tox", "x"],
                      ["hooks", ""], ["completions", ""], ["prefix", ""], ["prefix", "", "3.9"], ["prefix", "3.9", ""], ["prefix", "3.9:2.7"], ["global", ""], ["global", "", "3.9"], ["global", "3.9", ""],
                      ["global", "3.9:2.7"], ["global", "3.9:3.99"], ["local", ""], ["local", "", "3.9"], ["local", "3.9:2.7"], ["version-file", ""], ["version-file-read", ""],
                      ["version-file-write", "", "3.9"], ["version-file-write", "f", ""], ["version-file-write", "f", "3.9", ""], ["version-name", "x"], ["version-name", "--nonsense"],
                      ["version-origin", "x"], ["version-origin", "--nonsense"], ["version", "x"], ["uninstall"], ["uninstall", ""], ["uninstall", "-f", ""], ["uninstall", "3.9.18", ""], ["uninstall", "-f", "3.99"],
                      ["versions", "--bare", "--bare"], ["versions", "x"], ["commands", "--sh", "x"], ["rehash", "x"], ["rehash", "--nonsense"]):
        yield dict(files={"work/.python-version": "3.12.1\n"}, arguments=arguments, after=["work/f", "work/.python-version", "pyman/version"])
    for arguments in (["sh-shell"], ["sh-shell", ""], ["sh-shell", "3.9"], ["sh-shell", "3.9", "2.7"], ["sh-shell", "3.99"], ["sh-shell", "--nonsense"], ["sh-shell", "--unset"], ["sh-shell", "--unset", "x"],
                      ["sh-activate"], ["sh-activate", ""], ["sh-activate", "nothere"], ["sh-activate", "-q", "nothere"], ["sh-activate", "--nonsense"], ["sh-activate", "--unset"], ["sh-activate", "-q", "--unset"],
                      ["sh-deactivate"], ["sh-deactivate", "x"], ["sh-deactivate", "--nonsense"], ["sh-deactivate", "-q"]):
        yield dict(variables={"PYMAN_SHELL": "bash"}, arguments=arguments)
        yield dict(variables={"PYMAN_SHELL": "bash", "PYMAN_VERSION": "3.9"}, arguments=arguments)
    for value in ("3.99:3.9", "3.9:3.99:python-3.98", "python-3.98", "3.98:3.99"):
        yield dict(variables={"PYMAN_VERSION": value}, arguments=["version-name", "-f"])


OVERLOOKING = ("root", "latest", "shims", "which", "whence", "version-name", "version-origin", "commands", "rehash", "sh-deactivate", "sh-shell")


def wart(situation, answer):
    """Why our answer differs on purpose, if it does."""
    arguments, command = situation["arguments"], situation["arguments"][0]
    written = [*situation.get("variables", {}).values(), *situation.get("files", {}).values(), *arguments[1:]]
    words = {word for text in written for word in text.replace(":", " ").split()}
    if command in ("which", "exec") and answer["status"] == 0 and words & {"3.99", "nothere", "3.1"}:
        return "a pin that is not installed: pyenv runs the system's Python"
    known = 2 if command in ("latest", "which", "whence") or arguments[:2] == ["sh-shell", "--unset"] else 1
    if command in OVERLOOKING and arguments != ["sh-shell", "--nonsense"] and len(arguments) > known and arguments[-1] == "--nonsense":
        return "an option that means nothing is refused, not overlooked"
    if "3.13" in words and (answer["status"] != 0 or command in ("which", "exec")):
        return "nothing final is installed: the pre-release answers"
    if "python-3.12" in words and (answer["status"] != 0 or command == "which"):
        return "the prefix `python-' is known to some of pyenv's commands only"
    return None


def run(pyenv, situation):
    with tempfile.TemporaryDirectory() as made:
        sandbox = os.path.realpath(made)
        build(sandbox, situation.get("tree", True))
        places = dict(sandbox=sandbox, root=f"{sandbox}/pyman", work=f"{sandbox}/work")
        for name, text in situation.get("files", {}).items():
            with open(f"{sandbox}/{name}", "w", newline="") as f:
                f.write(text)
        variables = {k.replace("PYMAN", "PYENV"): v.format(**places) for k, v in situation.get("variables", {}).items()}
        environment = dict(HOME=f"{sandbox}/home", PATH=f"{sandbox}/sys/bin:/usr/bin:/bin", PYENV_ROOT=places["root"], LC_ALL="C.UTF-8", **variables)
        ran = subprocess.run([pyenv, *(a.format(**places) for a in situation["arguments"])], env=environment, cwd=f"{sandbox}/{situation.get('directory', 'work')}",
                             stdin=subprocess.DEVNULL, capture_output=True, text=True)

        def neutral(text):
            return (text.replace(places["root"], "{root}").replace(places["work"], "{work}").replace(sandbox, "{sandbox}")
                    .replace("PYENV", "PYMAN").replace("pyenv-virtualenv:", "pyman:").replace("pyenv", "pyman"))
        answer = dict(stdout=neutral(ran.stdout), stderr=neutral(ran.stderr), status=ran.returncode)
        after = {}
        for name in situation.get("after", []):
            if os.path.isfile(f"{sandbox}/{name}"):
                with open(f"{sandbox}/{name}", newline="") as f:
                    after[name] = f.read()
        if "after" in situation:
            answer["after"] = after
        return answer


def main():
    pyenv = os.path.realpath(sys.argv[1])
    print(json.dumps(dict(versions={**TREE, **ENVS}, links=LINKS)))
    for situation in situations():
        answer = run(pyenv, situation)
        why = wart(situation, answer)
        record = {**situation, **answer, **({"wart": why} if why else {})}
        print(json.dumps(record, ensure_ascii=False))


if __name__ == "__main__":
    main()
