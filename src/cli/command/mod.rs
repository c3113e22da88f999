//! One file a command: its arguments as a type, and `run`. Commands never call each other.

mod activate;
mod cache;
mod commands;
mod completions;
mod discover;
mod doctor;
mod exec;
mod gen_launchers;
mod global;
mod help;
mod hooks;
mod import;
mod index;
mod init;
mod install;
mod latest;
mod link;
mod list;
mod local;
mod mirror;
mod outdated;
mod pack;
mod prefix;
mod rehash;
mod root;
mod run_for_py;
mod run_for_shim;
mod set_default;
mod setup;
mod sh_activate;
mod sh_deactivate;
mod sh_rehash;
mod sh_shell;
mod shell;
mod shims;
mod uninstall;
mod unlink;
mod update;
mod upgrade;
mod venv;
mod version;
mod version_file;
mod version_file_read;
mod version_file_write;
mod version_name;
mod version_origin;
mod versions;
mod virtualenv;
mod virtualenv_delete;
mod virtualenv_init;
mod virtualenv_prefix;
mod virtualenvs;
mod whence;
mod which;

use crate::cli::run::Entry;

pub(crate) use completions::Completions;

/// Every command there is, by name.
pub(crate) const COMMANDS: &[Entry] = &[
    Entry::internal::<run_for_py::RunForPy>("_py"),
    Entry::internal::<run_for_shim::RunForShim>("_run"),
    Entry::ours::<cache::Cache>("cache"),
    Entry::pyenv::<commands::Commands>("commands"),
    Entry::pyenv::<completions::Completions>("completions"),
    Entry::ours::<doctor::Doctor>("doctor"),
    Entry::ours::<discover::Discover>("discover"),
    Entry::pyenv::<exec::Exec>("exec"),
    Entry::internal::<gen_launchers::GenLaunchers>("genlaunchers"),
    Entry::pyenv::<global::Global>("global"),
    Entry::pyenv::<help::Help>("help"),
    Entry::pyenv::<hooks::Hooks>("hooks"),
    Entry::ours::<import::Import>("import"),
    Entry::ours::<index::Index>("index"),
    Entry::pyenv::<init::Init>("init"),
    Entry::ours::<list::List>("list"),
    Entry::ours::<link::Link>("link"),
    Entry::pyenv::<latest::Latest>("latest"),
    Entry::pyenv::<local::Local>("local"),
    Entry::ours::<mirror::Mirror>("mirror"),
    Entry::ours::<outdated::Outdated>("outdated"),
    Entry::ours::<pack::Pack>("pack"),
    Entry::pyenv::<prefix::Prefix>("prefix"),
    Entry::pyenv::<install::Install>("install"),
    Entry::pyenv::<rehash::Rehash>("rehash"),
    Entry::pyenv::<root::Root>("root"),
    Entry::internal::<set_default::SetDefault>("setdefault"),
    Entry::ours::<setup::Setup>("setup"),
    Entry::evaluated::<sh_rehash::ShRehash>("sh-rehash"),
    Entry::evaluated::<set_default::ShSetDefault>("sh-setdefault"),
    Entry::evaluated::<sh_shell::ShShell>("sh-shell"),
    Entry::pyenv::<shell::Shell>("shell"),
    Entry::pyenv::<shims::Shims>("shims"),
    Entry::pyenv::<activate::Activate>("activate"),
    Entry::pyenv::<activate::Deactivate>("deactivate"),
    Entry::evaluated::<sh_activate::ShActivate>("sh-activate"),
    Entry::evaluated::<sh_deactivate::ShDeactivate>("sh-deactivate"),
    Entry::pyenv::<virtualenv::Virtualenv>("virtualenv"),
    Entry::pyenv::<virtualenv_delete::VirtualenvDelete>("virtualenv-delete"),
    Entry::pyenv::<virtualenv_prefix::VirtualenvPrefix>("virtualenv-prefix"),
    Entry::pyenv::<virtualenvs::Virtualenvs>("virtualenvs"),
    Entry::pyenv::<virtualenv_init::VirtualenvInit>("virtualenv-init"),
    Entry::ours::<unlink::Unlink>("unlink"),
    Entry::ours::<update::Update>("update"),
    Entry::ours::<upgrade::Upgrade>("upgrade"),
    Entry::ours::<venv::Venv>("venv"),
    Entry::pyenv::<version::Version>("version"),
    Entry::pyenv::<version_file::VersionFile>("version-file"),
    Entry::pyenv::<version_file_read::VersionFileRead>("version-file-read"),
    Entry::pyenv::<version_file_write::VersionFileWrite>("version-file-write"),
    Entry::pyenv::<version_name::VersionName>("version-name"),
    Entry::pyenv::<version_origin::VersionOrigin>("version-origin"),
    Entry::pyenv::<versions::Versions>("versions"),
    Entry::pyenv::<whence::Whence>("whence"),
    Entry::pyenv::<which::Which>("which"),
    Entry::pyenv::<uninstall::Uninstall>("uninstall"),
];
