"""What a person does with pyman on Windows, done under wine: each step is a function whose first line says what must hold.

    scenario.py BUILT PIP WORK [NAME…]

BUILT has pyman.exe, python.exe, pythonw.exe (tests/windows/python.c) and, where wine wants it, bcryptprimitives.dll; PIP is a
wheel of pip; WORK an empty directory, for a wine prefix and all else. With names, only the steps that hold one of them (and
those that come first) are run. The last line says how many passed.
"""

import contextlib
import functools
import hashlib
import http.server
import io
import json
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tarfile
import threading
import time
import traceback
import zipfile

ROOT = r"C:\ada's é & b\.pyman"
SHIMS = ROOT + r"\shims"
WORK = r"C:\work é & b"
LIMIT = 120

STEPS = []


def step(function):
    STEPS.append(function)
    return function


class Ran:
    def __init__(self, words, done):
        self.words = words
        self.status = done.returncode
        self.out = done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")
        self.err = done.stderr.decode("utf-8", "replace").replace("\r\n", "\n")

    def __repr__(self):
        return f"{self.words}\n  status {self.status}\n  out {self.out!r}\n  err {self.err!r}"

    def succeeds(self, *parts):
        assert self.status == 0, self
        for part in parts:
            assert part in self.out + self.err, (part, self)
        return self

    def fails(self, status, *parts):
        assert self.status == status, self
        for part in parts:
            assert part in self.out + self.err, (part, self)
        return self


class Mirror:
    """Archives in the published shape, on loopback."""

    def __init__(self, built, pip):
        self.files, self.asked = {}, []
        self.rows = []
        for version in ("3.11.7", "3.12.1", "3.12.4"):
            self.add(version, built, pip)
        mirror = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                mirror.asked.append(self.path)
                body = mirror.files.get(self.path)
                self.send_response(200 if body else 404)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def add(self, version, built, pip):
        body = io.BytesIO()
        with tarfile.open(fileobj=body, mode="w:gz", compresslevel=1) as archive:
            def add(name, data):
                entry = tarfile.TarInfo("python/" + name)
                entry.size, entry.mode = len(data), 0o755
                archive.addfile(entry, io.BytesIO(data))

            for name in ("python.exe", "pythonw.exe"):
                add(name, (built / name).read_bytes())
            add("stand-in", version.encode())
            add("Scripts/pip.exe", (built / "python.exe").read_bytes())
            add("Scripts/stand-in", version.encode())
            add("Scripts/greet.bat", b"@echo greeted %*\r\n@exit /b 5\r\n")
            for name in ("Lib/os.py", "Lib/site.py", "include/Python.h", "libs/python3.lib", "DLLs/_ssl.pyd"):
                add(name, b"# stand-in\n")
            add("Lib/ensurepip/__init__.py", f'_PIP_VERSION = "{pip.name.split("-")[1]}"\n'.encode())
            add(f"Lib/ensurepip/_bundled/{pip.name}", pip.read_bytes())
        data = body.getvalue()
        file = f"cpython-{version}+20240101-x86_64-pc-windows-msvc-install_only.tar.gz"
        path = "/20240101/" + file
        self.files[path] = data
        self.rows.append({
            "implementation": "cpython", "version": version, "variant": "default", "kind": "prebuilt",
            "build": "20240101", "platform": "x86_64-pc-windows-msvc", "file": file, "url": path,
            "sha256": hashlib.sha256(data).hexdigest(), "size": len(data),
        })

    def catalogue(self):
        return "".join(json.dumps({**row, "url": self.url + row["url"]}) + "\n" for row in self.rows)


class Windows:
    """A clean prefix, and programs in it."""

    def __init__(self, built, pip, work):
        self.built, self.work = built, work
        self.mirror = Mirror(built, pip)
        self.drive = work / "prefix/drive_c"
        (work / "home").mkdir()
        (work / "prefix").mkdir()
        self.variables = {
            "HOME": str(work / "home"), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
            "WINEPREFIX": str(work / "prefix"), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml=",
            "PYMAN_CATALOGUE": r"C:\catalogue.jsonl",
        }
        # One server for all that is started: else each wants a new one after a pause.
        subprocess.run(["wineserver", "-p"], env=self.variables, check=True, timeout=60)
        subprocess.run(["wineboot", "-i"], env=self.variables, stdin=subprocess.DEVNULL, check=True, timeout=300,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        dll = built / "bcryptprimitives.dll"
        system = self.drive / "windows/system32"
        if dll.exists():
            shutil.copy(dll, system)
        self.at(WORK).mkdir()
        self.at(r"C:\unpacked").mkdir()
        shutil.copy(built / "pyman.exe", self.at(r"C:\unpacked"))
        self.at(r"C:\catalogue.jsonl").write_text(self.mirror.catalogue())

    def at(self, path):
        """Where a file of drive C stands."""
        assert path.lower().startswith("c:\\"), path
        return self.drive / path[3:].replace("\\", "/")

    def run(self, *words, cwd=WORK, stdin=b"", path=SHIMS, limit=LIMIT, **variables):
        variables = {**self.variables, "WINEPATH": path, **variables}
        place = self.at(cwd)
        done = subprocess.run(["wine", *words], env=variables, cwd=place, input=stdin, capture_output=True, timeout=limit)
        return Ran(words, done)

    def pyman(self, *words, **more):
        return self.run(ROOT + r"\bin\pyman.exe", *words, **more)

    def shim(self, name, *words, **more):
        return self.run(f"{SHIMS}\\{name}.exe", *words, **more)

    def cmd(self, *lines, cwd=WORK, flags=(), **more):
        """What cmd makes of these lines of a batch file; wine's reads a % in a directory's name twice, so there is none."""
        file = self.at(r"C:\step.bat")
        file.write_bytes("\r\n".join(["@echo off", *lines, ""]).encode())
        return self.run("cmd", "/d", *flags, "/c", r"C:\step.bat", cwd=cwd, **more)

    @functools.cache
    def profile(self):
        return self.cmd("echo %USERPROFILE%").succeeds().out.strip()

    def until(self, holds):
        end = time.monotonic() + LIMIT
        while not holds():
            assert time.monotonic() < end, "it does not come to that"
            time.sleep(0.1)

    def registry(self, key, value=None):
        words = ["reg", "query", key] + (["/v", value] if value else [])
        return self.run(*words)

    def names(self, path):
        place = self.at(path)
        return sorted(entry.name for entry in place.iterdir()) if place.is_dir() else []

    def end(self):
        self.mirror.server.shutdown()
        subprocess.run(["wineserver", "-k"], env=self.variables, timeout=60)


def said(words, executable, home):
    return "python" + "".join(f" [{word}]" for word in words) + f" at {executable} of {home}\n"


def home(version):
    return f"{ROOT}\\versions\\{version}"


@step
def the_program_starts_from_where_it_was_unpacked(w):
    ran = w.run(r"C:\unpacked\pyman.exe", "--version")
    assert re.fullmatch(r"pyman \d+\.\d+\.\d+.*\n", ran.succeeds().out), ran


@step
def a_version_comes_from_a_mirror_and_its_shims_with_it(w):
    w.run(r"C:\unpacked\pyman.exe", "install", "3.12.1", PYMAN_ROOT=ROOT, limit=300).succeeds("3.12.1")
    assert any("3.12.1" in path for path in w.mirror.asked), w.mirror.asked
    assert w.at(home("3.12.1") + r"\python.exe").is_file()
    wanted = {"python.exe", "python3.exe", "python3.12.exe", "pip.exe", "pip3.12.exe", "pythonw.exe", "greet.exe", "py.exe"}
    assert wanted <= set(w.names(SHIMS)), w.names(SHIMS)
    assert w.names(ROOT + r"\stage") == []


@step
def rehash_puts_the_manager_into_its_root(w):
    w.run(r"C:\unpacked\pyman.exe", "rehash", PYMAN_ROOT=ROOT).succeeds()
    assert w.at(ROOT + r"\bin\pyman.exe").read_bytes() == w.at(r"C:\unpacked\pyman.exe").read_bytes()
    assert w.pyman("root").succeeds().out == ROOT + "\n"


@step
def the_first_version_is_the_global_one(w):
    assert w.pyman("global").succeeds().out == "3.12.1\n"
    assert w.pyman("version-name").succeeds().out == "3.12.1\n"


@step
def shims_run_the_version_with_the_arguments_as_they_were(w):
    words = ["a b", 'q"x', "é", "100%", "a&b", "^", "", "\\", "c\\", "*.py"]
    for name in ("python", "python3", "python3.12", "pythonw"):
        program = "pythonw.exe" if name == "pythonw" else "python.exe"
        expected = said(words, f"{home('3.12.1')}\\{program}", home("3.12.1"))
        assert w.shim(name, *words).succeeds().out == expected, (name, w.shim(name, *words), expected)


@step
def pip_is_a_shim_under_its_numbered_names_too(w):
    for name in ("pip", "pip3", "pip3.12"):
        w.shim(name, "--version").succeeds("3.12.1")


@step
def stdin_and_stdout_are_the_programs_own(w):
    assert w.shim("python", "--copy", stdin=b"a\0b\r\n").status == 0
    done = w.cmd("echo piped| python --copy").succeeds("piped")
    assert done.err == "", done


@step
def a_status_of_32_bits_is_passed_on(w):
    for status in (0, 3, 0xC0000005, 0xFFFFFFFF):
        ran = w.cmd(f"python --exit {status}", "echo %ERRORLEVEL%")
        signed = status - (1 << 32) if status >> 31 else status
        assert ran.out == f"{signed}\n", ran
    ran = w.cmd("pyman exec python --exit 0xC0000005", "echo %ERRORLEVEL%", path=f"{SHIMS};{ROOT}\\bin")
    assert ran.out == f"{0xC0000005 - (1 << 32)}\n", ran


@step
def cmd_finds_the_shims_on_path(w):
    w.cmd("python a", "python3.12 b", "py -3.12 c.py", "pyw d").succeeds("[a]", "[b]", "[c.py]")


@step
def batch_files_of_a_version_are_commands(w):
    ran = w.shim("greet", "a b", "c")
    assert (ran.out, ran.status) == ('greeted "a b" c\n', 5), ran


@step
def arguments_that_cmd_would_take_apart_stay_data_in_batch_files(w):
    for word in ("a&echo harm", "a|echo harm", "a>harm.txt", "^&echo harm"):
        assert w.shim("greet", word).out == f'greeted "{word}"\n', w.shim("greet", word)
    assert not w.at(WORK + r"\harm.txt").exists()
    for word in ("x\ny", 'a" & echo harm & "'):
        ran = w.shim("greet", word)
        assert ran.status == 126 or "harm" not in ran.out.replace("echo harm", ""), ran
    w.shim("greet", "x\ny").fails(126, "a batch file cannot be given one of its arguments as it is")


@step
def a_second_minor_stands_beside_and_files_choose(w):
    w.pyman("install", "3.11", limit=300).succeeds("3.11.7")
    w.at(WORK + r"\.python-version").write_text("3.11\r\n")
    assert w.shim("python", "--version").succeeds().out == "Python 3.11.7\n"
    assert w.shim("python3.12", "--version").succeeds().out == "Python 3.12.1\n"
    origin = f"{WORK}\\.python-version"
    assert w.pyman("version").succeeds().out == f"3.11.7 (set by {origin})\n"
    w.at(WORK + r"\.python-version").unlink()
    assert w.shim("python", "--version").succeeds().out == "Python 3.12.1\n"


@step
def local_and_global_write_what_shims_read(w):
    w.pyman("local", "3.11").succeeds()
    assert w.at(WORK + r"\.python-version").read_text() == "3.11\n"
    assert w.shim("python", "--version").succeeds().out == "Python 3.11.7\n"
    w.pyman("local", "--unset").succeeds()
    w.pyman("global", "3.11.7").succeeds()
    assert w.shim("python", "--version").succeeds().out == "Python 3.11.7\n"
    w.pyman("global", "3.12").succeeds()
    assert w.shim("python", "--version").succeeds().out == "Python 3.12.1\n"
    assert w.shim("python", "--version", PYMAN_VERSION="3.11").succeeds().out == "Python 3.11.7\n"


@step
def what_is_asked_is_told_in_windows_paths(w):
    assert w.pyman("which", "python3.12").succeeds().out == home("3.12.1") + "\\python.exe\n"
    assert w.pyman("which", "pip").succeeds().out == home("3.12.1") + "\\Scripts\\pip.exe\n"
    assert w.pyman("prefix").succeeds().out == home("3.12.1") + "\n"
    versions = w.pyman("versions", "--bare").succeeds().out.split()
    assert versions == ["3.11.7", "3.12.1"], versions
    for ran in (w.pyman("versions"), w.pyman("version"), w.pyman("whence", "--path", "pip")):
        assert "\\\\?\\" not in ran.out and "/" not in ran.out, ran


@step
def py_reads_tags_shebangs_and_its_settings(w):
    assert w.shim("py", "--version").succeeds().out == "Python 3.12.1\n"
    assert w.shim("py", "-3.11", "--version").succeeds().out == "Python 3.11.7\n"
    assert w.shim("py", "-V:3.11", "--version").succeeds().out == "Python 3.11.7\n"
    w.at(WORK + r"\script.py").write_bytes(b"#! /usr/bin/env python3.11\r\nprint()\r\n")
    assert w.shim("py", "script.py", "a b").out == said(["script.py", "a b"], home("3.11.7") + r"\python.exe", home("3.11.7"))
    assert w.shim("py", "-3.12", "script.py").succeeds().out.startswith("python [script.py] at " + home("3.12.1"))
    w.shim("py", "-3.9", "x").fails(103, "3.9")
    settings = w.at(w.profile() + r"\AppData\Local\py.ini")
    settings.write_bytes(b"[defaults]\r\npython=3.11\r\n")
    w.at(WORK + r"\.python-version").write_text("3.12\n")
    assert w.shim("py", "--version").succeeds().out == "Python 3.12.1\n"
    w.at(WORK + r"\.python-version").unlink()
    assert w.shim("py", "--version").succeeds().out == "Python 3.11.7\n"
    settings.unlink()


@step
def py_lists_what_there_is(w):
    ran = w.shim("py", "-0p").succeeds()
    for version in ("3.12.1", "3.11.7"):
        assert home(version) + "\\python.exe" in ran.out, ran
    starred = [line for line in ran.out.splitlines() if "*" in line]
    assert len(starred) == 1 and "3.12.1" in starred[0], ran


@step
def a_new_command_gets_a_shim_and_one_that_went_loses_it(w):
    scripts = w.at(home("3.12.1") + r"\Scripts")
    shutil.copy(scripts / "pip.exe", scripts / "tool.exe")
    w.pyman("rehash").succeeds()
    assert w.shim("tool", "x").succeeds().out.startswith("python [x] at " + home("3.12.1"))
    (scripts / "tool.exe").unlink()
    w.pyman("rehash").succeeds()
    assert "tool.exe" not in w.names(SHIMS)


def stands_on(w, environment, version="3.12.1"):
    """What the interpreter of an environment says that it stands on: the minor where links can be made, else the version."""
    line = w.run(environment + r"\Scripts\python.exe", "x").succeeds().out
    minor = f"{ROOT}\\minor\\{version.rpartition('.')[0]}"
    places = [said(["x"], environment + r"\Scripts\python.exe", place) for place in (home(version), minor)]
    assert line in places, (line, places)


@step
def an_environment_has_an_interpreter_and_pips_launchers(w):
    project = WORK + r"\project"
    w.at(project).mkdir()
    w.pyman("venv", "create", "-p", "3.12", cwd=project).succeeds()
    environment = project + r"\.venv"
    wanted = {"python.exe", "pythonw.exe", "pip.exe", "pip3.exe", "pip3.12.exe", "activate.bat", "deactivate.bat", "Activate.ps1"}
    assert wanted <= set(w.names(environment + r"\Scripts")), w.names(environment + r"\Scripts")
    stands_on(w, environment)
    pip = environment + r"\Scripts\pip3.12.exe"
    line = w.run(pip, "install", "a b").succeeds().out
    assert line.startswith(f"python [{pip}] [install] [a b] at {environment}\\Scripts\\python.exe of "), line
    assert w.cmd(r".venv\Scripts\python --exit 0xC0000005", "echo %ERRORLEVEL%", cwd=project).out == "-1073741819\n"
    with zipfile.ZipFile(w.at(pip)) as script:
        assert b"from pip._internal.cli.main import main" in script.read("__main__.py")
    records = next(w.at(environment + r"\Lib\site-packages").glob("pip-*.dist-info/RECORD")).read_text()
    assert "../../Scripts/pip.exe,sha256=" in records
    again = w.pyman("venv", "create", "-p", "3.12", cwd=project)
    assert again.status == 0 and "already" in again.err, again
    w.pyman("venv", "create", "-p", "3.11", cwd=project).fails(1, "3.12")


@step
def cmd_activates_an_environment_and_leaves_it(w):
    project = WORK + r"\project"
    environment = project + r"\.venv"
    lines = [
        "set PROMPT=$P$G", "set PYTHONHOME=C:\\other", r"call .venv\Scripts\activate.bat", "python --variable VIRTUAL_ENV",
        "python --variable PROMPT", "python --variable PYTHONHOME", "python --variable VIRTUAL_ENV_PROMPT",
        r"call .venv\Scripts\activate.bat", "call deactivate.bat", "python --variable VIRTUAL_ENV", "python --variable PROMPT",
        "python --variable PYTHONHOME", "python --variable _OLD_VIRTUAL_PATH", "python at the end",
    ]
    ran = w.cmd(*lines, cwd=project).succeeds()
    expected = [environment, "(.venv) $P$G", "", ".venv", "", "$P$G", r"C:\other", ""]
    assert ran.out.split("\n")[:8] == expected, (ran, expected)
    assert ran.out.split("\n")[8].endswith("of " + home("3.12.1")) and "versions" in ran.out.split("\n")[8], ran


@step
def odd_names_and_prompts_stay_data_in_cmd(w):
    place = r"C:\odd"
    w.at(place).mkdir()
    prompts = ['50% "&echo harm&" $P (x)', "^ & | < > !x!"]
    for number, name in enumerate(["we^ird & !x!", "(x)"]):
        environment = f"{place}\\{name}"
        w.pyman("venv", "create", "-p", "3.12", "--no-pip", "--prompt", prompts[number], environment).succeeds()
        shutil.copytree(w.at(environment), w.at(f"{place}\\plain{number}"))
        lines = [f"call plain{number}\\Scripts\\activate.bat", "python --variable VIRTUAL_ENV_PROMPT", "python --variable PROMPT"]
        ran = w.cmd("set PROMPT=$G", *lines, cwd=place).succeeds()
        shown = f"({prompts[number].replace('$', '$$')}) $G"
        assert ran.out == f"{prompts[number]}\n{shown}\n", (ran, shown)
        ran = w.run("cmd", "/d", "/c", r"Scripts\activate.bat & python --variable VIRTUAL_ENV & python x", cwd=environment).succeeds()
        assert ran.out.startswith(f"{environment}\npython [x] at {environment}\\Scripts\\python.exe of "), ran


@step
def an_environment_is_moved_cloned_repaired_and_removed(w):
    place = r"C:\odd 100% é"
    w.at(place).mkdir()
    w.pyman("venv", "create", "-p", "3.12", place + r"\first").succeeds()
    w.pyman("venv", "move", place + r"\first", place + r"\second one").succeeds()
    assert "first" not in w.names(place)
    stands_on(w, place + r"\second one")
    w.pyman("venv", "clone", place + r"\second one", place + r"\third").succeeds()
    for name in ("second one", "third"):
        pip = f"{place}\\{name}\\Scripts\\pip.exe"
        line = w.run(pip).succeeds().out
        assert line.startswith(f"python [{pip}] at {place}\\{name}\\Scripts\\python.exe of "), line
    w.at(place + r"\third").rename(w.at(place + r"\fourth"))
    w.pyman("venv", "repair", place + r"\fourth").succeeds()
    line = w.run(place + r"\fourth\Scripts\pip.exe").succeeds().out
    assert line.startswith(f"python [{place}\\fourth\\Scripts\\pip.exe] at {place}\\fourth\\Scripts\\python.exe of "), line
    w.pyman("venv", "remove", place + r"\fourth").succeeds()
    assert "fourth" not in w.names(place) and "second one" in w.names(place)


@step
def named_environments_and_those_of_versions_are_listed_and_selected(w):
    w.pyman("venv", "create", "-p", "3.12", "--no-pip", "web").succeeds()
    stands_on(w, w.profile() + r"\.virtualenvs\web")
    listed = w.pyman("venv", "list").succeeds().out
    assert "web" in listed, listed
    # What stands anywhere is remembered by a junction, of which wine makes none before its version 9.
    assert "second one" in listed or not w.names(ROOT + r"\minor"), listed
    w.pyman("virtualenv", "3.12.1", "tools", "--without-pip").succeeds()
    environment = home("3.12.1") + r"\envs\tools"
    stands_on(w, environment)
    w.at(WORK + r"\.python-version").write_text("3.12.1/envs/tools\n")
    assert w.shim("python", "x").succeeds().out.startswith(f"python [x] at {environment}\\Scripts\\python.exe of ")
    assert w.shim("python3", "x").succeeds().out.startswith(f"python [x] at {environment}\\Scripts\\python.exe of ")
    w.at(WORK + r"\.python-version").unlink()
    assert "3.12.1/envs/tools" in w.pyman("versions", "--bare").succeeds().out
    w.pyman("virtualenv-delete", "-f", "3.12.1/envs/tools").succeeds()
    assert w.names(home("3.12.1") + r"\envs") == []
    w.pyman("venv", "remove", "web").succeeds()


@step
def setup_puts_the_shims_into_the_accounts_path_and_takes_them_out_exactly(w):
    key = r"HKCU\Environment"

    def path():
        found = [line.split(None, 2) for line in w.registry(key, "Path").out.splitlines() if "REG_" in line]
        # It is told in a code page of reg's own.
        return [part.replace("\ufffd", "é") for part in found[0][1:]] if found else None

    ours = f"{SHIMS};{ROOT}\\bin"
    for sort, former in (("REG_EXPAND_SZ", r"%USERPROFILE%\x;C:\y z;"), ("REG_SZ", r"C:\plain"), (None, None)):
        w.run("reg", "delete", key, "/v", "Path", "/f")
        if sort:
            w.run("reg", "add", key, "/v", "Path", "/t", sort, "/d", former, "/f").succeeds()
        before = path()
        assert before == ([sort, former] if sort else None), before
        w.pyman("setup").succeeds("added to the PATH of this account", ours)
        assert path() == [sort or "REG_EXPAND_SZ", f"{ours};{former}" if sort else ours], path()
        w.pyman("setup").succeeds("is set up already")
        w.pyman("setup", "--undo").succeeds("taken out of the PATH of this account")
        assert path() == before, (path(), before)
        assert w.registry(r"HKCU\Software\pyman").status != 0
    w.run("reg", "add", key, "/v", "Path", "/t", "REG_SZ", "/d", r"C:\plain", "/f").succeeds()
    w.pyman("setup").succeeds()
    # What is started now has it: the variables of this account, behind those of the system.
    ran = w.run("python.exe", "x", path=r"C:\nowhere")
    assert ran.succeeds().out.startswith("python [x] at " + home("3.12.1")), ran
    w.run("reg", "add", key, "/v", "Path", "/t", "REG_SZ", "/d", f"C:\\new;{SHIMS.upper()}\\;{ROOT}\\bin;C:\\plain", "/f").succeeds()
    w.pyman("setup", "--undo").succeeds("taken out of the PATH of this account")
    assert path() == ["REG_SZ", r"C:\new;C:\plain"], path()
    w.run("reg", "delete", key, "/v", "Path", "/f").succeeds()


@contextlib.contextmanager
def waiting(w, name):
    """A shim whose program waits; gives the numbers of that and of what started it."""
    file = w.at(r"C:\waiting")
    words = ["wine", f"{SHIMS}\\{name}.exe", "--wait", r"C:\waiting"]
    shim = subprocess.Popen(words, env=w.variables, cwd=w.at(WORK), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        w.until(file.exists)
        yield file.read_text().split()
    finally:
        shim.kill()
        shim.wait(timeout=LIMIT)
        file.unlink(missing_ok=True)


@step
def a_killed_shim_takes_its_program_along(w):
    def is_alive(process):
        return w.run(home("3.12.1") + r"\python.exe", "--alive", process).status == 0

    for name in ("python", "py"):
        with waiting(w, name) as (child, shim):
            assert is_alive(child) and is_alive(shim)
            w.run("taskkill", "/f", "/pid", shim)
            w.until(lambda: not is_alive(shim))
            w.until(lambda: not is_alive(child))


@step
def an_interrupt_is_the_programs_own(w):
    for name in ("python", "py"):
        ours, theirs = pty.openpty()
        words = ["wine", f"{SHIMS}\\{name}.exe", "--interrupt"]
        variables = {**w.variables, "TERM": "xterm"}
        shim = subprocess.Popen(
            words, env=variables, cwd=w.at(WORK), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        try:
            # What a console shows has to be taken away, or who writes it waits.
            while shim.poll() is None and select.select([ours], [], [], LIMIT)[0]:
                with contextlib.suppress(OSError):
                    os.read(ours, 4096)
            assert shim.wait(timeout=LIMIT) == 7, shim.returncode
        finally:
            shim.kill()
            shim.wait()
            os.close(ours)


@step
def shims_are_made_anew_while_one_runs(w):
    scripts = w.at(home("3.12.1") + r"\Scripts")
    shutil.copy(scripts / "pip.exe", scripts / "tool.exe")
    w.pyman("rehash").succeeds()
    with waiting(w, "tool"):
        (scripts / "tool.exe").rename(scripts / "other.exe")
        w.pyman("rehash").succeeds()
        assert "tool.exe" not in w.names(SHIMS) and "other.exe" in w.names(SHIMS), w.names(SHIMS)
    (scripts / "other.exe").unlink()
    w.pyman("rehash").succeeds()
    assert not [name for name in w.names(SHIMS) if name.startswith((".", "other"))], w.names(SHIMS)


@step
def a_version_is_upgraded_and_removed(w):
    w.pyman("upgrade", "3.12", limit=300).succeeds("3.12.4")
    versions = w.pyman("versions", "--bare").succeeds().out.split()
    assert versions == ["3.11.7", "3.12.4"], versions
    assert w.shim("python3.12", "--version").succeeds().out == "Python 3.12.4\n"
    w.pyman("uninstall", "-f", "3.11.7").succeeds()
    assert w.names(ROOT + r"\versions") == ["3.12.4"]
    assert "python3.11.exe" not in w.names(SHIMS)
    w.shim("py", "-3.11", "x").fails(103)


def main(built, pip, work, *names):
    started = time.monotonic()
    w = Windows(pathlib.Path(built), pathlib.Path(pip), pathlib.Path(work))
    passed = failed = 0
    print(f"a clean prefix ({time.monotonic() - started:.0f} s)", flush=True)
    try:
        for function in STEPS:
            first = STEPS.index(function) < 3
            if names and not first and not any(name in function.__name__ for name in names):
                continue
            began = time.monotonic()
            name = function.__name__.replace("_", " ")
            try:
                function(w)
            except Exception:
                failed += 1
                print(f"FAILED {name}\n{traceback.format_exc()}", flush=True)
            else:
                passed += 1
                print(f"ok     {name} ({time.monotonic() - began:.1f} s)", flush=True)
    finally:
        w.end()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
