import sys
sys.path[:] = [entry for entry in sys.path if entry]
try:
    import os
except ImportError:
    # An environment that virtualenv 20 made of 2.7 has its library from its own `site`, which is not loaded here.
    with open(sys.executable.rsplit("/", 2)[0] + "/pyvenv.cfg") as lines:
        for line in lines:
            key, _, said = line.partition("=")
            if key.strip() == "base-prefix":
                sys.path.append("%s/lib/python%d.%d" % ((said.strip(),) + sys.version_info[:2]))
    import os, encodings
def text(path):
    if not isinstance(path, bytes):
        path = os.fsencode(path)
    return path.decode("latin-1")
def value(it):
    # The json module is not compiled yet in a tree just unpacked: importing it costs 60 ms.
    if it is True or it is False:
        return "true" if it else "false"
    if isinstance(it, int):
        return "%d" % it
    if isinstance(it, (list, tuple)):
        return "[%s]" % ", ".join(map(value, it))
    plain = lambda c: c if " " <= c < "\x7f" and c not in "\"\\" else "\\u%04x" % ord(c)
    return "\"%s\"" % "".join(map(plain, it))
here = os.path.dirname(os.path.abspath(sys.executable))
library = "python%d.%d" % sys.version_info[:2]
environment = None
for place in (here, os.path.dirname(here)):
    for sign in ("pyvenv.cfg", os.path.join("lib", library, "orig-prefix.txt")):
        if environment is None and os.path.exists(os.path.join(place, sign)):
            environment = place
name = getattr(sys, "implementation", None)
name = name.name if name else "pypy" if hasattr(sys, "pypy_version_info") else "cpython"
own = sys.version_info
if name != "cpython":
    own = getattr(sys, "pypy_version_info", None) or sys.implementation.version
machine = getattr(getattr(sys, "implementation", None), "_multiarch", "").split("-")[0]
if not machine:
    machine = os.uname()[4] if hasattr(os, "uname") else ""
flags = getattr(sys, "abiflags", "")
base = getattr(sys, "base_prefix", sys.prefix)
if environment is not None and not hasattr(sys, "base_prefix"):
    note = os.path.join(environment, "lib", library, "orig-prefix.txt")
    if os.path.exists(note):
        with open(note) as lines:
            base = lines.read().strip()
    else:
        with open(os.path.join(environment, "pyvenv.cfg")) as lines:
            for line in lines:
                key, _, said = line.partition("=")
                if key.strip() == "base-prefix":
                    base = said.strip()
answer = {
    "implementation": name,
    "version": list(sys.version_info[:5]),
    "own_version": list(own[:5]),
    "free_threaded": "t" in flags or "free-threading" in sys.version,
    "debug": "d" in flags or hasattr(sys, "gettotalrefcount"),
    "machine": machine,
    "compiler": sys.version,
    "bits": 64 if sys.maxsize > 2 ** 32 else 32,
    "executable": text(os.path.abspath(sys.executable)),
    "prefix": text(environment or sys.prefix),
    "base_prefix": text(base),
    "environment": environment is not None,
}
print("{%s}" % ", ".join("%s: %s" % (value(key), value(answer[key])) for key in sorted(answer)))
