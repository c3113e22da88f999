#!/usr/bin/env python3
"""notices.py TRIPLE FILE: the licences of all that is linked into the program for this target, as one text.

The crates are those that cargo links for the target (no build scripts, no macros, no tests); what C sources they bring
is licensed beside them. Rust's own library and the target's C library are linked too.
"""

import collections
import html.parser
import json
import pathlib
import re
import subprocess
import sys

# What a crate calls the files that matter.
NOTICE = re.compile(r"(un)?licen[sc]e|copying|copyright|notice", re.IGNORECASE)
# Sources and scripts that happen to be called so.
CODE = {".rs", ".sh", ".py", ".c", ".h", ".toml", ".pl", ".go"}
# xz and zstd carry these for parts that are not compiled, or as a choice that is not ours.
GNU = re.compile(r"GNU (LESSER |LIBRARY )?GENERAL PUBLIC LICENSE")

ROOT = pathlib.Path(__file__).resolve().parent.parent


def output(*command):
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def crates(triple):
    """Name, version, licence, address and folder of each crate that is linked."""
    tree = output(
        "cargo", "tree", "--locked", "--package", "pyman", "--target", triple,
        "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}",
    )  # fmt: skip
    linked = {tuple(line.split(" ")[:2]) for line in tree.splitlines() if line}
    described = json.loads(output("cargo", "metadata", "--locked", "--format-version", "1"))
    for package in sorted(described["packages"], key=lambda one: (one["name"], one["version"])):
        ours = package["source"] is None
        if not ours and (package["name"], "v" + package["version"]) in linked:
            linked.discard((package["name"], "v" + package["version"]))
            yield package, pathlib.Path(package["manifest_path"]).parent
    left = {name for name, _ in linked} - {"pyman", "pyman-shim"}
    if left:
        sys.exit(f"notices.py: cargo describes none of {sorted(left)}")


def texts(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and NOTICE.match(path.name) and path.suffix not in CODE:
            text = path.read_text(encoding="utf-8", errors="replace")
            if not GNU.search(text[:400]):
                yield path.relative_to(folder).as_posix(), text


class Plain(html.parser.HTMLParser):
    """What a page says."""

    def __init__(self):
        super().__init__()
        self.said = []

    def handle_data(self, data):
        self.said.append(data)

    def handle_starttag(self, tag, attributes):
        if tag in ("p", "h1", "h2", "h3", "h4", "li", "div", "pre", "br"):
            self.said.append("\n")


def of_rust():
    """What the toolchain says of its library, and of the texts it refers to."""
    documents = pathlib.Path(output("rustc", "--print", "sysroot").strip()) / "share/doc/rust"
    for name in ("COPYRIGHT-library.html", "COPYRIGHT", "LICENSE-MIT", "LICENSE-APACHE"):
        if (documents / name).exists():
            text = (documents / name).read_text(encoding="utf-8")
            if name.endswith(".html"):
                page = Plain()
                page.feed(text)
                text = re.sub(r"[ \t]*\n\s*\n+", "\n\n", "".join(page.said))
            yield name, text


def of_c(triple):
    """Zig brings musl, and MinGW's start files."""
    import ziglang

    place = pathlib.Path(ziglang.__file__).parent / "lib/libc"
    for part, name in (("musl", "musl/COPYRIGHT"), ("windows-gnu", "mingw/COPYING")):
        if triple.endswith(part):
            yield name, (place / name).read_text(encoding="utf-8", errors="replace")


def main(triple, file):
    groups = collections.defaultdict(list)
    whole = {}
    lines = []

    def add(owner, found):
        empty = True
        for name, text in found:
            key = " ".join(text.split())
            whole.setdefault(key, text.strip("\n"))
            groups[key].append(f"{owner} ({name})")
            empty = False
        if empty:
            sys.exit(f"notices.py: {owner} brings no text of its licence")

    for package, folder in crates(triple):
        owner = f"{package['name']} {package['version']}"
        licence, address = package["license"], package["repository"]
        lines.append(f"  {owner}: {licence}" + (f", {address}" if address else ""))
        add(owner, texts(folder))
    add("the Rust Standard Library", of_rust())
    if triple.endswith(("musl", "windows-gnu")):
        add("the C library", of_c(triple))

    rule = "-" * 78
    parts = [
        f"The program pyman for {triple} contains, beside its own code:\n",
        *lines,
        "  the Rust Standard Library: MIT OR Apache-2.0",
        "\nTheir notices follow, each text once.\n",
    ]
    for key in sorted(groups, key=lambda key: groups[key]):
        parts += [rule, *groups[key], rule, "", whole[key], ""]
    pathlib.Path(file).write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
