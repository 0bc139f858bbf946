//! Lists the contexts of the kubeconfigs, with the API server of each.
//!
//! ```text
//! cargo run -p scs-examples --bin list_contexts
//! ```

#![expect(clippy::print_stdout, reason = "the list is what the program is for")]

use scs_kubernetes::{ConfigError, Environment, Kubeconfigs, Overrides};

fn main() -> Result<(), ConfigError> {
    let kubeconfigs = Kubeconfigs::read(&Environment::from_process(), &Overrides::default())?;
    for context in kubeconfigs.contexts() {
        match kubeconfigs.cluster(Some(context)) {
            Ok(cluster) => println!("{context}: {}", cluster.server()),
            Err(error) => println!("{context}: {error}"),
        }
    }
    Ok(())
}
