//! A disk that is full, read-only or another's: what is said, and that nothing is left.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::Command;

use crate::support::needs::{NOBODY, as_root, began_as_root, needs};
use crate::support::sandbox::Sandbox;
use crate::support::shop::Shop;

/// Runs a shell script with a file system of this size mounted at the sandbox's `small`, in a mount
/// namespace of its own; none where the system does not allow that.
fn with_small_disk(shop: &Shop, size: &str, script: &str) -> Option<(Option<i32>, String)> {
    let place = shop.sandbox.path().join("small");
    fs::create_dir_all(&place).unwrap();
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user", "/bin/sh", "-c"]);
    command.arg(format!(
        "mount -t tmpfs -o size={size} tmpfs '{place}' || exit 99\n{script}",
        place = place.display()
    ));
    let template = shop.pyman(&[]);
    command.env_clear();
    for (name, value) in template.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command.env("PYMAN", crate::support::program()).env("PLACE", &place);
    command.current_dir(shop.sandbox.work());
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    (output.status.code() != Some(99)).then_some((output.status.code(), text))
}

#[test]
fn a_full_disk_is_said_leaves_nothing_and_can_be_repeated_with_room() {
    let shop = Shop::open();
    let version = shop.version();
    let script = format!(
        "export PYMAN_ROOT=$PLACE/pyman\n\
         \"$PYMAN\" install {version}; echo \"status $?\"\n\
         ls \"$PLACE/pyman/stage\" \"$PLACE/pyman/versions\" 2>/dev/null | grep {version} && exit 1\n\
         mount --options-mode ignore -o remount,size=200m tmpfs \"$PLACE\"\n\
         \"$PYMAN\" install {version} || exit 2\n\
         ls \"$PLACE/pyman/stage\" | grep . && exit 3\n\
         \"$PLACE/pyman/versions/{version}/bin/python\" -c 'print(\"runs\")'\n"
    );
    // As much as is asked for before, and not enough for the archive and its tree.
    let size = (3 * shop.prebuilt.size + 400_000).to_string();
    needs!(let Some((status, text)) = with_small_disk(&shop, &size, &script), "to mount");
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("status 5\n") && text.contains("No space left on device"), "{text}");
    assert!(text.contains("hint: free some space"), "{text}");
    assert!(text.ends_with("runs\n"), "{text}");
}

#[test]
fn too_little_room_is_said_before_anything_is_fetched() {
    let shop = Shop::open();
    let version = shop.version();
    let script = format!(
        "export PYMAN_ROOT=$PLACE/pyman\n\"$PYMAN\" install {version}; echo \"status $?\"\n"
    );
    needs!(let Some((status, text)) = with_small_disk(&shop, "6m", &script), "to mount");
    assert_eq!(status, Some(0), "{text}");
    let (first, rest) = text.split_once('\n').unwrap();
    assert!(first.starts_with(&format!("pyman: {version} needs about ")), "{text}");
    assert!(first.contains("/small/pyman/stage") && first.ends_with(" MB free"), "{text}");
    assert_eq!(rest, "hint: `pyman prune' frees what nothing needs\nstatus 5\n");
    assert_eq!(shop.downloads(), 0);
}

/// A row of sources of 3.9.9, of another digest than what is served.
fn offer_sources(shop: &Shop) {
    let row = "{\"implementation\":\"cpython\",\"version\":\"3.9.9\",\"kind\":\"source\",\
               \"file\":\"Python-3.9.9.tgz\",\"url\":\"URL\",\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\"}\n";
    shop.sandbox.write("catalogue.jsonl", row.replace("URL", &shop.server.url("/archive.tar.gz")));
}

#[test]
fn too_little_room_to_compile_in_is_said_before_the_sources_are_fetched() {
    let shop = Shop::open();
    offer_sources(&shop);
    let script = "export TMPDIR=$PLACE\n\"$PYMAN\" install 3.9.9; echo \"status $?\"\n";
    needs!(let Some((status, text)) = with_small_disk(&shop, "6m", script), "to mount");
    assert_eq!(status, Some(0), "{text}");
    let place = shop.sandbox.path().join("small").display().to_string();
    assert_eq!(
        text,
        format!(
            "pyman: 3.9.9 needs about 250.0 MB, and {place} has 6.2 MB free\n\
             hint: `pyman prune' frees what nothing needs\nstatus 5\n"
        )
    );
    assert_eq!(shop.downloads(), 0);
}

#[test]
fn a_build_that_is_kept_needs_no_room_to_compile_in() {
    let shop = Shop::open();
    offer_sources(&shop);
    shop.sandbox.write("pyman/cache/builds/3.9.9-0-0.tar.zst", "");
    let script = "export TMPDIR=$PLACE\n\"$PYMAN\" install 3.9.9; echo \"status $?\"\n";
    needs!(let Some((status, text)) = with_small_disk(&shop, "6m", script), "to mount");
    assert_eq!(status, Some(0), "{text}");
    // It goes on to the sources, which are not those of the row.
    assert!(text.ends_with("status 4\n") && !text.contains("needs about"), "{text}");
    assert!(shop.downloads() > 0);
}

#[test]
fn a_full_cache_is_said_and_nothing_is_installed() {
    let shop = Shop::open();
    let version = shop.version();
    let script = format!(
        "export PYTHON_BUILD_CACHE_PATH=$PLACE/cache\n\
         \"$PYMAN\" install {version}; echo \"status $?\"\n\
         ls \"$PYMAN_ROOT/versions\" 2>/dev/null | grep . && exit 1\n\
         ls \"$PYMAN_ROOT/stage\" 2>/dev/null | grep . && exit 3\n\
         mount --options-mode ignore -o remount,size=200m tmpfs \"$PLACE\"\n\
         \"$PYMAN\" install {version}\n"
    );
    needs!(let Some((status, text)) = with_small_disk(&shop, "1m", &script), "to mount");
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("status 5\n") && text.contains("No space left on device"), "{text}");
}

#[test]
fn no_inodes_left_is_a_full_disk_too() {
    let shop = Shop::open();
    let version = shop.version();
    let script = format!(
        "export PYMAN_ROOT=$PLACE/pyman\n\
         \"$PYMAN\" install {version}; echo \"status $?\"\n\
         ls \"$PLACE/pyman/versions\" 2>/dev/null | grep . && exit 1\n\
         mount --options-mode ignore -o remount,nr_inodes=100k tmpfs \"$PLACE\"\n\
         \"$PYMAN\" install {version}\n"
    );
    needs!(let Some((status, text)) = with_small_disk(&shop, "200m,nr_inodes=120", &script), "to mount");
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("status 5\n") && text.contains("No space left on device"), "{text}");
}

/// What frees room needs a little for its marks, and takes that from what is to go.
#[test]
fn what_frees_room_works_on_a_full_disk() {
    let shop = Shop::open();
    let version = shop.version();
    let said = shop.sandbox.path().join("said");
    let script = format!(
        r#"
SAID='{}'
export PYMAN_ROOT=$PLACE/pyman WORKON_HOME=$PLACE/envs
{{ "$PYMAN" install {version} && "$PYMAN" venv create --no-pip -p {version} web &&
  "$PYMAN" venv create --no-pip -p {version} "$PLACE/env" &&
  "$PYMAN" virtualenv --no-pip {version} api; }} >"$SAID" 2>&1 || {{ cat "$SAID"; exit 1; }}
mkdir -p "$PYMAN_ROOT/versions/{version}/include/python"
for header in 1 2 3 4 5 6 7 8; do echo x >"$PYMAN_ROOT/versions/{version}/include/python/$header.h"; done
number=0
for command in 'venv remove web' "venv remove $PLACE/env" 'virtualenv-delete -f api' 'uninstall -f {version}' \
    'self uninstall --versions --yes'; do
  # Each finds the disk as full as the first.
  dd if=/dev/zero of="$PLACE/big$number" bs=4k 2>/dev/null
  while true 2>/dev/null >"$PLACE/f$number"; do number=$((number+1)); done 2>/dev/null
  "$PYMAN" $command >"$SAID" 2>&1 || {{ echo "$command: $?"; cat "$SAID"; exit 2; }}
done
test ! -e "$PLACE/envs/web" && test ! -e "$PLACE/env" && test ! -e "$PLACE/pyman/versions/{version}"
"#,
        said.display()
    );
    let small = (8 * shop.prebuilt.size + 4_000_000).to_string();
    for size in [format!("{small},nr_inodes=20k"), "200m,nr_inodes=1200".to_owned()] {
        needs!(let Some((status, text)) = with_small_disk(&shop, &size, &script), "to mount");
        assert_eq!(status, Some(0), "{size}: {text}");
    }
}

#[test]
fn a_limit_on_the_size_of_files_is_said_and_reaches_what_is_run_as_it_was() {
    let shop = Shop::open();
    let limited = |script: &str| {
        let mut command = shop.sandbox.command("/bin/sh");
        command.args(["-c", script]).arg(crate::support::program()).arg(shop.version());
        command.env_remove("PYMAN_OFFLINE");
        command.env("PYMAN_CATALOGUE", shop.sandbox.path().join("catalogue.jsonl"));
        shop.ran(&mut command)
    };
    let ran = limited("ulimit -f 1000; \"$0\" install \"$1\"");
    assert_eq!(ran.status, Some(5), "{ran:?}");
    assert!(ran.stderr.contains("File too large"), "{}", ran.stderr);
    assert!(!shop.prefix().exists() && shop.staged().is_empty());
    let signals = "\"$0\" exec grep ^SigIgn /proc/self/status";
    let ran = limited(&format!("ulimit -f 1000; {signals}; trap '' XFSZ; {signals}"));
    let [default, ignored] = ran.stdout.lines().collect::<Vec<_>>()[..] else {
        panic!("{ran:?}");
    };
    let is_off = |line: &str| {
        let mask = line.split_whitespace().last().unwrap();
        u64::from_str_radix(mask, 16).unwrap() & (1 << 24) != 0
    };
    assert_eq!((is_off(default), is_off(ignored)), (false, true), "{ran:?}");
}

#[test]
fn versions_on_another_disk_are_installed_when_the_settings_say_so_and_refused_when_not() {
    let shop = Shop::open();
    let version = shop.version();
    let script = format!(
        "chmod 755 \"$PLACE\"; mkdir -p \"$PYMAN_ROOT\"; ln -s \"$PLACE\" \"$PYMAN_ROOT/versions\"\n\
         \"$PYMAN\" install {version}; echo \"status $?\"; ls -A \"$PLACE\"\n\
         mkdir -p \"$HOME/.config/pyman\"\n\
         echo \"versions = '$PLACE'\" > \"$HOME/.config/pyman/settings.toml\"\n\
         \"$PYMAN\" install {version}; echo \"status $?\"; ls -A \"$PLACE\"\n\
         \"$PYMAN\" install -f {version}; echo \"status $?\"\n\
         PYMAN_VERSION={version} \"$PYMAN\" exec python -c 'print(\"it runs\")'\n\
         \"$PYMAN\" uninstall -f {version}; ls -A \"$PLACE\"; true\n"
    );
    needs!(let Some((status, text)) = with_small_disk(&shop, "90m", &script), "to mount");
    assert_eq!(status, Some(0), "{text}");
    let said = format!("pyman: {}/versions is a link", shop.sandbox.root().display());
    assert!(text.starts_with(&said), "{text}");
    assert!(text.contains("hint: who keeps versions there says `versions = \""), "{text}");
    assert_eq!(text.matches("status 5\n").count(), 1, "{text}");
    assert_eq!(text.matches("status 0\n").count(), 2, "{text}");
    assert!(text.contains("it runs\n"), "{text}");
    assert!(!text.contains(".pyman-stage"), "{text}");
}

#[test]
fn a_root_whose_path_is_no_text_is_refused_before_anything_is_fetched() {
    use std::os::unix::ffi::OsStrExt as _;
    let shop = Shop::open();
    let root = shop.sandbox.path().join(std::ffi::OsStr::from_bytes(b"r\xff"));
    let mut command = shop.pyman(&["install", shop.version()]);
    shop.ran(command.env("PYMAN_ROOT", root)).fails(
        "pyman: cannot be installed under [SANDBOX]/r\u{fffd}/versions: the path is no UTF-8\n\
         hint: choose another root, or a `--target'\n",
        1,
    );
    assert_eq!(shop.downloads(), 0);
}

#[test]
fn without_proc_the_shims_still_lead_to_the_program_that_wrote_them() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.7", &["python"]);
    let bin = std::path::Path::new(crate::support::program()).parent().unwrap();
    for call in ["\"$PYMAN\"", "PATH=$BIN; pyman"] {
        let script = format!("mount -t tmpfs tmpfs /proc || exit 99; {call} rehash");
        let mut command = sandbox.command("unshare");
        command.args(["--mount", "--map-root-user", "/bin/sh", "-c", &script]);
        let ran = sandbox.ran(command.env("PYMAN", crate::support::program()).env("BIN", bin));
        needs!(ran.status != Some(99), "to mount");
        ran.succeeds("");
        let link = fs::read_link(sandbox.root().join("bin/pyman")).unwrap();
        assert_eq!(link, fs::canonicalize(crate::support::program()).unwrap());
        fs::remove_file(sandbox.root().join("bin/pyman")).unwrap();
    }
}

#[test]
fn what_is_no_file_is_never_replaced_by_one_and_blocks_nothing() {
    let sandbox = Sandbox::new();
    let pipe = sandbox.path().join("pipe");
    assert!(sandbox.command("mkfifo").arg(&pipe).status().unwrap().success());
    let settings = sandbox.home().join(".config/pyman/settings.toml");
    for link in [sandbox.root().join("version"), sandbox.work().join(".python-version"), settings] {
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(&pipe, link).unwrap();
    }
    let cases: [(&[&str], &str, i32); 4] = [
        (&["global", "system"], "pyman/version", 5),
        (&["local", "system"], "work/.python-version", 5),
        (&["mirror", "set", "nju"], "home/.config/pyman/settings.toml", 2),
        (&["mirror", "set", "tuna", "--pip"], "pipe", 5),
    ];
    for (arguments, file, status) in cases {
        let mut command = sandbox.pyman(arguments);
        let ran = sandbox.ran(command.env("PIP_CONFIG_FILE", &pipe));
        let said = format!("pyman: `[SANDBOX]/{file}' is no regular file, and is left as it is\n");
        ran.fails(&said, status);
        let kind = fs::metadata(&pipe).unwrap().file_type();
        assert!(std::os::unix::fs::FileTypeExt::is_fifo(&kind), "{arguments:?}");
    }
    let mut command = sandbox.pyman(["mirror", "unset", "--pip"]);
    let ran = sandbox.ran(command.env("PIP_CONFIG_FILE", &pipe));
    ran.is("", "no index was set in [SANDBOX]/pipe\n", 0);
    assert!(pipe.exists());
}

/// Changes the modes of a tree, as `chmod` writes it.
fn permit(tree: &Path, mode: &str) {
    assert!(Command::new("chmod").arg("-R").arg(mode).arg(tree).status().unwrap().success());
}

#[test]
fn an_unwritable_root_is_named_and_what_is_in_it_still_runs() {
    let shop = Shop::open();
    shop.run(&["install", shop.version()]);
    // The shims are as they should be; only when that was seen cannot be written down.
    fs::write(shop.sandbox.root().join("versions/touched"), "").unwrap();
    permit(&shop.sandbox.path(), "a-w");
    // Who can make nothing there is not told whose it would be.
    let give = |to| {
        as_root(|| {
            let given = chown(shop.sandbox.root(), Some(to), None);
            assert!(given.is_ok() || !began_as_root(), "{given:?}");
        });
    };
    give(54_321);
    let ran = shop.run(&["install", "-f", shop.version()]);
    assert_eq!(ran.status, Some(5), "{}", ran.stderr);
    let expected = format!(
        "pyman: cannot open `[SANDBOX]/pyman/locks/{}.lock': Permission denied",
        shop.version()
    );
    assert!(ran.stderr.starts_with(&expected), "{}", ran.stderr);
    assert!(ran.stderr.contains("\nhint: make the directory writable"), "{}", ran.stderr);
    assert_eq!(shop.python("print(1)"), "1\n");
    shop.run(&["rehash"]).succeeds("");
    give(NOBODY);
    permit(&shop.sandbox.path(), "u+w");
}

#[test]
fn too_few_descriptors_are_an_error_and_no_half_version() {
    let shop = Shop::open();
    let version = shop.version();
    for limit in 4..24 {
        let mut command = shop.sandbox.command("/bin/sh");
        command.args(["-c", &format!("ulimit -n {limit}; exec \"$0\" install {version}")]);
        command.arg(crate::support::program());
        command.env_remove("PYMAN_OFFLINE");
        command.env("PYMAN_CATALOGUE", shop.sandbox.path().join("catalogue.jsonl"));
        let ran = shop.ran(&mut command);
        assert!(!ran.stderr.contains("panicked"), "{limit}: {}", ran.stderr);
        match ran.status {
            Some(0) => {
                assert_eq!(shop.python("print(1)"), "1\n");
                return;
            }
            Some(_) => assert!(!shop.prefix().exists(), "{limit}: {}", ran.stderr),
            None => panic!("{limit}: died by a signal: {}", ran.stderr),
        }
    }
    panic!("23 descriptors are enough for an installation");
}
