//! The versioned registry of the Sovereign Cloud Stack standards.
