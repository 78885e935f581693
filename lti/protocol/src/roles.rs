//! What somebody may do in the context that launched them, from the roles claim.

/// Context roles begin so; their short names may stand alone.
const MEMBERSHIP: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership";

/// The standing of a person in the context of a launch, the highest last.
///
/// Roles of the institution or of the system say nothing of the context and are
/// left out: being somebody's system administrator elsewhere gives nothing here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// None that counts: follows like a learner, nothing is sent back.
    #[default]
    Guest,
    /// Follows the course.
    Learner,
    /// Teaches or prepares it.
    Instructor,
}

/// The highest standing among roles (LTI Core 1.3, A.2.2.3 and A.2.3: context roles and sub-roles).
pub fn standing<S: AsRef<str>>(roles: &[S]) -> Standing {
    roles
        .iter()
        .map(|role| of(role.as_ref()))
        .max()
        .unwrap_or_default()
}

fn of(role: &str) -> Standing {
    // A sub-role (`…/membership/Instructor#TeachingAssistant`) is told by its principal role,
    // and a simple name (`Instructor`) stands for the context role of that name.
    let principal = match role.strip_prefix(MEMBERSHIP) {
        Some(rest) => match (rest.strip_prefix('#'), rest.strip_prefix('/')) {
            (Some(principal), _) => principal,
            (_, Some(rest)) => rest.split('#').next().unwrap_or_default(),
            _ => return Standing::Guest,
        },
        None if role.contains([':', '/', '#']) => return Standing::Guest,
        None => role,
    };
    match principal {
        "Instructor" | "ContentDeveloper" | "Administrator" | "Manager" => Standing::Instructor,
        "Learner" | "Member" => Standing::Learner,
        _ => Standing::Guest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_roles_of_the_context_count() {
        let m = |name: &str| format!("{MEMBERSHIP}#{name}");
        assert_eq!(standing(&[m("Learner")]), Standing::Learner);
        assert_eq!(
            standing(&[m("Learner"), m("Instructor")]),
            Standing::Instructor
        );
        assert_eq!(standing(&["Instructor"]), Standing::Instructor);
        assert_eq!(
            standing(&[format!("{MEMBERSHIP}/Instructor#TeachingAssistant")]),
            Standing::Instructor
        );
        assert_eq!(standing(&[m("Mentor")]), Standing::Guest);
        assert_eq!(standing::<&str>(&[]), Standing::Guest);
        for elsewhere in [
            "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
            "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor",
            "https://example.org/roles#Instructor",
            "http://purl.imsglobal.org/vocab/lis/v2/membershipInstructor",
        ] {
            assert_eq!(standing(&[elsewhere]), Standing::Guest, "{elsewhere}");
        }
    }
}
