//! One file a command: its arguments as a type, and `run`. Commands never call each other.

mod activate;
mod commands;
mod completions;
mod discover;
mod help;
mod hooks;
mod init;
mod link;
mod list;
mod rehash;
mod root;
mod run_for_shim;
mod setup;
mod sh_activate;
mod sh_deactivate;
mod sh_rehash;
mod sh_shell;
mod shell;
mod shims;
mod unlink;
mod virtualenv_init;

use crate::cli::run::Entry;

/// Every command there is, by name.
pub(crate) const COMMANDS: &[Entry] = &[
    Entry::internal::<run_for_shim::RunForShim>("_run"),
    Entry::pyenv::<commands::Commands>("commands"),
    Entry::pyenv::<completions::Completions>("completions"),
    Entry::ours::<discover::Discover>("discover"),
    Entry::pyenv::<help::Help>("help"),
    Entry::pyenv::<hooks::Hooks>("hooks"),
    Entry::pyenv::<init::Init>("init"),
    Entry::ours::<list::List>("list"),
    Entry::ours::<link::Link>("link"),
    Entry::pyenv::<rehash::Rehash>("rehash"),
    Entry::pyenv::<root::Root>("root"),
    Entry::ours::<setup::Setup>("setup"),
    Entry::internal::<sh_rehash::ShRehash>("sh-rehash"),
    Entry::internal::<sh_shell::ShShell>("sh-shell"),
    Entry::pyenv::<shell::Shell>("shell"),
    Entry::pyenv::<shims::Shims>("shims"),
    Entry::pyenv::<activate::Activate>("activate"),
    Entry::pyenv::<activate::Deactivate>("deactivate"),
    Entry::internal::<sh_activate::ShActivate>("sh-activate"),
    Entry::internal::<sh_deactivate::ShDeactivate>("sh-deactivate"),
    Entry::pyenv::<virtualenv_init::VirtualenvInit>("virtualenv-init"),
    Entry::ours::<unlink::Unlink>("unlink"),
];
