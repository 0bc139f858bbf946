//! libFuzzer on [`scs_fuzz::read_report`].

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|input: &[u8]| scs_fuzz::read_report(input));

#[cfg(not(fuzzing))]
fn main() {
    // Without libFuzzer, such as with `--all-features`, there is nothing to run.
}
