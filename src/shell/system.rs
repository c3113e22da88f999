//! What the shells' part asks of the system: the parent process, owners and modes; and, where programs find PATH in the
//! registry and not in what a shell reads, that PATH.

#[cfg(unix)]
pub(crate) use unix::{
    DIVIDER, KEEPS_PATH, PROGRAM, PYENV, delist, enlist, parent_names, powershell, stand_in,
    stands_in,
};
#[cfg(windows)]
pub(crate) use windows::{
    DIVIDER, KEEPS_PATH, PROGRAM, PYENV, delist, enlist, parent_names, powershell, stand_in,
    stands_in,
};

#[cfg(unix)]
mod unix {
    use crate::disk::{self, Directory};
    use crate::shell::dialect::Account;
    use std::io;
    use std::os::unix::process::parent_id;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    /// The manager's file name.
    pub(crate) const PROGRAM: &str = "pyman";

    /// pyenv's.
    pub(crate) const PYENV: &str = "pyenv";

    /// Makes pyenv's name in `bin` a link to the manager's, which itself is moved by every upgrade.
    pub(crate) fn stand_in(bin: &Directory) -> io::Result<()> {
        bin.point(PYENV, Path::new(PROGRAM))
    }

    /// Whether what stands under pyenv's name is that link.
    pub(crate) fn stands_in(pyenv: &Path) -> io::Result<bool> {
        Ok(disk::link_target(pyenv)?.is_some_and(|target| target == Path::new(PROGRAM)))
    }

    /// Whether the system has a PATH for each account that no shell is asked for.
    pub(crate) const KEEPS_PATH: bool = false;

    /// Nothing is put there.
    #[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
    pub(crate) const fn enlist(_: &Path) -> io::Result<bool> {
        Ok(false)
    }

    /// Nothing is there.
    #[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
    pub(crate) const fn delist(_: &Path) -> io::Result<bool> {
        Ok(false)
    }

    /// What divides PATH.
    pub(crate) const DIVIDER: u8 = b':';

    /// The directory of PowerShell's profiles.
    pub(crate) fn powershell(account: &Account) -> PathBuf {
        account.configuration().join("powershell")
    }

    /// What the parent process might be called: its `argv[0]`, then its executable.
    pub(crate) fn parent_names() -> Vec<String> {
        let process = parent_id();
        let place = Path::new("/proc").join(process.to_string());
        // Another user's process only leaves the question open; where there is no `/proc`, `ps` is asked.
        let Ok(Some(line)) = disk::read(&place.join("cmdline")) else {
            return ps(process).into_iter().collect();
        };
        let first = line.split(|&byte| byte == 0).next().unwrap_or_default();
        let argument = String::from_utf8_lossy(first).into_owned();
        let executable = disk::link_target(&place.join("exe")).map_or(None, |path| path);
        let executable = executable.map(|path| path.to_string_lossy().into_owned());
        [argument].into_iter().chain(executable).collect()
    }

    fn ps(process: u32) -> Option<String> {
        let mut ps = Command::new("/bin/ps");
        ps.args(["-o", "comm=", "-p", &process.to_string()]);
        match ps.stdin(Stdio::null()).stderr(Stdio::null()).output() {
            Ok(output) => Some(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
            Err(_) => None,
        }
    }
}

#[cfg(windows)]
mod windows {
    use crate::disk::{self, Directory};
    use crate::shell::dialect::Account;
    use std::io;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};
    use windows_registry::{CURRENT_USER, Key, Type, Value};

    /// The manager's file name.
    pub(crate) const PROGRAM: &str = "pyman.exe";

    /// pyenv's.
    pub(crate) const PYENV: &str = "pyenv.exe";

    /// Makes pyenv's name in `bin` a second one of the manager: links need a privilege here.
    pub(crate) fn stand_in(bin: &Directory) -> io::Result<()> {
        bin.point_hard(PYENV, bin, PROGRAM)
    }

    /// Whether something stands under pyenv's name.
    pub(crate) fn stands_in(pyenv: &Path) -> io::Result<bool> {
        Ok(disk::look(pyenv)?.is_some_and(|found| found.is_file()))
    }

    /// What divides PATH.
    pub(crate) const DIVIDER: u8 = b';';

    /// The directory of PowerShell's profiles.
    pub(crate) fn powershell(account: &Account) -> PathBuf {
        account.file("Documents/PowerShell")
    }

    /// Only PowerShell is set up by itself here; the others are asked for by name.
    pub(crate) fn parent_names() -> Vec<String> {
        vec!["pwsh".to_owned()]
    }

    /// Whether the system has a PATH for each account that no shell is asked for.
    pub(crate) const KEEPS_PATH: bool = true;

    /// The variables of this account, and the one that is ours to change.
    const VARIABLES: &str = "Environment";
    const PATH: &str = "Path";

    /// What that was before, and what was made of it.
    const KEPT: &str = "Software\\pyman\\setup";
    const FORMER: &str = "former";
    const WRITTEN: &str = "written";

    /// Puts our directories first into this account's PATH, and keeps what it was, with its type; whether they were not.
    pub(crate) fn enlist(root: &Path) -> io::Result<bool> {
        let variables = answer(CURRENT_USER.create(VARIABLES))?;
        let former = present(variables.get_value(PATH))?;
        let text = former.as_ref().map(text).transpose()?.unwrap_or_default();
        let sort = former.as_ref().map_or(Type::ExpandString, Value::ty);
        let ours = ours(root);
        let refuse = |byte, why| {
            let said = format!("`{}' cannot stand in PATH, where `{byte}' {why}", root.display());
            Err(io::Error::new(io::ErrorKind::InvalidInput, said))
        };
        match root.to_string_lossy() {
            named if named.contains(';') => return refuse(';', "divides"),
            named if named.contains('%') && sort == Type::ExpandString => {
                return refuse('%', "names variables");
            }
            _ => {}
        }
        let rest = without(&text, &ours);
        let after = ours.iter().map(String::as_str).chain((!rest.is_empty()).then_some(&*rest));
        let after = after.collect::<Vec<_>>().join(";");
        if after == text {
            return Ok(false);
        }
        let kept = answer(CURRENT_USER.create(KEPT))?;
        match &former {
            Some(former) => answer(kept.set_bytes(FORMER, former.ty(), former))?,
            None => forget(&kept, FORMER)?,
        }
        write(&kept, WRITTEN, sort, &after)?;
        write(&variables, PATH, sort, &after)?;
        announce();
        Ok(true)
    }

    /// Gives this account's PATH back as it was, to its type; of one that was changed since, takes our directories
    /// out. Whether they were there.
    pub(crate) fn delist(root: &Path) -> io::Result<bool> {
        let variables = answer(CURRENT_USER.create(VARIABLES))?;
        let current = present(variables.get_value(PATH))?;
        let kept = present(CURRENT_USER.open(KEPT))?;
        let value = |name| match &kept {
            Some(kept) => present(kept.get_value(name)),
            None => Ok(None),
        };
        let (former, written) = (value(FORMER)?, value(WRITTEN)?);
        let mut is_changed = false;
        if let Some(current) = &current {
            let text = text(current)?;
            let rest = without(&text, &ours(root));
            if rest != text {
                match former {
                    _ if written.as_ref() != Some(current) => {
                        write(&variables, PATH, current.ty(), &rest)?;
                    }
                    Some(former) => answer(variables.set_bytes(PATH, former.ty(), &former))?,
                    None => forget(&variables, PATH)?,
                }
                is_changed = true;
            }
        }
        if kept.is_some() {
            answer(CURRENT_USER.remove_tree(KEPT))?;
            let above = KEPT.rsplit_once('\\').map_or(KEPT, |(above, _)| above);
            let key = answer(CURRENT_USER.open(above))?;
            let is_empty =
                answer(key.keys())?.next().is_none() && answer(key.values())?.next().is_none();
            if is_empty {
                answer(CURRENT_USER.remove_tree(above))?;
            }
        }
        if is_changed {
            announce();
        }
        Ok(is_changed)
    }

    fn ours(root: &Path) -> [String; 2] {
        ["shims", "bin"].map(|name| root.join(name).to_string_lossy().into_owned())
    }

    /// The entries that are none of these, as they are.
    fn without(path: &str, ours: &[String]) -> String {
        let is_ours = |entry: &str| {
            let entry = entry.trim_end_matches('\\').to_lowercase();
            ours.iter().any(|one| one.to_lowercase() == entry)
        };
        path.split(';').filter(|entry| !is_ours(entry)).collect::<Vec<_>>().join(";")
    }

    fn text(value: &Value) -> io::Result<String> {
        answer(String::try_from(value.clone()))
    }

    fn write(key: &Key, name: &str, sort: Type, text: &str) -> io::Result<()> {
        let wide = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes);
        answer(key.set_bytes(name, sort, &wide.collect::<Vec<_>>()))
    }

    fn forget(key: &Key, name: &str) -> io::Result<()> {
        present(key.remove_value(name)).map(drop)
    }

    /// What the registry answers, an error with the system's number.
    fn answer<T>(answer: windows_registry::Result<T>) -> io::Result<T> {
        answer.map_err(|error| io::Error::from_raw_os_error(error.code().0 & 0xffff))
    }

    /// The same; what is not there is an answer.
    fn present<T>(found: windows_registry::Result<T>) -> io::Result<Option<T>> {
        match answer(found) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            found => found.map(Some),
        }
    }

    /// Tells the desktop, and whoever asks, that variables changed: programs that it starts from now on have them. No crate
    /// has a safe word for that message; .NET sends it for every variable of an account that it sets or, as here, forgets.
    fn announce() {
        let mut shell = Command::new("powershell.exe");
        shell.args(["-NoProfile", "-NonInteractive", "-Command"]);
        shell.arg("[Environment]::SetEnvironmentVariable('_PYMAN_SETUP', $null, 'User')");
        shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Where there is no PowerShell, what is set holds from the next login on.
        shell.status().map(drop).unwrap_or_default();
    }
}
