#!/usr/bin/env python3
"""Archives with the same bytes every time: sorted, dated by SOURCE_DATE_EPOCH, owned by nobody.

  archives.py tar FOLDER FILE            FILE.tar.gz, with the folder itself at its top
  archives.py zip FOLDER FILE            the same as a .zip
  archives.py wheel TRIPLE FOLDER OUT    the program of such a folder as a wheel in OUT; prints its name
"""

import base64
import gzip
import hashlib
import os
import pathlib
import re
import sys
import tarfile
import time
import zipfile

# No zip can say an earlier date.
EPOCH = max(int(os.environ["SOURCE_DATE_EPOCH"]), 315532800)

# The distribution's name in the Python registry, where `pyman` is another project's.
DISTRIBUTION = "pyman_cli"

# One static program serves every glibc from that of manylinux2014 on, and every musl.
PLATFORMS = {
    "x86_64-unknown-linux-musl": ["manylinux2014_x86_64", "musllinux_1_1_x86_64"],
    "aarch64-unknown-linux-musl": ["manylinux2014_aarch64", "musllinux_1_1_aarch64"],
    "x86_64-pc-windows-gnu": ["win_amd64"],
    "x86_64-pc-windows-msvc": ["win_amd64"],
    "x86_64-apple-darwin": ["macosx_10_12_x86_64"],
    "aarch64-apple-darwin": ["macosx_11_0_arm64"],
}


def mode(path):
    return 0o755 if path.is_dir() or path.name in ("pyman", "pyman.exe") else 0o644


def below(folder):
    """All that is in the folder, its own name first, in an order that no file system decides."""
    folder = pathlib.Path(folder)
    for path in [folder, *sorted(folder.rglob("*"))]:
        yield path, path.relative_to(folder.parent).as_posix()


def make_tar(folder, file):
    with open(file, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for path, name in below(folder):
                entry = tarfile.TarInfo(name)
                entry.mode, entry.mtime = mode(path), EPOCH
                if path.is_dir():
                    entry.type = tarfile.DIRTYPE
                    archive.addfile(entry)
                else:
                    entry.size = path.stat().st_size
                    with open(path, "rb") as data:
                        archive.addfile(entry, data)


def add_to_zip(archive, name, data, permissions):
    entry = zipfile.ZipInfo(name, time.gmtime(EPOCH)[:6])
    entry.create_system, entry.compress_type = 3, zipfile.ZIP_DEFLATED
    entry.external_attr = (0o100000 | permissions) << 16
    archive.writestr(entry, data, compresslevel=9)


def make_zip(folder, file):
    with zipfile.ZipFile(file, "w") as archive:
        for path, name in below(folder):
            if not path.is_dir():
                add_to_zip(archive, name, path.read_bytes(), mode(path))


def python_version(version):
    """The same release as PEP 440 spells it."""
    found = re.fullmatch(r"(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.?(\d+))?", version)
    if not found:
        sys.exit(f"archives.py: PEP 440 has no spelling for {version}")
    stage = {"alpha": "a", "beta": "b", "rc": "rc"}.get(found[2], "")
    return found[1] + stage + (found[3] or "")


def make_wheel(triple, folder, out):
    folder = pathlib.Path(folder)
    release = folder.name.removeprefix("pyman-").removesuffix("-" + triple)
    version, platforms = python_version(release), PLATFORMS[triple]
    stem = f"{DISTRIBUTION}-{version}"
    info = f"{stem}.dist-info"
    metadata = (
        f"Metadata-Version: 2.1\nName: {DISTRIBUTION.replace('_', '-')}\nVersion: {version}\n"
        "Summary: One tool for every Python on a machine: installs, selects and runs them\n"
        "License: MIT\nLicense-File: LICENSE\nLicense-File: THIRD-PARTY.txt\nRequires-Python: >=3.7\n"
        "Description-Content-Type: text/markdown; charset=UTF-8\n\n"
    )
    readme = pathlib.Path(__file__).parent.parent / "README.md"
    tags = "".join(f"Tag: py3-none-{platform}\n" for platform in platforms)
    wheel = f"Wheel-Version: 1.0\nGenerator: pyman-packaging\nRoot-Is-Purelib: false\n{tags}"
    files = {
        f"{info}/METADATA": metadata.encode() + readme.read_bytes(),
        f"{info}/WHEEL": wheel.encode(),
        f"{info}/licenses/LICENSE": (folder / "LICENSE").read_bytes(),
        f"{info}/licenses/THIRD-PARTY.txt": (folder / "THIRD-PARTY.txt").read_bytes(),
    }
    for program in ("pyman", "pyman.exe"):
        if (folder / program).exists():
            files[f"{stem}.data/scripts/{program}"] = (folder / program).read_bytes()
    record = f"{info}/RECORD"
    lines = [f"{name},{digest(data)},{len(data)}" for name, data in sorted(files.items())]
    name = f"{stem}-py3-none-{'.'.join(platforms)}.whl"
    with zipfile.ZipFile(os.path.join(out, name), "w") as archive:
        for entry, data in sorted(files.items()):
            add_to_zip(archive, entry, data, 0o755 if "/scripts/" in entry else 0o644)
        # Last, as wheels have it.
        add_to_zip(archive, record, "\n".join([*lines, f"{record},,", ""]), 0o644)
    print(name)


def digest(data):
    value = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return "sha256=" + value.decode().rstrip("=")


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    {"tar": make_tar, "zip": make_zip, "wheel": make_wheel}[what](*arguments)
