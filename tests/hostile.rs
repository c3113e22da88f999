//! Hostile, broken and merely odd archives: refused for the right reason with nothing outside the
//! directory touched, or unpacked exactly.

mod install;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use pyman::archive::{Error, Format, Limits, Policy, Refusal, Root, Unpacked, unpack, unpack_file};
use pyman::progress::Silent;

use crate::support::archives::{Entry, MODIFIED, bz2, endless_tar, gz, tar, xz, zip, zst};

/// A directory with something beside the one that is unpacked into.
struct Ground {
    directory: tempfile::TempDir,
}

impl Ground {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("outside"), "untouched").unwrap();
        fs::set_permissions(directory.path().join("outside"), fs::Permissions::from_mode(0o640))
            .unwrap();
        Self { directory }
    }

    fn tree_path(&self) -> PathBuf {
        self.directory.path().join("into")
    }

    fn unpack(&self, bytes: &[u8], format: Format, policy: &Policy) -> Result<Unpacked, Error> {
        let result = unpack(bytes, format, &self.tree_path(), policy, &Silent);
        self.assert_outside_untouched();
        result
    }

    #[track_caller]
    fn assert_outside_untouched(&self) {
        let names: Vec<_> = fs::read_dir(self.directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .filter(|name| name != "into")
            .collect();
        assert_eq!(names, ["outside"]);
        let outside = self.directory.path().join("outside");
        assert_eq!(fs::read_to_string(&outside).unwrap(), "untouched");
        assert_eq!(fs::metadata(&outside).unwrap().permissions().mode() & 0o7777, 0o640);
    }

    /// Everything below the directory: `mode contents`, `-> target`, `mode/`.
    fn tree(&self) -> BTreeMap<String, String> {
        let mut tree = BTreeMap::new();
        collect(&self.tree_path(), "", &mut tree);
        tree
    }
}

fn collect(directory: &Path, above: &str, tree: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{above}{}", entry.file_name().display());
        let metadata = entry.metadata().unwrap();
        let mode = metadata.permissions().mode() & 0o7777;
        let what = if metadata.is_symlink() {
            format!("-> {}", fs::read_link(entry.path()).unwrap().display())
        } else if metadata.is_dir() {
            collect(&entry.path(), &format!("{name}/"), tree);
            format!("{mode:o}/")
        } else {
            format!("{mode:o} {}", String::from_utf8_lossy(&fs::read(entry.path()).unwrap()))
        };
        tree.insert(name, what);
    }
}

fn kept() -> Policy {
    Policy::limited(Root::Below(b"python".to_vec()))
}

/// What a plain tar of these entries is refused for.
#[track_caller]
fn refusal(entries: &[Entry]) -> Refusal {
    match Ground::new().unpack(&tar(entries), Format::Tar, &kept()) {
        Err(Error::Refused { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn damage(bytes: &[u8], format: Format) -> String {
    match Ground::new().unpack(bytes, format, &kept()) {
        Err(error @ Error::Damaged(_)) => {
            assert_eq!(error.exit_code(), 4);
            error.to_string()
        }
        other => panic!("{other:?}"),
    }
}

/// One file, so that an archive is not empty.
fn plain() -> Entry {
    Entry::file("python/a", "contents")
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let long = format!("{}x", "n/".repeat(1 << 19));
    let cases: Vec<(&str, Vec<Entry>)> = vec![
        ("has `..'", vec![Entry::file("python/../../outside", "x")]),
        ("has `..'", vec![Entry::file("../outside", "x")]),
        ("has `..'", vec![Entry::of(b'5', "python/..")]),
        ("has `..'", vec![Entry::gnu_long(b'L', "python/../../outside"), plain()]),
        ("has `..'", vec![Entry::pax(b'x', &[("path", "python/../../outside")]), plain()]),
        ("has `..'", vec![Entry::file("../outside", "x").prefix("python")]),
        ("is absolute", vec![Entry::file("/tmp/outside", "x")]),
        ("is absolute", vec![Entry::file("outside", "x").prefix("/tmp")]),
        ("is empty", vec![Entry::file("", "x")]),
        ("is empty", vec![Entry::pax(b'x', &[("path", "")]), plain()]),
        ("has control characters", vec![Entry::file("python/a\0/../../outside", "x")]),
        ("has control characters", vec![Entry::pax(b'x', &[("path", "python/a\0b")]), plain()]),
        ("has control characters", vec![Entry::file("python/\x1b[2Ja", "x")]),
        ("has a backslash", vec![Entry::file("python/..\\outside", "x")]),
        ("is too long", vec![Entry::gnu_long(b'L', format!("{}x", "d/".repeat(3000))), plain()]),
        ("is too long", vec![Entry::gnu_long(b'L', &long), plain()]),
        ("is too long", vec![Entry::pax(b'x', &[("path", &long)]), plain()]),
        (
            "is too deep",
            vec![Entry::gnu_long(b'L', format!("python/{}x", "d/".repeat(64))), plain()],
        ),
    ];
    for (expected, entries) in cases {
        let why = refusal(&entries).to_string();
        assert!(why.ends_with(expected), "{why} is not {expected}");
    }
}

#[test]
fn nothing_is_made_through_a_link() {
    let through = Refusal::ThroughLink("l".to_owned());
    let cases = [
        ("write", Entry::file("python/l/x", "x"), through.clone()),
        ("write the link itself", Entry::file("python/l", "x"), Refusal::Duplicate),
        ("change the mode", Entry::directory("python/l").mode(0o777), Refusal::Duplicate),
        ("make a directory", Entry::directory("python/l/d"), through.clone()),
        ("make a link", Entry::symlink("python/l/s", "x"), through.clone()),
        (
            "link to what is behind",
            Entry::hard_link("python/h", "python/l/x"),
            Refusal::Original("python/l/x".to_owned()),
        ),
        (
            "link to the link",
            Entry::hard_link("python/h", "python/l"),
            Refusal::Original("python/l".to_owned()),
        ),
        ("by another case", Entry::file("python/L/x", "x"), Refusal::ThroughLink("L".to_owned())),
    ];
    for (what, entry, expected) in cases {
        let link = Entry::symlink("python/l", "lib");
        assert_eq!(refusal(&[link, entry]), expected, "{what}");
    }
}

#[test]
fn links_out_of_the_tree_are_refused() {
    let cases = ["/etc/passwd", "../outside", "lib/../../outside", "..", "", "a\nb"];
    for target in cases {
        assert_eq!(
            refusal(&[Entry::symlink("python/l", target)]),
            Refusal::Target(target.escape_debug().to_string()),
        );
    }
    for target in ["/etc/passwd", "../outside", "outside", "python/../outside"] {
        let why = refusal(&[plain(), Entry::hard_link("python/h", target)]);
        assert_eq!(why, Refusal::Target(target.to_owned()));
    }
    let long = Entry::gnu_long(b'K', "/etc/passwd");
    let why = refusal(&[long, Entry::symlink("python/l", "a")]);
    assert_eq!(why, Refusal::Target("/etc/passwd".to_owned()));
}

#[test]
fn a_chain_of_links_leads_nowhere_else() {
    let chain = [
        Entry::directory("python/lib"),
        Entry::symlink("python/here", "."),
        Entry::symlink("python/up", "here/.."),
    ];
    assert_eq!(refusal(&chain), Refusal::Target("here/..".to_owned()));
}

#[test]
fn only_files_directories_and_links_are_unpacked() {
    let cases = [
        (b'3', "a device"),
        (b'4', "a device"),
        (b'6', "a FIFO"),
        (b'7', "of no known type"),
        (b'S', "a sparse file"),
        (b'V', "of no known type"),
        (b'M', "of no known type"),
        (b'Z', "of no known type"),
        (0xff, "of no known type"),
    ];
    for (kind, expected) in cases {
        assert_eq!(refusal(&[Entry::of(kind, "python/x")]), Refusal::Kind(expected));
    }
    let sparse = Entry::pax(b'x', &[("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0")]);
    assert_eq!(refusal(&[sparse, plain()]), Refusal::Kind("a sparse file"));
}

#[test]
fn headers_that_disagree_are_refused() {
    let pax = |key, value| Entry::pax(b'x', &[(key, value)]);
    let cases = [
        (vec![pax("size", "0"), plain()], "size"),
        (vec![pax("size", "9999999"), plain()], "size"),
        (vec![pax("path", "python/b"), Entry::gnu_long(b'L', "python/c"), plain()], "name"),
        (vec![pax("path", "python/b"), pax("path", "python/c"), plain()], "name"),
        (vec![Entry::pax(b'g', &[("path", "python/b")]), plain()], "name"),
        (vec![Entry::pax(b'g', &[("size", "0")]), plain()], "size"),
        (vec![Entry::symlink("python/l", "a").content("hidden")], "size"),
        (vec![Entry::directory("python/d").content("hidden")], "size"),
        (vec![plain(), Entry::hard_link("python/h", "python/a").content("hidden")], "size"),
        (vec![Entry::file("python/d/", "hidden")], "size"),
        (vec![Entry::of(b'x', "pax").content("nonsense"), plain()], "pax records"),
    ];
    for (entries, what) in cases {
        assert_eq!(refusal(&entries), Refusal::Headers(what));
    }
}

#[test]
fn a_name_is_given_once() {
    let cases = [
        (plain(), Refusal::Duplicate),
        (Entry::file("./python//a", "x"), Refusal::Duplicate),
        (Entry::directory("python/a"), Refusal::Duplicate),
        (Entry::symlink("python/a", "b"), Refusal::Duplicate),
        (Entry::file("python/a/b", "x"), Refusal::ThroughFile("a".to_owned())),
    ];
    for (second, expected) in cases {
        assert_eq!(refusal(&[plain(), second]), expected);
    }
}

#[test]
fn there_is_one_top_directory() {
    let outside = Refusal::OutsideTop("python".to_owned());
    assert_eq!(refusal(&[plain(), Entry::file("other/a", "x")]), outside);
    assert_eq!(refusal(&[Entry::file("python", "x")]), outside);
    let ground = Ground::new();
    let policy = Policy::limited(Root::Below(b"python/install".to_vec()));
    let result = ground.unpack(&tar(&[plain()]), Format::Tar, &policy);
    assert!(matches!(result, Err(Error::Nothing(part)) if part == "python/install"));
    let empty = Ground::new().unpack(&tar(&[]), Format::Tar, &kept());
    assert!(matches!(empty, Err(Error::Nothing(_))));
}

#[test]
fn modes_are_masked_and_nothing_else_of_an_owner_is_kept() {
    let ground = Ground::new();
    let entries = [
        Entry::directory("python/d").mode(0o2777),
        Entry::directory("python/closed").mode(0o000),
        Entry::file("python/d/setuid", "s").mode(0o6777),
        Entry::file("python/d/plain", "p").mode(0o666),
        Entry::file("python/d/private", "q").mode(0o600),
        Entry::pax(b'x', &[("SCHILY.xattr.user.a", "b"), ("uid", "12345"), ("uname", "ada")]),
        Entry::file("python/d/owned", "o"),
    ];
    ground.unpack(&tar(&entries), Format::Tar, &kept()).unwrap();
    let expected = BTreeMap::from(
        [
            ("closed", "700/"),
            ("d", "755/"),
            ("d/owned", "644 o"),
            ("d/plain", "644 p"),
            ("d/private", "600 q"),
            ("d/setuid", "755 s"),
        ]
        .map(|(name, what)| (name.to_owned(), what.to_owned())),
    );
    assert_eq!(ground.tree(), expected);
    let mine = fs::metadata(ground.tree_path()).unwrap().uid();
    let file = fs::metadata(ground.tree_path().join("d/owned")).unwrap();
    assert_eq!((file.uid(), file.mtime()), (mine, i64::try_from(MODIFIED).unwrap()));
}

#[test]
fn bombs_are_refused_before_they_fill_the_disk() {
    let limits = Limits { bytes: 1 << 20, ratio: 10, ratio_from: 1 << 16, entries: 50 };
    let policy = Policy { limits: Some(limits), ..kept() };
    let large = |bytes: usize| tar(&[Entry::file("python/a", vec![0; bytes])]);

    let size = Ground::new().unpack(&large(2 << 20), Format::Tar, &policy);
    assert!(matches!(size, Err(Error::TooLarge(most)) if most == "1048576 bytes"));
    let ratio = Ground::new().unpack(&gz(&large(1 << 19)), Format::TarGz, &policy);
    assert!(matches!(ratio, Err(Error::TooLarge(most)) if most == "10 times its own size"));
    let after_the_end = [large(0), vec![0; 2 << 20]].concat();
    let padded = Ground::new().unpack(&after_the_end, Format::Tar, &policy);
    assert!(matches!(padded, Err(Error::TooLarge(_))));

    let many: Vec<Entry> = (0..51).map(|n| Entry::file(format!("python/{n}"), "")).collect();
    let deep: Vec<Entry> =
        (0..9).map(|n| Entry::file(format!("python/{n}/a/b/c/d/e/f"), "")).collect();
    for entries in [many, deep] {
        let result = Ground::new().unpack(&tar(&entries), Format::Tar, &policy);
        let Err(error @ Error::Refused { why: Refusal::TooMany(50), .. }) = &result else {
            panic!("{result:?}");
        };
        assert_eq!((error.exit_code(), error.hint().is_some()), (4, true));
        let trusted = Policy { limits: None, ..kept() };
        Ground::new().unpack(&tar(&entries), Format::Tar, &trusted).unwrap();
    }
}

#[test]
fn a_header_that_lies_about_its_size_writes_nothing() {
    let ground = Ground::new();
    let lie = tar(&[Entry::file("python/a", "x").says_size("77777777777")]);
    let result = ground.unpack(&lie, Format::Tar, &kept());
    assert!(matches!(result, Err(Error::TooLarge(_))), "{result:?}");
    assert_eq!(ground.tree(), BTreeMap::new());

    let longer = tar(&[Entry::file("python/a", "x").says_size("00000100000")]);
    assert_eq!(damage(&longer, Format::Tar), "the archive is damaged: it ends inside a file");
}

#[test]
fn damage_is_found_in_every_format() {
    let whole = tar(&[Entry::file("python/a", noise()), plain_at("python/b")]);
    for (format, pack) in formats() {
        let packed = pack(&whole);
        Ground::new().unpack(&packed, format, &kept()).unwrap();
        for length in [0, 1, 10, packed.len() / 2, packed.len() - 9, packed.len() - 1] {
            if format == Format::Tar && length >= packed.len() - 512 {
                continue; // one block of zeros is an end mark too
            }
            damage(&packed[..length], format);
        }
        if format != Format::Tar {
            let mut flipped = packed.clone();
            flipped[packed.len() / 2] ^= 0x10;
            let result = Ground::new().unpack(&flipped, format, &kept());
            assert!(result.is_err(), "{format}: {result:?}");
            damage(&[&packed[..], b"trailing rubbish"].concat(), format);
        }
    }
}

#[test]
fn what_follows_the_end_mark_is_damage() {
    let end = tar(&[plain()]);
    let second = [end.clone(), tar(&[Entry::file("python/b", "hidden")])].concat();
    for bytes in [second, [end.as_slice(), b"x".as_slice()].concat()] {
        let damage = damage(&bytes, Format::Tar);
        assert_eq!(damage, "the archive is damaged: something follows its end mark");
    }
    let none = endless_tar(&[plain()]);
    let damage = damage(&none, Format::Tar);
    assert_eq!(damage, "the archive is damaged: it ends without an end mark");
}

#[test]
fn a_flipped_header_is_damage() {
    let mut bytes = tar(&[plain()]);
    bytes[100] ^= 1;
    damage(&bytes, Format::Tar);
}

#[test]
fn odd_but_lawful_archives_unpack_exactly() {
    let ground = Ground::new();
    let long = format!("python/{}", "long/".repeat(40));
    let entries = [
        Entry::pax(b'g', &[("comment", "a commit")]),
        Entry::directory("./"),
        Entry::directory("./python/"),
        Entry::file("./python/bin/python3.12", "#!").mode(0o755),
        Entry::directory("python/bin"),
        Entry::directory("python/bin"),
        Entry::symlink("python/bin/python3", "python3.12"),
        Entry::symlink("python/bin/lib", "../lib/dangling"),
        Entry::hard_link("python/bin/python", "./python/bin/python3.12"),
        Entry::file("python/empty", ""),
        Entry::of(0, "python/old").content("v7").old(),
        Entry::of(0, "python/olddir/").mode(0o755).old(),
        Entry::file("name", "prefixed").prefix("python/ustar"),
        Entry::gnu_long(b'L', format!("{long}gnu")),
        Entry::file(&long.as_bytes()[..99], "gnu"),
        Entry::pax(
            b'x',
            &[("path", format!("{long}pax").as_str()), ("mtime", "1.5"), ("size", "3")],
        ),
        Entry::file("ignored", "pax"),
        Entry::gnu_long(b'K', format!("{}x", "d/".repeat(60))),
        Entry::symlink("python/far", "ignored"),
        Entry::file("python/a name\u{2019}s €", "unicode"),
        Entry::file("python/E/x", "upper"),
        Entry::file("python/e/x", "lower"),
    ];
    let unpacked = ground.unpack(&tar(&entries), Format::Tar, &kept()).unwrap();
    let mut expected: BTreeMap<String, String> = [
        ("E", "755/"),
        ("E/x", "644 upper"),
        ("a name\u{2019}s €", "644 unicode"),
        ("bin", "755/"),
        ("bin/lib", "-> ../lib/dangling"),
        ("bin/python", "755 #!"),
        ("bin/python3", "-> python3.12"),
        ("bin/python3.12", "755 #!"),
        ("e", "755/"),
        ("e/x", "644 lower"),
        ("empty", "644 "),
        ("old", "644 v7"),
        ("olddir", "755/"),
        ("ustar", "755/"),
        ("ustar/name", "644 prefixed"),
    ]
    .map(|(name, what)| (name.to_owned(), what.to_owned()))
    .into();
    let long = long.trim_start_matches("python/");
    for (index, _) in long.match_indices('/') {
        expected.insert(long[..index].to_owned(), "755/".to_owned());
    }
    expected.insert(format!("{long}gnu"), "644 gnu".to_owned());
    expected.insert(format!("{long}pax"), "644 pax".to_owned());
    expected.insert("far".to_owned(), format!("-> {}x", "d/".repeat(60)));
    assert_eq!(ground.tree(), expected);
    let modified = fs::metadata(ground.tree_path().join(format!("{long}pax"))).unwrap().mtime();
    assert_eq!(modified, 1);
    assert_eq!(unpacked, Unpacked { files: 10, directories: 45, links: 3, bytes: 37 });
}

#[test]
fn names_are_bytes() {
    let ground = Ground::new();
    let entries = [Entry::file(b"python/\xff\xfe", "bytes")];
    ground.unpack(&tar(&entries), Format::Tar, &kept()).unwrap();
    let names: Vec<_> =
        fs::read_dir(ground.tree_path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.iter().map(|name| name.as_encoded_bytes()).collect::<Vec<_>>(), [b"\xff\xfe"]);
}

#[test]
fn several_streams_in_a_row_are_one_archive() {
    let whole = tar(&[plain(), Entry::file("python/b", noise())]);
    let (first, second) = whole.split_at(700);
    for (format, pack) in formats() {
        let ground = Ground::new();
        ground.unpack(&[pack(first), pack(second)].concat(), format, &kept()).unwrap();
        assert_eq!(fs::read(ground.tree_path().join("b")).unwrap(), noise(), "{format}");
    }
}

#[test]
fn one_block_of_zeros_ends_a_tar_too() {
    let mut bytes = endless_tar(&[plain()]);
    bytes.resize(bytes.len() + 512, 0);
    Ground::new().unpack(&bytes, Format::Tar, &kept()).unwrap();
    bytes.resize(bytes.len() + 10240, 0);
    Ground::new().unpack(&bytes, Format::Tar, &kept()).unwrap();
}

#[test]
fn zips_are_judged_by_the_same_rules() {
    let ground = Ground::new();
    let lawful = zip(&[
        ("python/", 0o040_755, b"".as_slice()),
        ("python/python.exe", 0o100_755, b"MZ"),
        ("python/link", 0o120_777, b"python.exe"),
    ]);
    ground.unpack(&lawful, Format::Zip, &kept()).unwrap();
    let expected = [("link", "-> python.exe"), ("python.exe", "755 MZ")];
    assert_eq!(ground.tree(), expected.map(|(a, b)| (a.to_owned(), b.to_owned())).into());

    let cases: [(&str, &str, u32, &[u8]); 6] = [
        ("has `..'", "python/../../outside", 0o100_644, b"x"),
        ("is absolute", "/tmp/outside", 0o100_644, b"x"),
        ("has a backslash", "python\\..\\..\\outside", 0o100_644, b"x"),
        ("leads out of the tree", "python/l", 0o120_777, b"../outside"),
        ("only files, directories and links are unpacked", "python/p", 0o010_644, b""),
        ("is not inside the archive's one top directory `python'", "outside", 0o100_644, b"x"),
    ];
    for (expected, name, mode, content) in cases {
        let result = Ground::new().unpack(&zip(&[(name, mode, content)]), Format::Zip, &kept());
        let message = result.unwrap_err().to_string();
        assert!(message.ends_with(expected), "{message} is not {expected}");
    }
    let mut corrupt = zip(&[("python/a", 0o100_644, b"contents")]);
    let at = corrupt.windows(8).position(|window| window == b"contents").unwrap();
    corrupt[at] ^= 1;
    damage(&corrupt, Format::Zip);
    damage(&lawful[..lawful.len() - 30], Format::Zip);
}

#[test]
fn a_zip_tells_one_truth() {
    let honest =
        zip(&[("python/a", 0o100_644, b"contents".as_slice()), ("python/b", 0o100_644, b"x")]);
    let local = |name: &[u8]| honest.windows(name.len()).position(|window| window == name).unwrap();
    let central =
        |name: &[u8]| honest.windows(name.len()).rposition(|window| window == name).unwrap();
    // A name or a size (22 bytes into a local header, whose name stands at 30) said otherwise in one of the two places,
    // and one name said twice.
    let changes: [(usize, &[u8]); 5] = [
        (local(b"python/a"), b"python/c"),
        (central(b"python/a"), b"python/c"),
        (local(b"python/a") - 8, &[9]),
        (central(b"python/a") - 22, &[7]),
        (central(b"python/b"), b"python/a"),
    ];
    for (at, bytes) in changes {
        let mut lie = honest.clone();
        lie[at..at + bytes.len()].copy_from_slice(bytes);
        damage(&lie, Format::Zip);
    }
    Ground::new().unpack(&honest, Format::Zip, &kept()).unwrap();
}

#[test]
fn a_file_is_known_by_its_first_bytes() {
    let ground = Ground::new();
    let file = ground.tree_path().with_file_name("into.archive");
    for (format, pack) in formats() {
        fs::write(&file, pack(&tar(&[plain()]))).unwrap();
        let into = tempfile::tempdir().unwrap();
        let unpacked = unpack_file(&file, into.path(), &kept(), &Silent).unwrap();
        assert_eq!(unpacked.files, 1, "{format}");
    }
    fs::write(&file, zip(&[("python/a", 0o100_644, b"x")])).unwrap();
    unpack_file(&file, &ground.tree_path(), &kept(), &Silent).unwrap();
    fs::write(&file, "<html>log in to the network</html>").unwrap();
    let error = unpack_file(&file, &ground.tree_path(), &kept(), &Silent).unwrap_err();
    assert!(matches!(error, Error::UnknownFormat(path) if path == file));
}

#[test]
fn a_reader_that_breaks_is_not_called_damage() {
    struct Broken;
    impl io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::from(io::ErrorKind::ConnectionReset))
        }
    }
    for (format, _) in formats() {
        let ground = Ground::new();
        let error = unpack(Broken, format, &ground.tree_path(), &kept(), &Silent).unwrap_err();
        assert!(
            matches!(&error, Error::Source(why) if why.kind() == io::ErrorKind::ConnectionReset),
            "{format}: {error:?}",
        );
    }
}

/// Contents that no compressor makes smaller.
fn noise() -> Vec<u8> {
    let mut state = 1_u32;
    (0..300_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .collect()
}

fn plain_at(name: &str) -> Entry {
    Entry::file(name, "contents")
}

type Pack = fn(&[u8]) -> Vec<u8>;

fn formats() -> [(Format, Pack); 5] {
    [
        (Format::Tar, <[u8]>::to_vec),
        (Format::TarGz, gz),
        (Format::TarXz, xz),
        (Format::TarZst, zst),
        (Format::TarBz2, bz2),
    ]
}
