//! A small tree in python-build-standalone's shape, moved twice.

use std::path::{Path, PathBuf};

use super::Relocation;
use super::documents::{files, folders};

fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        (
            "lib/python3.12/_sysconfigdata__linux_x86_64-linux-gnu.py",
            "build_time_vars = {'BINDIR': '/install/bin',\n 'CC': 'no-such-clang -pthread',\n \
             'INSTALL': '/usr/bin/install -c',\n 'prefix': '/install'}\n",
        ),
        (
            "lib/python3.12/config-3.12-x86_64-linux-gnu/Makefile",
            "prefix=\t\t/install\nAR=\t/tools/no-ar\n",
        ),
        ("lib/python3.12/os.py", "'/install'\n"),
        ("lib/pkgconfig/python-3.12.pc", "prefix=/install\n"),
        ("lib/python3.12/build-details.json", "{\"base_prefix\": \"/install\"}\n"),
        ("bin/pip3", "#!/install/bin/python3.12\nimport pip\n"),
        ("bin/python3.12-config", "#!/bin/sh\nprefix=\"/install\"\n"),
        ("bin/python3.12", "\x7fELF /install"),
        ("lib/python3.12/__pycache__/_sysconfigdata__linux_x86_64-linux-gnu.cpython-312.pyc", "x"),
        ("lib/python3.12/__pycache__/os.cpython-312.pyc", "x"),
    ];
    for (name, text) in files {
        let path = folder.path().join(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }
    folder
}

fn relocate(tree: &Path, prefix: &str) -> Vec<(PathBuf, Vec<u8>)> {
    Relocation { tree, prefix: Path::new(prefix), former: &[], search: &[] }.apply().unwrap();
    contents(tree)
}

fn contents(tree: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![tree.to_owned()];
    while let Some(folder) = open.pop() {
        for path in files(&folder).unwrap() {
            found.push((path.strip_prefix(tree).unwrap().to_owned(), fs_err::read(path).unwrap()));
        }
        open.extend(folders(&folder).unwrap());
    }
    found.sort();
    found
}

#[test]
fn a_moved_tree_names_its_new_place_and_tools_that_exist() {
    let folder = tree();
    relocate(folder.path(), "/my root/versions/3.12.7");
    let read = |name: &str| fs_err::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(
        read("lib/python3.12/_sysconfigdata__linux_x86_64-linux-gnu.py"),
        "build_time_vars = {'BINDIR': '/my root/versions/3.12.7/bin',\n 'CC': 'cc -pthread',\n \
         'INSTALL': '/usr/bin/install -c',\n 'prefix': '/my root/versions/3.12.7'}\n"
    );
    assert_eq!(
        read("lib/python3.12/config-3.12-x86_64-linux-gnu/Makefile"),
        "prefix=\t\t/my root/versions/3.12.7\nAR=\tar\n"
    );
    assert_eq!(read("lib/pkgconfig/python-3.12.pc"), "prefix=/my\\ root/versions/3.12.7\n");
    assert_eq!(
        read("bin/pip3"),
        "#!/bin/sh\n'''exec' \"/my root/versions/3.12.7/bin/python3.12\" \"$0\" \"$@\"\n' '''\nimport pip\n"
    );
    assert_eq!(read("bin/python3.12-config"), "#!/bin/sh\nprefix=\"/my root/versions/3.12.7\"\n");
    assert_eq!(read("lib/python3.12/os.py"), "'/install'\n", "no record of the build");
    assert_eq!(read("bin/python3.12"), "\x7fELF /install", "no script");
    let compiled = folder.path().join("lib/python3.12/__pycache__");
    assert_eq!(files(&compiled).unwrap(), [compiled.join("os.cpython-312.pyc")]);
}

#[test]
fn moving_again_changes_nothing_and_moving_on_changes_everything() {
    let folder = tree();
    let once = relocate(folder.path(), "/install/versions/3.12.7");
    assert_eq!(relocate(folder.path(), "/install/versions/3.12.7"), once);

    let direct = relocate(tree().path(), "/elsewhere/3.12.7");
    assert_eq!(relocate(folder.path(), "/elsewhere/3.12.7"), direct);
}
