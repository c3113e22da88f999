# Makes this directory a virtual environment for Python 2.7: written by pyman.
import os
import site
import sys

sys.real_prefix = sys.base_prefix = sys.base_exec_prefix = '@base@'


def _isolate():
    # site.py has put the user's directory and what its .pth files name on the path already.
    user = [getattr(site, "USER_SITE", None), getattr(site, "USER_BASE", None)]
    user = [path for path in user if path and not sys.prefix.startswith(path + os.sep)]
    inside = lambda path: any(path == one or path.startswith(one + os.sep) for one in user)
    sys.path[:] = [path for path in sys.path if not inside(path)]
    site.ENABLE_USER_SITE = False
    for path in [@packages@] if _seen() else []:
        if os.path.isdir(path):
            site.addsitedir(path)


def _seen():
    # Whether the packages of the base are seen: pyvenv.cfg says so, as it does for Python 3.
    try:
        with open(os.path.join(sys.prefix, "pyvenv.cfg")) as lines:
            values = dict(line.lower().split("=", 1) for line in lines if "=" in line)
    except EnvironmentError:
        return False
    values = dict((key.strip(), value.strip()) for key, value in values.items())
    return values.get("include-system-site-packages") == "true"


def _next():
    # The sitecustomize of a package or of the user, which this file stands before.
    import imp

    here = os.path.dirname(os.path.abspath(__file__))
    try:
        found = imp.find_module("sitecustomize", [path for path in sys.path if path and os.path.abspath(path) != here])
    except ImportError:
        return
    try:
        imp.load_module("sitecustomize", *found)
    finally:
        if found[0]:
            found[0].close()


_isolate()
_next()
