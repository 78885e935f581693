//! Why a launch stops.

use passerelle_lti_protocol::LaunchError;
use passerelle_outgoing::OutgoingError;
use passerelle_web::AppError;

use super::super::entering::Barred;

/// Why a launch stops.
pub(super) enum Stop {
    /// What the platform sent is refused.
    Launch(LaunchError),
    /// The platform's keys could not be had; why.
    Keys(OutgoingError),
    /// The platform was closed.
    Closed,
    /// The launch is good, but its person does not come in.
    Barred(Barred),
    /// Something of ours failed.
    App(AppError),
}

impl From<LaunchError> for Stop {
    fn from(error: LaunchError) -> Self {
        Self::Launch(error)
    }
}

impl From<AppError> for Stop {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<Barred> for Stop {
    fn from(barred: Barred) -> Self {
        match barred {
            Barred::App(error) => Self::App(error),
            barred => Self::Barred(barred),
        }
    }
}
