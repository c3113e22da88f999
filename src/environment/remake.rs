//! An environment for another X.Y takes the place of one, with the same packages: made in a stage beside it, filled by the
//! person's pip there, told where it is going to stand, exchanged.

use super::create::furnish;
use super::order::Order;
use super::relocation::Relocation;
use super::stage::Stage;
use super::{Environment, Error, seed};
use crate::progress::Progress;

/// A new environment that runs where it was made; dropped, it goes and the old one stays.
#[derive(Debug)]
pub struct Remade {
    stage: Stage,
}

impl Remade {
    /// Makes it beside the goal of the order, where another stands.
    pub fn begin(order: &Order<'_>, progress: &dyn Progress) -> Result<Self, Error> {
        let seeds = seed::prepare(order, progress)?;
        let stage = Stage::begin(order.goal, progress)?;
        furnish(&stage, stage.tree(), order, &seeds, progress)?;
        Ok(Self { stage })
    }

    /// As it is now.
    pub fn environment(&self) -> Result<Environment, Error> {
        Environment::open(self.stage.tree())
    }

    /// Puts it in the place of the one at the order's goal, at one stroke.
    pub fn take_place(self, order: &Order<'_>) -> Result<(), Error> {
        let here = self.stage.tree().to_owned();
        Relocation { tree: &here, former: std::slice::from_ref(&here), goal: order.goal.path() }
            .apply()?;
        self.stage.replace()
    }
}
