//! The queue and its runners, on a database in a temporary directory, with a clock that the tests
//! move and a work of their own.

mod desk;
mod runs;
mod control;
mod bounds;
mod model;
