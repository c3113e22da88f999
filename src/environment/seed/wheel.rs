//! The wheels an environment begins with, and what their names say: project, version, what they run on. Pure.

/// What ensurepip installs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Project {
    Pip,
    Setuptools,
}

impl Project {
    /// Its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pip => "pip",
            Self::Setuptools => "setuptools",
        }
    }
}

/// What a wheel's file name says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WheelName {
    /// In small letters.
    pub(super) project: String,
    /// Its numbers: 23.2.1 is newer than 23.2 and older than 23.10.
    pub(super) version: Vec<u32>,
    /// The name without `.whl`.
    pub(super) stem: String,
}

impl WheelName {
    /// `pip-23.2.1-py3-none-any.whl`.
    pub(super) fn parse(file: &str) -> Option<Self> {
        Self::parse_stem(file.strip_suffix(".whl")?)
    }

    /// The same without `.whl`: a wheel for any machine, of a release that is no pre-release.
    pub(super) fn parse_stem(stem: &str) -> Option<Self> {
        let mut parts = stem.split('-');
        let project = parts.next()?.to_lowercase();
        let version = parts.next()?;
        let version = version.split('.').map(str::parse).collect::<Result<_, _>>();
        let tags: Vec<&str> = parts.collect();
        let [_, "none", "any"] = tags.as_slice() else {
            return None;
        };
        Some(Self { project, version: version.ok()?, stem: stem.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::WheelName;

    #[test]
    fn versions_are_numbers_and_other_names_are_none() {
        let version = |name: &str| WheelName::parse(name).map(|name| name.version);
        assert!(version("pip-23.10-py3-none-any.whl") > version("pip-23.2.1-py3-none-any.whl"));
        assert_eq!(version("pip-19.2.3-py2.py3-none-any.whl"), Some(vec![19, 2, 3]));
        for name in [
            "pip-25.0b1-py3-none-any.whl",
            "pip-23.2.1-py3-none-any",
            "pip-23.2.1-cp312-cp312-linux_x86_64.whl",
            ".pyman-stage-0123",
            "",
        ] {
            assert_eq!(version(name), None, "{name}");
        }
    }
}
