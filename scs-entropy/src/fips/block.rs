//! Counts bits, nibbles and runs in a block, 64 bits at a time.

/// The number of bytes in a block.
pub const BLOCK_BYTES: usize = 2_500;
/// The number of whole words in a block, which also has half a word.
const WORDS: usize = BLOCK_BYTES / 8;
/// The mask of that half word.
const HALF: u64 = 0xffff_ffff_0000_0000;
/// Runs of this and any greater length are counted together.
const LONGEST: usize = 6;
/// The allowed number of runs of each length in a block, minimum and maximum, for ones and zeros alike.
const RUNS: [(u32, u32); LONGEST] =
    [(2_315, 2_685), (1_114, 1_386), (527, 723), (240, 384), (103, 209), (103, 209)];

/// The statistics of a block needed by the tests.
pub(super) struct Counts {
    /// The number of ones.
    pub(super) ones: u32,
    /// The sum of the squares of the nibble frequencies.
    pub(super) squares: u32,
    /// The number of runs of one bit value with length 1, 2, …, 6 and more.
    runs: [[u32; LONGEST]; 2],
    /// Whether a bit occurs 26 times in a row.
    pub(super) has_long_run: bool,
    /// The last bit.
    pub(super) last_bit: bool,
}

impl Counts {
    /// Counts a block that follows the bit `before`.
    pub(super) fn of(block: &[u8; BLOCK_BYTES], before: bool) -> Self {
        let (whole, rest) = block.as_chunks::<8>();
        let tail = rest.try_into().map_or(0, u32::from_be_bytes);
        let last_bit = tail & 1 == 1;
        let first_bit = block[0] & 0x80 != 0;
        // Surround the block with bits that differ from its first and last bit, so that each run has two ends.
        let padding = if last_bit { 0 } else { u64::MAX };
        let mut words = [padding; WORDS + 3];
        words[0] = if first_bit { 0 } else { u64::MAX };
        for (word, bytes) in words.iter_mut().skip(1).zip(whole) {
            *word = u64::from_be_bytes(*bytes);
        }
        words[WORDS + 1] = u64::from(tail) << 32 | padding >> 32;

        let (ones, mut runs) = count(&words);
        let (nibbles, mut squares) = nibbles(block);
        // A run cut off by the end counts as one of the other bit.
        let cut = if last_bit { tail.trailing_ones() } else { tail.trailing_zeros() };
        let bucket = (cut as usize).clamp(1, LONGEST) - 1;
        runs[usize::from(last_bit)][bucket] -= 1;
        runs[usize::from(!last_bit)][bucket] += 1;
        // If the block begins with a different bit than the previous one ended with, a run of length zero is counted.
        match (before, first_bit) {
            (false, true) => runs[1][LONGEST - 1] += 1,
            (true, false) => squares += 2 * nibbles[15] + 1,
            _ => {}
        }
        Self { ones, squares, runs, has_long_run: has_long_run(&words), last_bit }
    }

    /// Whether the run frequencies are within their limits.
    pub(super) fn runs_are_good(&self) -> bool {
        self.runs.iter().all(|counts| {
            counts.iter().zip(RUNS).all(|(count, (least, most))| (least..=most).contains(count))
        })
    }
}

/// The number of ones, and the runs of zeros and ones by length.
fn count(words: &[u64; WORDS + 3]) -> (u32, [[u32; LONGEST]; 2]) {
    let mut ones = 0;
    // With at least this many bits.
    let mut at_least = [[0_u32; LONGEST]; 2];
    for [before, word, next] in words.array_windows::<3>().take(WORDS) {
        let starts = starts(*before, *word, *next, u64::MAX);
        ones += word.count_ones();
        for (sum, of_word) in at_least.as_flattened_mut().iter_mut().zip(starts.as_flattened()) {
            *sum += of_word.count_ones();
        }
    }
    // Only the first half of the last word belongs to the block.
    let [.., before, word, next] = words;
    ones += (word & HALF).count_ones();
    let starts = starts(*before, *word, *next, HALF);
    for (sum, of_word) in at_least.as_flattened_mut().iter_mut().zip(starts.as_flattened()) {
        *sum += of_word.count_ones();
    }
    for counts in &mut at_least {
        for length in 1..LONGEST {
            counts[length - 1] -= counts[length];
        }
    }
    (ones, at_least)
}

/// The positions in a word at which runs of zeros and ones with at least 1, 2, …, 6 bits begin.
#[inline]
fn starts(before: u64, word: u64, next: u64, mask: u64) -> [[u64; LONGEST]; 2] {
    let previous = word >> 1 | before << 63;
    let mut zeros = !word & previous & mask;
    let mut ones = word & !previous & mask;
    let mut starts = [[zeros; LONGEST], [ones; LONGEST]];
    let [of_zeros, of_ones] = &mut starts;
    for (length, (of_zeros, of_ones)) in (0..).zip(of_zeros.iter_mut().zip(of_ones)).skip(1) {
        let following = word << length | next >> (64 - length);
        zeros &= !following;
        ones &= following;
        (*of_zeros, *of_ones) = (zeros, ones);
    }
    starts
}

/// Whether there are 26 equal bits in a row: 25 consecutive bits equal their successor.
fn has_long_run(words: &[u64; WORDS + 3]) -> bool {
    let mut long = 0;
    for (index, [word, next]) in words.array_windows::<2>().enumerate().skip(1).take(WORDS + 1) {
        let bits = u128::from(*word) << 64 | u128::from(*next);
        let equal = !(bits ^ bits << 1);
        let two = equal & equal << 1;
        let four = two & two << 2;
        let eight = four & four << 4;
        let sixteen = eight & eight << 8;
        let all = sixteen & sixteen << 9;
        // Runs that begin in the word and within the block.
        long |= if index == WORDS + 1 { all >> 96 } else { all >> 64 };
    }
    long != 0
}

/// The frequency of each nibble, and the sum of their squares.
fn nibbles(block: &[u8; BLOCK_BYTES]) -> ([u32; 16], u32) {
    // Four tables, so that equal consecutive bytes do not have to wait for the previous write.
    let mut bytes = [[0_u16; 256]; 4];
    let (quads, _) = block.as_chunks::<4>();
    for quad in quads {
        for (table, byte) in bytes.iter_mut().zip(quad) {
            table[usize::from(*byte)] += 1;
        }
    }
    let mut nibbles = [0_u32; 16];
    let [a, b, c, d] = &bytes;
    for (byte, (((a, b), c), d)) in a.iter().zip(b).zip(c).zip(d).enumerate() {
        let count = u32::from(*a) + u32::from(*b) + u32::from(*c) + u32::from(*d);
        nibbles[byte >> 4] += count;
        nibbles[byte & 15] += count;
    }
    (nibbles, nibbles.iter().map(|count| count * count).sum())
}
