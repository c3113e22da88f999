//! What is in an archive as published: the prefix `/install`, clang's options, scripts that look beside themselves.

use std::fs;
use std::path::{Path, PathBuf};

use super::Bench;
use crate::support::prebuilt::Prebuilt;

const EXTENSION: &str = "#include <Python.h>\n\
    static struct PyModuleDef definition = { PyModuleDef_HEAD_INIT, \"spam\", NULL, -1, NULL };\n\
    PyMODINIT_FUNC PyInit_spam(void) { return PyModule_Create(&definition); }\n";

/// Compiles and links as setuptools does it: by the build variables of the running Python.
const BUILD: &str = "import shlex, subprocess, sysconfig\n\
    get = sysconfig.get_config_var\n\
    words = lambda *names: [word for name in names for word in shlex.split(get(name) or '')]\n\
    include = '-I' + sysconfig.get_paths()['include']\n\
    subprocess.check_call(words('CC', 'CFLAGS', 'CCSHARED') + [include, '-c', 'spam.c', '-o', 'spam.o'])\n\
    name = 'spam' + get('EXT_SUFFIX')\n\
    subprocess.check_call(words('LDSHARED') + ['spam.o', '-o', name])\n\
    import sys; sys.path.insert(0, ''); import spam; print(spam.__name__)\n";

const EMBEDDER: &str = "#include <Python.h>\n\
    int main(void) {\n\
    Py_Initialize();\n\
    int status = PyRun_SimpleString(\"import sys, json; print(sys.prefix)\");\n\
    return Py_FinalizeEx() < 0 ? 120 : status; }\n";

fn whole() -> Bench {
    Bench::of(std::slice::from_ref(Prebuilt::whole()))
}

/// Every file and link below a directory.
fn below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Whether a text names the publisher's prefix, and not a program that is called so.
fn names_install(text: &str) -> bool {
    text.match_indices("/install").any(|(at, word)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let inside = |letter: char| letter.is_alphanumeric() || "_.-)}".contains(letter);
        !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}

#[test]
fn the_fixture_is_as_archives_are_published() {
    let place = tempfile::tempdir().unwrap();
    let policy = pyman::archive::Policy::limited(pyman::archive::Root::Below(b"python".into()));
    let archive = &Prebuilt::whole().path;
    pyman::archive::unpack_file(archive, place.path(), &policy, &pyman::progress::Silent).unwrap();
    let minor = Prebuilt::whole().version.rsplit_once('.').unwrap().0.to_owned();
    let library = place.path().join(format!("lib/python{minor}"));
    let record = below(&library)
        .into_iter()
        .find(|path| path.file_name().unwrap().to_string_lossy().starts_with("_sysconfigdata"));
    let record = fs::read_to_string(record.unwrap()).unwrap();
    for said in ["'prefix': '/install'", "'CC': 'clang", "-fdebug-default-version=4", "llvm-ar"] {
        assert!(record.contains(said), "{said}");
    }
    assert!(place.path().join("share/terminfo/d/dumb").is_file());
    let pip = fs::read_to_string(place.path().join("bin/pip3")).unwrap();
    assert!(pip.starts_with("#!/bin/sh\n'''exec' \"$(dirname -- "), "{pip}");
}

#[test]
fn no_file_names_the_publishers_place_or_compiler() {
    let bench = whole();
    let library = bench.prefix().join(format!("lib/python{}", bench.minor()));
    let mut checked = 0;
    for path in below(&bench.prefix()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let record = name.starts_with("_sysconfigdata")
            || name == "Makefile"
            || name == "build-details.json"
            || path.parent().unwrap().ends_with("pkgconfig")
            || path.starts_with(bench.prefix().join("bin"));
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if record {
            checked += 1;
            assert!(!names_install(&text), "{}", path.display());
            assert!(!text.contains("-fdebug-default-version"), "{}", path.display());
        }
    }
    assert!(checked >= 5, "{checked}");
    assert!(!library.join("EXTERNALLY-MANAGED").exists());
}

#[test]
fn sysconfig_python_config_and_pip_say_where_they_stand() {
    let bench = whole();
    let prefix = bench.prefix().display().to_string();
    let program = "import sysconfig as s, shutil\n\
                   print(s.get_config_var('prefix'), s.get_paths()['include'].startswith(s.get_config_var('prefix')))\n\
                   print(all(shutil.which(s.get_config_var(tool).split()[0]) for tool in ('CC', 'LDSHARED', 'AR')))\n";
    fs::write(bench.sandbox.work().join("p.py"), program).unwrap();
    assert_eq!(
        bench.sh("python p.py").replace("[SANDBOX]", ""),
        format!("{prefix} True\nTrue\n").replace(&*bench.sandbox.path().to_string_lossy(), "")
    );
    let config = bench.sh("python3-config --prefix; python3-config --includes");
    assert!(config.starts_with("[SANDBOX]/pyman/versions/"), "{config}");
    assert!(config.contains(" -I[SANDBOX]/pyman/versions/"), "{config}");
    assert!(bench.sh("pip --version").starts_with("pip "));
}

#[test]
fn a_c_extension_builds_with_this_machines_compiler() {
    let bench = whole();
    fs::write(bench.sandbox.work().join("spam.c"), EXTENSION).unwrap();
    fs::write(bench.sandbox.work().join("build.py"), BUILD).unwrap();
    assert_eq!(bench.sh("python build.py"), "spam\n");
}

#[test]
fn a_program_that_embeds_python_runs_under_exec() {
    let bench = whole();
    fs::write(bench.sandbox.work().join("m.c"), EMBEDDER).unwrap();
    bench.sh("cc m.c $(python3-config --includes) $(python3-config --ldflags --embed) \
              -Wl,-rpath,\"$(python3-config --prefix)/lib\" -o m");
    let said = bench.sh("pyman exec ./m");
    assert_eq!(said, format!("[SANDBOX]/pyman/versions/{}\n", bench.versions[0]));
}

#[test]
fn a_root_that_was_moved_keeps_its_pip_and_doctor_names_what_is_stale() {
    let bench = whole();
    let (old, new) = (bench.sandbox.root(), bench.sandbox.path().join("opt"));
    let tool = bench.prefix().join("bin/tool");
    let head =
        format!("#!{}/bin/python{}\nprint('tool')\n", bench.prefix().display(), bench.minor());
    crate::support::sandbox::Sandbox::script(&tool, "");
    fs::write(&tool, head).unwrap();
    fs::rename(&old, &new).unwrap();
    let run = |script: &str| {
        let mut command = bench.sandbox.command("sh");
        command.args(["-c", script]).env("PYMAN_ROOT", &new);
        command.env("PATH", format!("{}/shims:/usr/bin:/bin", new.display()));
        bench.sandbox.ran(&mut command)
    };
    for script in ["pip --version", "pip3 --version"] {
        let ran = run(script);
        assert!(ran.stdout.starts_with("pip "), "{ran:?}");
        assert_eq!(ran.status, Some(0), "{ran:?}");
    }
    let doctor = run(&format!("{} doctor", crate::support::program()));
    let said = format!(
        "{} was made for [SANDBOX]/pyman/versions/{} and stands elsewhere: ",
        bench.versions[0], bench.versions[0]
    );
    let all = doctor.stdout + &doctor.stderr;
    assert!(all.contains(&said) && all.contains("tool"), "{all}");

    fs::rename(&new, &old).unwrap();
    let all = bench.ran("pyman doctor");
    assert!(!all.stdout.contains("stands elsewhere"), "{all:?}");
}

/// An interpreter whose library stands outside its tree, where its run path leads: `FORMER/lib`.
const OUTSIDE: &str = "mkdir -p tree/bin tree/lib/python3.99 outside/lib\n\
    echo 'int known(void) { return 1; }' > known.c; cc -shared -fPIC known.c -o outside/lib/libknown.so\n\
    printf '%s\\n' 'int known(void); int execv(const char *, char **);' \
      'int main(int c, char **v) { (void)c; return known() ? execv(\"/usr/bin/python3\", v) : 1; }' > main.c\n\
    cc main.c -Loutside/lib -lknown -Wl,-rpath,\"$PWD/outside/lib\" -o tree/bin/python3\n\
    printf \"build_time_vars = {'AR': 'ar',\\n 'prefix': '%s'}\\n\" \"$PWD/outside\" > tree/lib/python3.99/_sysconfigdata_x.py\n\
    tree/bin/python3 --version\n\
    tar -czf tree.tar.gz tree\n";

#[test]
fn a_tree_that_does_not_start_after_it_was_changed_is_not_published() {
    let sandbox = crate::support::sandbox::Sandbox::new();
    let ran = sandbox.ran(sandbox.command("sh").args(["-ec", OUTSIDE]));
    assert!(ran.stdout.starts_with("Python 3."), "it starts where it was made: {ran:?}");
    let ran = sandbox.run(&["install", "./tree.tar.gz"]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(1)), "{ran:?}");
    let said = "the interpreter of tree.tar.gz does not start where it was moved to: ";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    assert_eq!(fs::read_dir(sandbox.root().join("stage")).unwrap().count(), 0);
    assert!(!sandbox.root().join("versions").exists());
}
