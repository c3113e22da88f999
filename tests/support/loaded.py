# Prints which files the modules named as arguments load, and where their interpreter stands.
import json
import os
import sys

for name in sys.argv[1:]:
    try:
        __import__(name)
    except ImportError:
        pass  # not every build has every module
import sysconfig

sysconfig.get_config_vars()  # loads the build's own table
files = set()
library = os.path.realpath(os.path.dirname(os.__file__))
for name, module in list(sys.modules.items()):
    file = getattr(module, "__file__", None)
    alias = os.path.join(library, *name.split(".")) + ".py"  # collections.abc is another module
    files.update(os.path.realpath(each) for each in (file, alias) if each and os.path.exists(each))
print(
    json.dumps(
        {
            "version": "%d.%d.%d" % sys.version_info[:3],
            "final": sys.version_info[3] == "final",
            "prefix": sys.base_prefix,
            "executable": os.path.realpath(sys.executable),
            "library": library,
            "headers": sysconfig.get_config_var("INCLUDEPY"),
            "makefile": sysconfig.get_makefile_filename(),
            "files": sorted(files),
        }
    )
)
