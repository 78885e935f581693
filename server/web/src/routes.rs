//! Routes with what they ask for, so that a test can walk every route as every role.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{delete, get, post, put};

use crate::app::App;

/// What a route asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever may do the action of that name.
    Action(&'static str),
}

/// A route, for the table.
#[derive(Clone, Copy, Debug)]
pub struct RouteInfo {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// Path with its named parts.
    pub path: &'static str,
    /// What it asks for.
    pub access: Access,
    /// Whether its address lets in whoever knows it: it is never written out in a log.
    pub is_secret: bool,
}

/// Registry entry: the routes of a plugin on the application's address.
#[derive(Clone, Default)]
pub struct Routes {
    router: Router<App>,
    table: Vec<RouteInfo>,
}

impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Routes")
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers GET (and HEAD).
    #[must_use]
    pub fn get<H, T>(mut self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.router = self.router.route(path, get(handler));
        self.table.push(RouteInfo {
            method: "GET",
            path,
            access,
            is_secret: false,
        });
        self
    }

    /// Answers POST.
    #[must_use]
    pub fn post<H, T>(mut self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.router = self.router.route(path, post(handler));
        self.table.push(RouteInfo {
            method: "POST",
            path,
            access,
            is_secret: false,
        });
        self
    }

    /// Answers PUT, of programs only: no page of ours sends it.
    #[must_use]
    pub fn put<H, T>(mut self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.router = self.router.route(path, put(handler));
        self.table.push(RouteInfo {
            method: "PUT",
            path,
            access,
            is_secret: false,
        });
        self
    }

    /// Answers DELETE, of programs only: no page of ours sends it.
    #[must_use]
    pub fn delete<H, T>(mut self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.router = self.router.route(path, delete(handler));
        self.table.push(RouteInfo {
            method: "DELETE",
            path,
            access,
            is_secret: false,
        });
        self
    }

    /// Says of the route that was added last that its address is a secret, as
    /// [`RouteInfo::is_secret`] means it.
    #[must_use]
    pub fn secret(mut self) -> Self {
        if let Some(last) = self.table.last_mut() {
            last.is_secret = true;
        }
        self
    }

    /// Adds the routes of another slice.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    /// What each route asks for.
    pub fn table(&self) -> &[RouteInfo] {
        &self.table
    }

    pub(crate) fn router(&self) -> Router<App> {
        self.router.clone()
    }
}

/// Registry entry: routes of the content hosts; no session, no cookie there.
#[derive(Clone)]
pub struct ContentRoutes(pub Router<App>);

/// Registry entry: paths that other sites post forms to by protocol. What they carry is signed
/// or begins nothing of value; no session is read there, since browsers send none.
#[derive(Clone, Copy, Debug)]
pub struct CrossSite(pub &'static [&'static str]);
