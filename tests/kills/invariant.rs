//! What must be so after a kill: at once, after the same command, and after any other that writes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::ground::{Again, Ground, Seen};
use super::layers;

/// What is known of the command when nobody kills it.
pub(super) struct Kept {
    pub(super) before: Seen,
    pub(super) after: Seen,
    pub(super) doctor: Vec<String>,
    /// How it ends, and how a second time.
    pub(super) statuses: [Again; 2],
}

/// Right after the kill: whatever is listed is whole and runs, as it was or as it was to be. Not so in layers, where nothing
/// is exchanged or renamed away: a tree goes where it stands.
pub(super) fn at_once(ground: &Ground<'_>, kept: &Kept) -> Vec<String> {
    let seen = ground.seen();
    let mut found = Vec::new();
    let ran = ground.stall.run(&["versions", "--bare"]);
    for line in ran.stdout.lines().filter(|line| temporary(line)) {
        found.push(format!("at once: `versions' lists {line}"));
    }
    if layers::are_there() {
        return found;
    }
    found.extend(broken(ground, &seen).into_iter().map(|one| format!("at once: {one}")));
    // What is mended where it stands was broken before, and is as long as that takes.
    let is_known = |place: &str| place.contains("/.pyman") || ground.mends(place);
    for (place, _) in places(&seen).into_iter().filter(|(place, _)| !is_known(place)) {
        let now = below(&seen, &place);
        if now != below(&kept.before, &place) && now != below(&kept.after, &place) {
            found.push(format!("at once: {place} is neither as it was nor as it is to be"));
        }
    }
    found
}

/// After the same command again: as if nothing had happened.
pub(super) fn mended(ground: &Ground<'_>, kept: &Kept) -> Vec<String> {
    let again = ground.again();
    let mut found = Vec::new();
    let statuses = kept.statuses.clone().map(|one| one.status);
    if !statuses.contains(&again.status) {
        found.push(format!("again: status {:?}: {}", again.status, again.stderr.trim_end()));
    }
    if again.stderr.contains("panicked") {
        found.push(format!("again: {}", again.stderr));
    }
    let seen = ground.seen();
    found.extend(whole(ground, &seen).into_iter().map(|one| format!("again: {one}")));
    found.extend(differences(&kept.after, &seen).into_iter().map(|one| format!("again: {one}")));
    let doctor = ground.doctor();
    for line in doctor.iter().filter(|line| !kept.doctor.contains(line)) {
        found.push(format!("again: doctor says {line}"));
    }
    found
}

/// After a rehash, which is any other command that writes: what environments stand on leads somewhere.
pub(super) fn after_rehash(ground: &Ground<'_>, kept: &Kept) -> Vec<String> {
    let ran = ground.stall.run(&["rehash"]);
    let mut found = Vec::new();
    if ran.status != Some(0) {
        found.push(format!("rehash: {ran:?}"));
    }
    let seen = ground.seen();
    let known: BTreeSet<&String> = kept.before.keys().chain(kept.after.keys()).collect();
    // The registry forgets when it is read, and a stage tells nothing.
    let counts = |one: &&String| {
        !one.contains("/.pyman-stage")
            && !["environments/", "stage/"]
                .iter()
                .any(|part| one.starts_with(&format!("pyman/{part}")))
    };
    let dangling = dangling(ground, &seen);
    found.extend(dangling.iter().filter(counts).map(|one| format!("rehash: {one}")));
    // In layers an environment is replaced where it stands, which its own command goes on with.
    let by_rehash = |one: &String| {
        !layers::are_there() || one.starts_with("pyman/versions/3") && !one.contains("/envs/")
    };
    let broken = broken(ground, &seen).into_iter().filter(by_rehash);
    found.extend(broken.map(|one| format!("rehash: {one}")));
    let left = seen.keys().filter(|name| name.starts_with("pyman/minor/") && !known.contains(name));
    found.extend(left.map(|name| format!("rehash: {name} is left")));
    found
}

/// Nothing leads nowhere, nothing temporary is anywhere, everything that is listed runs.
pub(super) fn whole(ground: &Ground<'_>, seen: &Seen) -> Vec<String> {
    let mut found = broken(ground, seen);
    found.extend(dangling(ground, seen));
    for name in seen.keys() {
        let last = name.rsplit('/').next().unwrap();
        if temporary(last) || name.starts_with("pyman/stage/") {
            found.push(format!("{name} is left"));
        }
    }
    found
}

/// What is known for a name that only lasts while something is written.
fn temporary(name: &str) -> bool {
    let ends = [".new", ".old", ".partial", ".tmp", ".anew", ".pyman"];
    let begins = [".pyman-", ".tmp", ".link."];
    // A version keeps its receipt in `.pyman`.
    ends.iter().any(|end| name != ".pyman" && name.ends_with(end))
        || begins.iter().any(|begin| name.starts_with(begin))
}

/// Versions and environments: their places, and their interpreters.
fn places(seen: &Seen) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, what) in seen {
        let parts: Vec<&str> = name.split('/').collect();
        let is_place = match parts.as_slice() {
            ["pyman", "versions", _] | ["pyman", "versions", _, "envs", _] => true,
            ["home", ".virtualenvs", _] | ["work", _] => {
                seen.contains_key(&format!("{name}/pyvenv.cfg"))
            }
            _ => false,
        };
        if is_place && (what.ends_with('/') || what.starts_with("-> ")) {
            found.push((name.clone(), format!("{name}/bin/python")));
        }
    }
    found
}

/// What is listed and does not run.
fn broken(ground: &Ground<'_>, seen: &Seen) -> Vec<String> {
    let mut found = Vec::new();
    for (place, python) in places(seen) {
        let last = place.rsplit('/').next().unwrap();
        if temporary(last) {
            continue; // Said elsewhere.
        }
        let mut command = ground.stall.sandbox.command(ground.path().join(&python));
        let ended = command.args(["-c", "pass"]).status();
        if !ended.is_ok_and(|status| status.success()) {
            found.push(format!("{place} does not run"));
        }
    }
    found
}

/// Links of ours that lead nowhere.
fn dangling(ground: &Ground<'_>, seen: &Seen) -> Vec<String> {
    let leads_nowhere = |name: &str| fs::metadata(ground.path().join(name)).is_err();
    let links = seen.iter().filter(|(_, what)| what.starts_with("-> "));
    links
        .filter(|(name, _)| leads_nowhere(name))
        .map(|(name, what)| format!("{name} {what} leads nowhere"))
        .collect()
}

/// The names within a version or environment; not those of the environments within a version.
fn below<'a>(seen: &'a Seen, place: &str) -> Vec<&'a str> {
    let within = |name: &&String| {
        name.strip_prefix(place).is_some_and(|rest| {
            rest.starts_with('/') && !(place.contains("/versions/") && rest.starts_with("/envs"))
        })
    };
    // What tells of unfinished work, or is being written beside, is no part of the tree; that nothing of it stays is
    // asked after the same command.
    let is_mark = |name: &&String| {
        temporary(name.rsplit('/').next().unwrap()) || name.ends_with("/.pyman/successor")
    };
    seen.keys().filter(|name| within(name) && !is_mark(name)).map(String::as_str).collect()
}

/// What is there and should not be, or the other way round. What a lock or the cache has is nobody's goal.
fn differences(expected: &Seen, seen: &Seen) -> Vec<String> {
    let counts = |name: &str| {
        !["pyman/locks/", "pyman/cache/", "pyman/logs/"].iter().any(|part| name.starts_with(part))
            && Path::new(name).components().count() > 1
    };
    let mut found = Vec::new();
    for (name, what) in expected.iter().filter(|(name, _)| counts(name)) {
        match seen.get(name) {
            Some(now) if now == what => {}
            Some(now) => found.push(format!("{name} is {now}, not {what}")),
            None => found.push(format!("{name} is missing")),
        }
    }
    for name in seen.keys().filter(|name| counts(name) && !expected.contains_key(*name)) {
        found.push(format!("{name} is too much"));
    }
    // Of a tree that is missing the first lines are enough.
    if found.len() > 4 {
        let more = found.len() - 3;
        found.truncate(3);
        found.push(format!("and {more} more"));
    }
    found
}
