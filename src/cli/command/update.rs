//! `pyman update`: asks those who publish for what is newer than the catalogue.

use crate::catalogue::{Error as CatalogueError, Refresh, Refreshed};
use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::supply::{self, Network};

/// How many names one line takes.
const NAMES: usize = 12;

/// The status of a network that brought nothing.
const UNSERVED: u8 = 3;

/// Ask for what is newer than the catalogue
#[derive(clap::Parser)]
pub(crate) struct Update {
    /// Accept lists that come over plain http
    #[arg(long)]
    insecure: bool,
}

impl Run for Update {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let network = Network { insecure: self.insecure, ..Network::default() };
        let client = supply::client(&context.ground, network)?;
        let watch = context.watch()?;
        let catalogue = supply::catalogue(&context.ground, &client, &watch)?;
        let age = catalogue.as_of().map_or_else(String::new, |day| format!(" of {day}"));
        let settings = context.settings()?;
        if settings.offline.value {
            context.printer.say(&format!("offline: the catalogue{age} stays as it is"));
            return Ok(Status::new(UNSERVED));
        }
        let directory = context.root().join("catalogue");
        let base = settings.lists.value.as_deref();
        let refresh = Refresh { directory: &directory, base, client: &client, progress: &watch };
        match catalogue.refresh(&refresh) {
            Ok(refreshed) => Ok(report(context, &refreshed, &age)),
            Err(error) => watch.interruption().map_or_else(|| Err(error.into()), Ok),
        }
    }
}

/// Says what was added and what could not be asked. A list that nobody serves leaves what is there, and is
/// no failure while another is served; one that says what cannot be is.
fn report(context: &Context, refreshed: &[Refreshed], age: &str) -> Status {
    let mut status = Status::SUCCESS;
    let mut names: Vec<String> = Vec::new();
    let mut served = false;
    for list in refreshed {
        match &list.added {
            Ok(builds) => {
                served = true;
                names.extend(builds.iter().map(|build| build.release.name()));
            }
            Err(error) => {
                context.printer.say(&format!("pyman: {}: {error}", list.list));
                if !matches!(error, CatalogueError::Fetch(_)) {
                    error
                        .hints()
                        .iter()
                        .for_each(|hint| context.printer.say(&format!("hint: {hint}")));
                    status = status.worst(Status::new(error.exit_code()));
                }
            }
        }
    }
    names.dedup();
    if served {
        context.printer.say(&summary(&names));
        return status;
    }
    context.printer.say(&format!("the catalogue{age} stays as it is"));
    status.worst(Status::new(UNSERVED))
}

/// `2 new releases: 3.15.3, 3.14.11`
fn summary(names: &[String]) -> String {
    let shown = names.get(..NAMES).unwrap_or(names).join(", ");
    let more = if names.len() > NAMES { ", …" } else { "" };
    match names.len() {
        0 => "the catalogue is up to date".to_owned(),
        1 => format!("1 new release: {shown}"),
        count => format!("{count} new releases: {shown}{more}"),
    }
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn what_is_new_fits_a_line() {
        let names =
            |count: usize| (0..count).map(|patch| format!("3.15.{patch}")).collect::<Vec<_>>();
        assert_eq!(summary(&names(0)), "the catalogue is up to date");
        assert_eq!(summary(&names(1)), "1 new release: 3.15.0");
        assert_eq!(summary(&names(2)), "2 new releases: 3.15.0, 3.15.1");
        assert!(
            summary(&names(40)).starts_with("40 new releases: 3.15.0, ")
                && summary(&names(40)).ends_with("3.15.11, …")
        );
    }
}
