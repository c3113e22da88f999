//! One file a command: its arguments as a type, and `run`. Commands never call each other.

mod activate;
mod available;
mod choose;
mod completions;
mod discover;
mod doctor;
mod exec;
mod help;
mod import;
mod init;
mod install;
mod launcher;
mod list;
mod mirror;
mod self_program;
mod setup;
mod uninstall;
mod update;
mod venv;
mod version;
mod versions;
mod virtualenv;
mod virtualenvs;
mod which;

use crate::cli::run::Entry;

pub(crate) use completions::Completions;

/// Every command there is, by name.
pub(crate) const COMMANDS: &[Entry] = &[
    Entry::internal::<launcher::RunForPy>("_py"),
    Entry::internal::<launcher::RunForShim>("_run"),
    Entry::ours::<available::Available>("available"),
    Entry::ours::<uninstall::Cache>("cache"),
    Entry::pyenv::<help::Commands>("commands"),
    Entry::pyenv::<completions::Completions>("completions"),
    Entry::ours::<doctor::Doctor>("doctor"),
    Entry::ours::<discover::Discover>("discover"),
    Entry::pyenv::<exec::Exec>("exec"),
    Entry::internal::<launcher::GenLaunchers>("genlaunchers"),
    Entry::pyenv::<choose::Global>("global"),
    Entry::pyenv::<help::Help>("help"),
    Entry::pyenv::<help::Hooks>("hooks"),
    Entry::ours::<import::Import>("import"),
    Entry::ours::<venv::Index>("index"),
    Entry::pyenv::<init::Init>("init"),
    Entry::ours::<list::List>("list"),
    Entry::ours::<import::Link>("link"),
    Entry::pyenv::<list::Latest>("latest"),
    Entry::pyenv::<choose::Local>("local"),
    Entry::ours::<mirror::Mirror>("mirror"),
    Entry::ours::<update::Outdated>("outdated"),
    Entry::ours::<import::Pack>("pack"),
    Entry::pyenv::<version::Prefix>("prefix"),
    Entry::ours::<uninstall::Prune>("prune"),
    Entry::pyenv::<install::Install>("install"),
    Entry::pyenv::<doctor::Rehash>("rehash"),
    Entry::pyenv::<version::Root>("root"),
    Entry::ours::<self_program::SelfProgram>("self"),
    Entry::internal::<launcher::SetDefault>("setdefault"),
    Entry::ours::<setup::Setup>("setup"),
    Entry::evaluated::<doctor::ShRehash>("sh-rehash"),
    Entry::evaluated::<launcher::ShSetDefault>("sh-setdefault"),
    Entry::evaluated::<choose::ShShell>("sh-shell"),
    Entry::pyenv::<choose::Shell>("shell"),
    Entry::pyenv::<which::Shims>("shims"),
    Entry::pyenv::<activate::Activate>("activate"),
    Entry::pyenv::<activate::Deactivate>("deactivate"),
    Entry::evaluated::<activate::ShActivate>("sh-activate"),
    Entry::evaluated::<activate::ShDeactivate>("sh-deactivate"),
    Entry::pyenv::<virtualenv::Virtualenv>("virtualenv"),
    Entry::pyenv::<virtualenvs::VirtualenvDelete>("virtualenv-delete"),
    Entry::pyenv::<virtualenvs::VirtualenvPrefix>("virtualenv-prefix"),
    Entry::pyenv::<virtualenvs::Virtualenvs>("virtualenvs"),
    Entry::pyenv::<virtualenvs::VirtualenvInit>("virtualenv-init"),
    Entry::ours::<import::Unlink>("unlink"),
    Entry::ours::<update::Update>("update"),
    Entry::ours::<update::Upgrade>("upgrade"),
    Entry::ours::<venv::Venv>("venv"),
    Entry::pyenv::<version::Version>("version"),
    Entry::pyenv::<choose::VersionFile>("version-file"),
    Entry::pyenv::<choose::VersionFileRead>("version-file-read"),
    Entry::pyenv::<choose::VersionFileWrite>("version-file-write"),
    Entry::pyenv::<version::VersionName>("version-name"),
    Entry::pyenv::<version::VersionOrigin>("version-origin"),
    Entry::pyenv::<versions::Versions>("versions"),
    Entry::pyenv::<which::Whence>("whence"),
    Entry::pyenv::<which::Which>("which"),
    Entry::pyenv::<uninstall::Uninstall>("uninstall"),
];
