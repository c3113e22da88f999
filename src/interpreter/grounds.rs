//! Where this machine's tools keep their interpreters, and so whose an interpreter is.

use std::path::{Path, PathBuf};

use crate::interpreter::system;
use crate::interpreter::tool::{Grounds, Tool};
use crate::world::Machine;

impl Grounds {
    /// Where this machine's tools keep theirs, by their variables or their defaults.
    pub(crate) fn of(machine: Machine, root: &Path) -> Self {
        let mut grounds = Self::default();
        grounds.collection(root.join("versions"), Tool::Pyman);
        let home = machine.home();
        let below_home = |path: &str| home.as_ref().map(|home| home.join(path));
        let place = |variable: &str, otherwise: Option<PathBuf>| {
            machine.variable(variable).map(PathBuf::from).or(otherwise)
        };
        let data = place("XDG_DATA_HOME", below_home(".local/share"));
        let below_data = |path: &str| data.as_ref().map(|data| data.join(path));
        // After `setup --as-pyenv` the variable names us.
        let pyenv = place("PYENV_ROOT", None).filter(|place| place != root);
        let pyenv = pyenv.or_else(|| below_home(".pyenv"));
        let known = [
            (pyenv, "versions", Tool::Pyenv),
            (place("UV_PYTHON_INSTALL_DIR", below_data("uv/python")), "", Tool::Uv),
            (place("MISE_DATA_DIR", below_data("mise")), "installs/python", Tool::Mise),
            (place("ASDF_DATA_DIR", below_home(".asdf")), "installs/python", Tool::Asdf),
        ];
        for (place, below, tool) in known {
            grounds.collections.extend(place.map(|place| (place.join(below), tool)));
        }
        for name in ["miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba"] {
            for place in below_home(name).into_iter().chain([Path::new("/opt").join(name)]) {
                grounds.collection(place.join("envs"), Tool::Conda);
                grounds.trees.push((place, Tool::Conda));
            }
        }
        grounds.trees.push(("/opt/conda".into(), Tool::Conda));
        grounds.lists.extend(below_home(".conda/environments.txt"));
        system::grounds(&mut grounds);
        grounds.commands.splice(0..0, machine.search_path());
        grounds
    }

    /// Whose the interpreter at `path` is, by where it stands; links are not followed here.
    pub(super) fn tool(&self, path: &Path) -> Tool {
        let known = self.collections.iter().chain(&self.trees);
        let within = known.filter(|(place, _)| path.starts_with(place));
        // The deepest of them: pyman's root may stand inside another tool's, or the reverse.
        match within.max_by_key(|(place, _)| place.components().count()) {
            Some((_, tool)) => *tool,
            None if is_brewed(path) => Tool::Homebrew,
            None => system::tool(path),
        }
    }
}

/// Whether a directory on the way is one of Homebrew's, whose prefix may be anywhere.
fn is_brewed(path: &Path) -> bool {
    let names = ["Cellar", ".linuxbrew", "homebrew"];
    path.iter().any(|part| names.iter().any(|name| part == *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interpreter_is_its_directorys() {
        let mut grounds = Grounds::default();
        grounds.collection("/home/ada/.pyman/versions", Tool::Pyman);
        grounds.collection("/home/ada/.pyenv/versions", Tool::Pyenv);
        grounds.collection("/home/ada/.pyenv/versions/mini/envs", Tool::Conda);
        let cases = [
            ("/home/ada/.pyman/versions/3.12.1/bin/python3.12", Tool::Pyman),
            ("/home/ada/.pyenv/versions/3.12.1/bin/python3.12", Tool::Pyenv),
            ("/home/ada/.pyenv/versions/mini/envs/a/bin/python3.12", Tool::Conda),
            ("/home/ada/python/bin/python3.12", Tool::Nobody),
            ("/usr/local/bin/python3.12", Tool::Nobody),
            ("/usr/bin/python3.11", Tool::System),
            ("/home/linuxbrew/.linuxbrew/Cellar/python@3.12/3.12.7/bin/python3", Tool::Homebrew),
            ("/opt/homebrew/opt/python@3.12/bin/python3.12", Tool::Homebrew),
        ];
        for (path, tool) in cases {
            assert_eq!(grounds.tool(Path::new(path)), tool, "{path}");
        }
    }
}
