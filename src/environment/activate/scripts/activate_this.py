"""Makes this environment's packages importable in the Python that is running:

    exec(open(this_file).read(), {"__file__": this_file})
"""


def _activate(file):
    import os
    import site
    import sys

    # Where the environment was made; moved since, it is where this file is.
    path, name = b"@path@", b"@name@"
    if sys.version_info[0] > 2:
        path, name = os.fsdecode(path), os.fsdecode(name)
    if file and not os.path.exists(os.path.join(path, "pyvenv.cfg")):
        path = os.path.dirname(os.path.dirname(os.path.abspath(file)))

    # sysconfig remembers the prefixes it first sees.
    before = sys.prefix, sys.exec_prefix
    sys.prefix = sys.exec_prefix = path
    import sysconfig

    windows = os.name == "nt"
    scheme = "nt" if windows else "posix_prefix"
    packages = sysconfig.get_path("purelib", scheme, {"base": path, "platbase": path, "installed_base": path})
    if not os.path.isdir(packages):
        sys.prefix, sys.exec_prefix = before
        raise RuntimeError("%s is no environment of Python %d.%d" % ((path,) + sys.version_info[:2]))

    programs = os.path.join(path, "Scripts" if windows else "bin")
    search = os.environ.get("PATH")
    if search is None or search.split(os.pathsep)[0] != programs:
        os.environ["PATH"] = programs if not search else programs + os.pathsep + search
    os.environ["VIRTUAL_ENV"] = path
    os.environ["VIRTUAL_ENV_PROMPT"] = name
    os.environ.pop("PYTHONHOME", None)

    # Before everything that was there.
    earlier = list(sys.path)
    site.addsitedir(packages)
    sys.path[:] = [entry for entry in sys.path if entry not in earlier] + earlier
    sys.real_prefix = getattr(sys, "real_prefix", before[0])


_activate(globals().get("__file__"))
del _activate
