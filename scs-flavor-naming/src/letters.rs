//! Lookup tables for letters in names.

/// `from_letter` for an enum with `ALL` and `byte`.
macro_rules! from_letter {
    ($vocabulary:ty) => {
        impl $vocabulary {
            /// The variant for a letter in a name, in any version.
            #[inline]
            #[must_use]
            pub const fn from_letter(letter: u8) -> Option<Self> {
                // A lookup instead of a search, since the next letter is hard to predict for a processor.
                const BY_LETTER: [Option<$vocabulary>; 256] = {
                    let mut table = [None; 256];
                    let mut index = 0;
                    while index < <$vocabulary>::ALL.len() {
                        table[<$vocabulary>::ALL[index].byte() as usize] = Some(<$vocabulary>::ALL[index]);
                        index += 1;
                    }
                    table
                };
                BY_LETTER[letter as usize]
            }

            /// The letter in a name.
            #[must_use]
            pub const fn letter(self) -> char {
                self.byte() as char
            }
        }
    };
}
pub(crate) use from_letter;
