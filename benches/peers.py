#!/usr/bin/env python3
"""pyman beside its peers, in one run: CPU time and wall time as ratios.

  python3 benches/peers.py [--tree DIR] [--runs N] [--binary FILE]

Builds pyman (or takes FILE), packs a real CPython tree (DIR, else the newest whole one on this machine) as an archive, serves it on
loopback and works on tmpfs where there is one. uv, pyenv and virtualenv are measured where they are found (on PATH, or
named by UV, PYENV, VIRTUALENV). Runs are interleaved; the figures are medians of whole processes with their children.
"""
import argparse, functools, gzip, hashlib, http.server, json, os, re, resource, shutil, statistics, subprocess, sys
import tarfile, tempfile, threading, time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TRIPLE = "x86_64-unknown-linux-gnu" if os.uname().machine == "x86_64" else f"{os.uname().machine}-unknown-linux-gnu"


def measure(command, environment, before=None):
    """CPU and wall time of one run, in seconds."""
    if before:
        before()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    subprocess.run(command, env=environment, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.monotonic() - begun
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return now.ru_utime - used.ru_utime + now.ru_stime - used.ru_stime, wall


class Table:
    """One question: the same work by several programs, in turn."""

    def __init__(self, title, runs):
        self.title, self.runs, self.arms = title, runs, {}

    def arm(self, name, command, environment, before=None):
        if command[0]:
            self.arms[name] = (command, environment, before)

    def run(self):
        figures = {name: [] for name in self.arms}
        for turn in range(self.runs + 1):
            for name, arm in self.arms.items():
                figure = measure(*arm)
                if turn:  # the first warms up
                    figures[name].append(figure)
        print(f"\n{self.title}")
        cpu, wall = (statistics.median(run[which] for run in figures["pyman"]) for which in (0, 1))
        for name, runs in figures.items():
            its_cpu, its_wall = (statistics.median(run[which] for run in runs) for which in (0, 1))
            ratio = "" if name == "pyman" else f"   pyman is {cpu / its_cpu:5.3f} of it in CPU, {wall / its_wall:5.3f} in wall time"
            print(f"  {name:34} CPU {its_cpu * 1e3:8.1f} ms  wall {its_wall * 1e3:8.1f} ms{ratio}", flush=True)


def pack(tree, version, into):
    """The tree as python-build-standalone has it: root `python/`, files sorted, no directories, gzip level 6."""
    skip = re.compile(r"(__pycache__|/test/|/tests/|\.pyc$|\.a$|idle_test)")
    file = f"{into}/cpython-{version}+20260101-{TRIPLE}-install_only.tar.gz"
    names = []
    for directory, below, files in os.walk(tree):
        names += [os.path.join(directory, name) for name in files + below if name in files or os.path.islink(os.path.join(directory, name))]
    with gzip.GzipFile(file, "wb", compresslevel=6, mtime=0) as out, tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name in sorted(names):
            if skip.search(name) or not (os.path.isfile(name) or os.path.islink(name)):
                continue
            if os.path.islink(name) and os.path.isabs(os.readlink(name)):
                continue
            entry = tar.gettarinfo(name, "python/" + os.path.relpath(name, tree))
            entry.uid = entry.gid = 0
            entry.mode = 0o755 if entry.mode & 0o100 else 0o644
            if entry.islnk():
                entry.type, entry.linkname, entry.size = tarfile.REGTYPE, "", os.path.getsize(name)
            with open(name, "rb") if entry.isreg() else open(os.devnull, "rb") as data:
                tar.addfile(entry, data if entry.isreg() else None)
    return file


def serve(directory):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=directory))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def digest(file):
    with open(file, "rb") as data:
        return hashlib.sha256(data.read()).hexdigest()


def whole_tree():
    """A tree of an ordinary CPython on this machine: the newest of pyenv's."""
    versions = os.path.expanduser("~/.pyenv/versions")
    found = [name for name in (os.listdir(versions) if os.path.isdir(versions) else []) if re.fullmatch(r"3\.\d+\.\d+", name)]
    if not found:
        sys.exit("no whole CPython tree found: name one with --tree")
    return os.path.join(versions, max((name for name in found if name < "3.13"), key=lambda name: [int(part) for part in name.split(".")]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tree"); parser.add_argument("--binary"); parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    if not options.binary:
        subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=HERE, check=True)
    pyman = os.path.abspath(options.binary or os.path.join(os.environ.get("CARGO_TARGET_DIR", HERE + "/target"), "release/pyman"))
    uv = os.environ.get("UV") or shutil.which("uv")
    pyenv = os.environ.get("PYENV") or shutil.which("pyenv") or os.path.expanduser("~/.pyenv/bin/pyenv")
    pyenv = pyenv if os.path.exists(pyenv) else None
    virtualenv = os.environ.get("VIRTUALENV") or shutil.which("virtualenv")
    tree = os.path.abspath(options.tree or whole_tree())
    python = os.path.join(tree, "bin/python3")
    version = subprocess.run([python, "-c", "print('%d.%d.%d' % __import__('sys').version_info[:3])"], check=True, capture_output=True, text=True).stdout.strip()
    place = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=place) as work:
        bench(pyman, uv, pyenv, virtualenv, tree, version, work, options.runs)


def bench(pyman, uv, pyenv, virtualenv, tree, version, work, runs):
    table = functools.partial(Table, runs=runs)
    home, root, served = f"{work}/home", f"{work}/pyman", f"{work}/served"
    for directory in (home, served):
        os.makedirs(directory)
    archive = pack(tree, version, served)
    base, name = serve(served), os.path.basename(archive)
    url = f"{base}/{name.replace('+', '%2B')}"
    row = dict(implementation="cpython", version=version, variant="default", kind="prebuilt", build="20260101", platform=TRIPLE,
               file=name, url=url, sha256=digest(archive), size=os.path.getsize(archive))
    major, minor, patch = map(int, version.split("."))
    uv_row = dict(name="cpython", arch=dict(family=os.uname().machine, variant=None), os="linux", libc="gnu", major=major, minor=minor, patch=patch,
                  prerelease="", url=url, sha256=row["sha256"], variant=None, build="20260101")
    for file, text in ((f"{work}/catalogue.jsonl", json.dumps(row)), (f"{work}/uv.json", json.dumps({f"cpython-{version}-linux-{os.uname().machine}-gnu": uv_row}))):
        with open(file, "w") as out:
            out.write(text + "\n")
    plain = dict(PATH="/usr/bin:/bin", HOME=home, LANG="C.UTF-8")
    ours = dict(plain, PYMAN_ROOT=root, PYMAN_CATALOGUE=f"{work}/catalogue.jsonl")
    theirs = dict(plain, UV_PYTHON_DOWNLOADS_JSON_URL=f"{work}/uv.json", UV_CACHE_DIR=f"{work}/uv-cache", UV_PYTHON_INSTALL_DIR=f"{work}/uv-python")
    print(f"CPython {version}: {os.path.getsize(archive) / 1e6:.1f} MB packed; {runs} runs each, medians")

    def clear():
        for directory in (root, f"{work}/uv-cache", f"{work}/uv-python", f"{work}/pipe"):
            shutil.rmtree(directory, ignore_errors=True)
        os.makedirs(f"{work}/pipe")

    install = table("install a prebuilt archive from loopback")
    install.arm("pyman", [pyman, "install", version], ours, clear)
    install.arm("uv python install", [uv, "python", "install", version], theirs, clear)
    pipe = f"curl -s '{url}' | tee >(sha256sum >/dev/null) | tar xz -C {work}/pipe"
    install.arm("curl | sha256sum | tar xz", ["bash", "-c", pipe], plain, clear)
    install.run()

    clear()
    subprocess.run([pyman, "install", version], env=ours, check=True, stderr=subprocess.DEVNULL)
    subprocess.run([pyman, "global", version], env=ours, check=True)
    pyenv_root = f"{work}/pyenv"
    os.makedirs(f"{pyenv_root}/versions")
    os.symlink(f"{root}/versions/{version}", f"{pyenv_root}/versions/{version}")
    with open(f"{pyenv_root}/version", "w") as out:
        out.write(version + "\n")
    old = dict(plain, PYENV_ROOT=pyenv_root)
    if pyenv:
        subprocess.run([pyenv, "rehash"], env=old, check=True)
    if uv:
        subprocess.run([uv, "python", "install", version], env=theirs, check=True, stderr=subprocess.DEVNULL)

    for title, our, its, uvs in (
        ("install what is installed", ["install", "-s", version], ["install", "-s", version], ["python", "install", version]),
        ("list what is installed", ["versions"], ["versions"], ["python", "list", "--only-installed"]),
        ("which python", ["which", "python"], ["which", "python"], None),
        ("version", ["version"], ["version"], None),
        ("rehash", ["rehash"], ["rehash"], None),
    ):
        one = table(title)
        one.arm("pyman", [pyman, *our], ours)
        one.arm("pyenv", [pyenv, *its], old)
        if uvs:
            one.arm("uv", [uv, *uvs], theirs)
        one.run()

    subprocess.run([pyman, "setup", "bash"], env=ours, check=True, stderr=subprocess.DEVNULL)
    start = table("a shell's start: bash reads what setup kept, or evaluates what init prints")
    start.arm("pyman", ["bash", "-c", f". {root}/init/bash"], ours)
    start.arm("pyman init", ["bash", "-c", f'eval "$({pyman} init - bash)"'], ours)
    start.arm("bash alone", ["bash", "-c", ":"], plain)
    if pyenv:
        start.arm("pyenv", ["bash", "-c", f'eval "$({pyenv} init - bash)"'], old)
    start.run()

    shim = table("python -c pass, isolated, through a shim")
    run = ["-I", "-S", "-c", "pass"]
    shim.arm("pyman", [f"{root}/shims/python", *run], ours)
    shim.arm("the interpreter itself", [f"{root}/versions/{version}/bin/python", *run], ours)
    if pyenv:
        shim.arm("pyenv's shim", [f"{pyenv_root}/shims/python", *run], dict(old, PATH=f"{os.path.dirname(pyenv)}:{plain['PATH']}"))
    shim.run()

    def without():
        shutil.rmtree(f"{work}/environment", ignore_errors=True)

    python = f"{root}/versions/{version}/bin/python"
    for title, extra, uvs, venvs in (("an environment with pip", [], ["--seed"], []), ("an environment without pip", ["--no-pip"], [], ["--without-pip"])):
        one = table(title)
        one.arm("pyman", [pyman, "venv", "create", *extra, "-p", version, f"{work}/environment"], ours, without)
        seeded = dict(os.environ, **{name: value for name, value in theirs.items() if name.startswith("UV_")})
        # What uv seeds comes from the index: fetched once, then kept. Without an index it is left out.
        if uv and subprocess.run([uv, "venv", *uvs, "--python", python, f"{work}/seeded-{len(uvs)}"], env=seeded, stderr=subprocess.DEVNULL).returncode == 0:
            one.arm("uv venv", [uv, "venv", "--offline", *uvs, "--python", python, f"{work}/environment"], theirs, without)
        one.arm("virtualenv", [virtualenv, "--no-download", *(["--no-pip"] if extra else []), "-p", python, f"{work}/environment"], plain, without)
        one.arm("python -m venv", [python, "-m", "venv", *venvs, f"{work}/environment"], plain, without)
        one.run()

    without()
    subprocess.run([pyman, "venv", "create", "--no-pip", "-p", version, f"{work}/environment"], env=ours, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print("\nactivating an environment, in a shell that runs (50 times, less 50 times nothing)")
    for shell, script, nothing in (("bash", "activate", ":"), ("zsh", "activate", ":"), ("fish", "activate.fish", "true")):
        if not shutil.which(shell):
            continue
        source = f". {work}/environment/bin/{script}" if shell != "fish" else f"source {work}/environment/bin/{script}"
        walls = {line: statistics.median(measure([shell, "-c", "\n".join([line] * 50)], plain)[1] for _ in range(runs)) for line in (source, nothing)}
        print(f"  {shell:34} {(walls[source] - walls[nothing]) / 50 * 1e3:5.2f} ms each")


if __name__ == "__main__":
    main()
