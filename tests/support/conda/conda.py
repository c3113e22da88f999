#!@PREFIX@/bin/python3
import os
import sys

prefix = "@PREFIX@"
if sys.argv[1:2] == ["create"]:
    name = sys.argv[sys.argv.index("-n") + 1]
    place = os.path.join(prefix, "envs", name)
    os.makedirs(os.path.join(place, "bin"))
    os.makedirs(os.path.join(place, "conda-meta"))
    open(os.path.join(place, "conda-meta", "history"), "w").close()
    for python in ("python", "python3", "python%d.%d" % sys.version_info[:2]):
        os.symlink(sys.executable, os.path.join(place, "bin", python))
    tool = os.path.join(place, "bin", "tool-of-" + name)
    with open(tool, "w") as file:
        file.write("#!/bin/sh\necho %s\n" % name)
    os.chmod(tool, 0o755)
else:
    print("conda of", sys.prefix, *sys.argv[1:])
    if sys.argv[1:2] == ["fail"]:
        sys.exit(3)
