//! Arguments to window or command line; an error is printed once.

fn main() {}
