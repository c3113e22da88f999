//! Fifteen set-ups that people have broken, each made for real: `doctor` says in one line what is wrong and in one what to
//! run; that is run in the person's own shell, and after it doctor is silent.

use std::fs;
use std::os::unix::fs::{chown, symlink};

use crate::support::conda;
use crate::support::needs::{NOBODY, as_root, began_as_root, has, mounts, needs};
use crate::support::sandbox::Sandbox;
use crate::support::shop::Shop;

/// Somebody with a home, a shell and a Python, who is lost.
struct Person {
    shop: Shop,
    path: String,
    variables: Vec<(&'static str, String)>,
    /// What their shell was told before they ask.
    before: String,
    /// What their shell is started by.
    starter: Vec<String>,
    /// The part of a finding that other machines than a person's have.
    beside: Option<&'static str>,
}

type Finding = (String, String, Option<String>);

impl Person {
    /// Set up, and well.
    fn well() -> Self {
        let shop = Shop::open();
        let version = shop.version().to_owned();
        Self::with(shop, &version)
    }

    /// The same, with what this shop has.
    fn with(shop: Shop, version: &str) -> Self {
        let bin = shop.sandbox.path().join("bin");
        fs::create_dir(&bin).unwrap();
        symlink(crate::support::program(), bin.join("pyman")).unwrap();
        let root = shop.sandbox.root();
        let path = format!("{}/shims:{}:/usr/bin:/bin", root.display(), bin.display());
        let person = Self {
            shop,
            path,
            variables: vec![("VERSION", version.to_owned())],
            before: String::new(),
            starter: Vec::new(),
            beside: Some("build"),
        };
        person.run("pyman install \"$VERSION\" && pyman setup bash && pyman global \"$VERSION\"");
        assert_eq!(person.asks(&[]), [], "well from the beginning");
        person
    }

    /// The standard output of a script in the person's shell.
    fn run(&self, script: &str) -> String {
        // The shell that takes its place reads what a new one reads.
        let whole = format!("export BASH_ENV=~/.bashrc\n{}\n{script}\n", self.before);
        let script = self.shop.sandbox.write("script", whole);
        let mut command = self.shop.pyman(&[]);
        let mut shell = self.shop.sandbox.command("/bin/sh");
        // Read from a pipe, what a shell leaves of it is read by the one that takes its place.
        shell.args(["-c", "cat \"$0\" | \"$@\""]).arg(&script).args(&self.starter);
        shell.args(["bash", "--noprofile", "--norc"]);
        command.env("PATH", &self.path).env("SHELL", "/bin/bash");
        command.envs(self.variables.iter().map(|(name, value)| (*name, value)));
        shell.env_clear();
        shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let ran = self.shop.sandbox.ran(&mut shell);
        assert!(
            ran.status == Some(0) || ran.stdout.contains("\"findings\""),
            "{}: {ran:?}",
            script.display()
        );
        ran.stdout
    }

    /// What doctor finds after these lines: the part, what is so, the mend.
    fn asks(&self, lines: &[String]) -> Vec<Finding> {
        let said = self.run(&format!("{}\npyman doctor --json", lines.join("\n")));
        let said = said.lines().rfind(|line| line.contains("\"findings\"")).unwrap().to_owned();
        let rows: serde_json::Value = serde_json::from_str(&said).unwrap();
        let text = |row: &serde_json::Value, key: &str| row[key].as_str().map(str::to_owned);
        let rows = rows["findings"].as_array().unwrap().iter();
        let beside = |part: &str| Some(part) == self.beside;
        rows.map(|row| (text(row, "part").unwrap(), text(row, "what").unwrap(), text(row, "mend")))
            .filter(|(part, ..)| !beside(part))
            .collect()
    }

    /// Asserts that this is said, and that what is to be run mends it; all that was run.
    #[track_caller]
    fn is_mended(&self, said: &str) -> Vec<String> {
        let mut found = self.asks(&[]);
        assert!(found.iter().any(|(_, what, _)| what.contains(said)), "{said}: {found:#?}");
        let mut run = Vec::new();
        // What lies behind what was wrong is found when that is mended.
        for _ in 0..3 {
            for (_, what, mend) in &found {
                let mend = mend.as_ref().unwrap_or_else(|| panic!("no mend: {what}"));
                assert!(!what.contains('\n') && !mend.contains('\n'), "{found:#?}");
                run.push(mend.replace("[SANDBOX]", &self.shop.sandbox.path().to_string_lossy()));
            }
            found = self.asks(&run);
            if found.is_empty() {
                break;
            }
            // What was done to the disk is done; what was done to the shell is done again.
            run.retain(|line| !is_done_once(line));
        }
        assert_eq!(found, [], "after {run:#?}");
        run
    }

    fn home(&self, file: &str) -> String {
        self.shop.sandbox.home().join(file).to_string_lossy().into_owned()
    }

    fn bashrc(&self) -> String {
        fs::read_to_string(self.home(".bashrc")).unwrap()
    }
}

/// Whether a line changes the disk alone.
fn is_done_once(line: &str) -> bool {
    !["export", "unset", "exec", "unalias", "conda"].iter().any(|word| line.contains(word))
}

#[test]
fn system_python_before_the_shims() {
    let mut person = Person::well();
    person.path = format!("/usr/bin:{}", person.path);
    let run = person.is_mended("/usr/bin/python3 comes before our shims on PATH");
    let python = person.run(&format!("{}\ntype -P python", run.join("\n")));
    assert_eq!(python, "[SANDBOX]/pyman/shims/python\n");
}

#[test]
fn two_managers() {
    let mut person = Person::well();
    let pyenv = person.home(".pyenv");
    for file in ["versions/3.1.5/bin/python", "shims/python"] {
        Sandbox::script(format!("{pyenv}/{file}").as_ref(), "echo pyenv");
    }
    let starts = format!("echo 'export PATH=\"{pyenv}/shims:$PATH\"'");
    Sandbox::script(format!("{pyenv}/bin/pyenv").as_ref(), &starts);
    let rc = format!("{}eval \"$({pyenv}/bin/pyenv init -)\"\n", person.bashrc());
    fs::write(person.home(".bashrc"), rc).unwrap();
    person.path = format!("{pyenv}/shims:{}", person.path);
    let run = person.is_mended("the shims of pyenv ([SANDBOX]/home/.pyenv/shims) come before ours");
    assert_eq!(run.len(), 1, "{run:#?}");
    assert!(person.run("pyman versions --bare").contains("3.1.5\n"));
    // In new shells, too, whatever pyenv's line does there.
    person.path = "/usr/bin:/bin".to_owned();
    assert_eq!(person.run("exec bash\ntype -P python"), "[SANDBOX]/pyman/shims/python\n");
}

#[test]
fn a_pyman_that_was_removed() {
    let mut person = Person::well();
    let kept = person.shop.sandbox.root().join("bin/pyman");
    fs::remove_file(&kept).unwrap();
    fs::remove_file(person.shop.sandbox.path().join("bin/pyman")).unwrap();
    // The archive was fetched again, and is run where it was unpacked.
    person.before = format!("pyman() {{ {} \"$@\"; }}", crate::support::program());
    let run = person.is_mended("[SANDBOX]/pyman/bin/pyman leads to no program");
    assert!(run[0].starts_with('/'), "by its path, since no pyman is on PATH: {run:?}");
    assert!(kept.is_file());
}

#[test]
fn a_base_that_is_gone() {
    let person = Person::well();
    person.run("pyman venv create --without-pip web && pyman uninstall -f \"$VERSION\"");
    person.is_mended("web has lost the Python it stood on");
    assert!(person.run("$(pyman venv path web --python) -c 'print(6 * 7)'").ends_with("42\n"));
}

#[test]
fn a_root_that_was_moved() {
    let mut person = Person::well();
    let (root, new) = (person.shop.sandbox.root(), person.shop.sandbox.path().join("moved"));
    fs::rename(&root, &new).unwrap();
    person.variables.push(("PYMAN_ROOT", new.to_string_lossy().into_owned()));
    person.is_mended("[SANDBOX]/moved/shims is not on PATH: shims are never run");
    let python = person.run("unset PYMAN_ROOT\nexec bash\ntype -P python");
    assert!(python.starts_with("[SANDBOX]/moved/shims/python\n"), "{python}");
}

#[test]
fn an_environment_that_was_moved() {
    let person = Person::well();
    person.run("pyman venv create --without-pip ./there && mv there .venv");
    person.is_mended(".venv was made elsewhere and moved since");
    let active = person.run(". .venv/bin/activate && echo $VIRTUAL_ENV");
    assert_eq!(active, "[SANDBOX]/work/.venv\n");
    person.run("mv .venv elsewhere && export VIRTUAL_ENV=\"$PWD/.venv\"");
    let found = person.asks(&["export VIRTUAL_ENV=\"$PWD/.venv\"".to_owned()]);
    assert!(found.iter().any(|(_, what, _)| what.contains("is no environment any more")));
}

#[test]
fn a_directory_for_temporary_files_where_nothing_runs() {
    needs!(mounts(), "to mount");
    let mut person = Person::well();
    let place = person.home("temporary");
    fs::create_dir(&place).unwrap();
    let mount = format!("mount -t tmpfs -o noexec tmpfs {place} && exec \"$@\"");
    person.starter = ["unshare", "--mount", "--map-root-user", "/bin/sh", "-c", &mount, "sh"]
        .map(str::to_owned)
        .to_vec();
    person.variables.push(("TMPDIR", place));
    person.beside = None;
    let lacking = |found: &[Finding]| {
        found.iter().filter(|(_, what, _)| !what.contains("a build from source")).count()
    };
    let found = person.asks(&[]);
    let [(part, what, Some(mend))] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(part, "build");
    assert!(what.starts_with("TMPDIR=[SANDBOX]/home/temporary cannot hold executables"), "{what}");
    // What the machine lacks for a build besides is its own.
    assert_eq!(lacking(&person.asks(std::slice::from_ref(mend))), 0);
}

#[test]
fn a_proxy_that_is_not_there() {
    let mut person = Person::well();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let proxy = format!("http://ada:secret@127.0.0.1:{port}/");
    person.variables.extend([("https_proxy", proxy.clone()), ("HTTPS_PROXY", proxy)]);
    let said = format!("https_proxy names http://127.0.0.1:{port}/, and no proxy answers there");
    assert_eq!(person.is_mended(&said), ["unset https_proxy HTTPS_PROXY"]);
}

#[test]
fn a_receipt_that_was_half_written() {
    let person = Person::well();
    let receipt = person.shop.prefix().join(".pyman/receipt.json");
    let text = fs::read_to_string(&receipt).unwrap();
    fs::write(&receipt, &text[..text.len() / 2]).unwrap();
    let said = format!("the receipt of {} cannot be read", person.shop.version());
    person.is_mended(&said);
    assert_eq!(person.shop.python("print(6 * 7)"), "42\n");
}

#[test]
fn an_alias_for_python() {
    let mut person = Person::well();
    let line = "if true; then\n  alias python=/usr/bin/python3\nfi\n";
    fs::write(person.home(".bashrc"), format!("{}{line}", person.bashrc())).unwrap();
    person.before = "shopt -s expand_aliases\nalias python=/usr/bin/python3".to_owned();
    let run =
        person.is_mended(".bashrc has an alias `python' for /usr/bin/python3: no shim is asked");
    assert_eq!(person.run("unalias python\n. ~/.bashrc\ntype -t python"), "file\n");
    assert_eq!(run.len(), 1, "{run:#?}");
}

#[test]
fn a_home_that_every_python_looks_into() {
    let mut person = Person::well();
    person.variables.push(("PYTHONHOME", "/opt/nothing".to_owned()));
    let run = person.is_mended("PYTHONHOME=/opt/nothing: every Python looks for its library there");
    assert_eq!(run, ["unset PYTHONHOME"]);
}

#[test]
fn condas_base_environment() {
    let mut person = Person::with(conda::shop(), conda::NAME);
    let profile = person.shop.sandbox.root().join("versions").join(conda::NAME);
    let profile = profile.join("etc/profile.d/conda.sh").display().to_string();
    person.before = format!(". {profile}\nconda activate base");
    let run = person.is_mended("conda's base environment is active: ");
    let rc = fs::read_to_string(person.home(".condarc")).unwrap();
    assert_eq!(rc, "auto_activate_base: false\n", "nor is it in the next shell");
    let python = person.run(&format!("{}\ntype -P python", run.join("\n")));
    assert!(python.ends_with("[SANDBOX]/pyman/shims/python\n"), "{python}");
}

#[test]
fn a_start_up_file_that_returns_early() {
    let person = Person::well();
    let debian = "case $- in\n    *i*) ;;\n      *) return;;\nesac\n";
    fs::write(person.home(".bashrc"), format!("{debian}{}", person.bashrc())).unwrap();
    let ssh = "PATH=/usr/bin:/bin; . ~/.bashrc; type -P python3";
    assert_eq!(person.run(&format!("bash --norc -c '{ssh}'")), "/usr/bin/python3\n");
    let run = person.is_mended("above where it sends `ssh HOST python' away");
    assert_eq!(run, ["pyman setup"]);
    assert_eq!(person.run(&format!("bash --norc -c '{ssh}'")), "[SANDBOX]/pyman/shims/python3\n");
}

#[test]
fn a_root_of_somebody_elses() {
    needs!(began_as_root(), "root, to be two accounts");
    let person = Person::well();
    let root = person.shop.sandbox.root();
    as_root(|| chown(&root, Some(54_321), None).unwrap());
    person.is_mended("[SANDBOX]/pyman belongs to user 54321, who can make you run anything");
    as_root(|| chown(&root, Some(NOBODY), None).unwrap());
    let own = person.run("unset PYMAN_ROOT\nPATH=/usr/bin:/bin\nexec bash\npyman root");
    assert_eq!(own, "[SANDBOX]/home/.pyman\n");
}

#[test]
fn a_clock_in_the_past() {
    needs!(has("faketime"), "faketime");
    let mut person = Person::well();
    person.starter = ["faketime", "2019-03-01 12:00:00"].map(str::to_owned).to_vec();
    let found = person.asks(&[]);
    let [(part, what, Some(mend))] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(part, "clock");
    assert!(what.starts_with("the clock says 2019-03-01, and this pyman knows of 20"), "{what}");
    // The machine's clock is no test's to set: it is right once what stands before the shell is gone.
    assert!(mend.starts_with("sudo "), "{mend}");
    person.starter.clear();
    assert_eq!(person.asks(&[]), []);
}
