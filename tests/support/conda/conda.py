#!@PREFIX@/bin/python3
import os
import shutil
import sys

prefix = "@PREFIX@"
if sys.argv[1:2] == ["create"]:
    name = sys.argv[sys.argv.index("-n") + 1]
    place = os.path.join(prefix, "envs", name)
    os.makedirs(os.path.join(place, "bin"))
    os.makedirs(os.path.join(place, "conda-meta"))
    version = "%d.%d.%d" % sys.version_info[:3]
    open(os.path.join(place, "conda-meta", "python-" + version + "-h_1_cpython.json"), "w").close()
    shutil.copytree(os.path.join(prefix, "lib"), os.path.join(place, "lib"), symlinks=True)
    python = "python%d.%d" % sys.version_info[:2]
    shutil.copy(os.path.realpath(sys.executable), os.path.join(place, "bin", python))
    os.symlink(python, os.path.join(place, "bin", "python"))
    tool = os.path.join(place, "bin", "tool-of-" + name)
    with open(tool, "w") as file:
        file.write("#!/bin/sh\necho %s\n" % name)
    os.chmod(tool, 0o755)
elif sys.argv[1:3] == ["config", "--set"]:
    with open(os.path.expanduser("~/.condarc"), "a") as file:
        file.write("%s: %s\n" % tuple(sys.argv[3:5]))
else:
    print("conda of", sys.prefix, *sys.argv[1:])
    if sys.argv[1:2] == ["fail"]:
        sys.exit(3)
