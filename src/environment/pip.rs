//! The environment's own pip, run for it and nothing else.

use std::process::Command;

use super::Layout;

/// Variables that would lead an environment's pip, or its Python, elsewhere.
const MISLEADING: [&str; 7] = [
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_USER",
    "PYTHONHOME",
    "PYTHONPATH",
    "__PYVENV_LAUNCHER__",
];

/// `python -m pip`, with the user's other `PIP_*` variables and configuration.
pub fn pip(layout: &Layout) -> Command {
    let mut command = Command::new(layout.python());
    command.args(["-m", "pip"]);
    for variable in MISLEADING {
        command.env_remove(variable);
    }
    command
}
