//! The wire: types, routes, OpenAPI.
