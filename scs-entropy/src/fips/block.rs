//! Counting in a block, 64 bits at a time.

use super::BLOCK_BYTES;

/// The whole words of a block; half a word is left.
const WORDS: usize = BLOCK_BYTES / 8;
/// That half.
const HALF: u64 = 0xffff_ffff_0000_0000;
/// Runs of this length and of all greater ones are counted together.
const LONGEST: usize = 6;
/// How many runs of each length a good block has, at least and at most, of ones and of zeros alike.
const RUNS: [(u32, u32); LONGEST] =
    [(2_315, 2_685), (1_114, 1_386), (527, 723), (240, 384), (103, 209), (103, 209)];

/// What the tests need to know of a block.
pub(super) struct Counts {
    /// The ones.
    pub(super) ones: u32,
    /// The sum of the squares of how often each nibble is there.
    pub(super) squares: u32,
    /// How many runs of one bit there are of length 1, 2, …, 6 and more.
    runs: [[u32; LONGEST]; 2],
    /// Whether a bit comes 26 times in a row.
    pub(super) has_long_run: bool,
    /// The last bit.
    pub(super) last_bit: bool,
}

impl Counts {
    /// Counts a block that follows this bit.
    pub(super) fn of(block: &[u8; BLOCK_BYTES], before: bool) -> Self {
        let (whole, rest) = block.as_chunks::<8>();
        let tail = rest.try_into().map_or(0, u32::from_be_bytes);
        let last_bit = tail & 1 == 1;
        let first_bit = block[0] & 0x80 != 0;
        // Before the block a bit unlike its first one, behind it bits unlike its last one: each run has two ends.
        let padding = if last_bit { 0 } else { u64::MAX };
        let mut words = [padding; WORDS + 3];
        words[0] = if first_bit { 0 } else { u64::MAX };
        for (word, bytes) in words.iter_mut().skip(1).zip(whole) {
            *word = u64::from_be_bytes(*bytes);
        }
        words[WORDS + 1] = u64::from(tail) << 32 | padding >> 32;

        let (ones, mut runs) = count(&words);
        let (nibbles, mut squares) = nibbles(block);
        // A run that the end cuts off counts as one of the other bit.
        let cut = if last_bit { tail.trailing_ones() } else { tail.trailing_zeros() };
        let bucket = (cut as usize).clamp(1, LONGEST) - 1;
        runs[usize::from(last_bit)][bucket] -= 1;
        runs[usize::from(!last_bit)][bucket] += 1;
        // Where a block begins with another bit than the last one ended with, a run of no length counts for something else.
        match (before, first_bit) {
            (false, true) => runs[1][LONGEST - 1] += 1,
            (true, false) => squares += 2 * nibbles[15] + 1,
            _ => {}
        }
        Self { ones, squares, runs, has_long_run: has_long_run(&words), last_bit }
    }

    /// Whether all lengths of runs are as frequent as they should be.
    pub(super) fn runs_are_good(&self) -> bool {
        self.runs.iter().all(|counts| {
            counts.iter().zip(RUNS).all(|(count, (least, most))| (least..=most).contains(count))
        })
    }
}

/// The ones, and the runs of zeros and of ones by length.
fn count(words: &[u64; WORDS + 3]) -> (u32, [[u32; LONGEST]; 2]) {
    let mut ones = 0;
    // Of at least so many bits.
    let mut at_least = [[0_u32; LONGEST]; 2];
    for [before, word, next] in words.array_windows::<3>().take(WORDS) {
        let starts = starts(*before, *word, *next, u64::MAX);
        ones += word.count_ones();
        for (sum, of_word) in at_least.as_flattened_mut().iter_mut().zip(starts.as_flattened()) {
            *sum += of_word.count_ones();
        }
    }
    // Of the last word the first half is in the block.
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

/// Where in a word runs of zeros and of ones begin that have at least 1, 2, …, 6 bits.
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

/// Whether 26 equal bits come in a row: 25 times in a row, a bit equals the next one.
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
        // Those that begin in the word, and in the block.
        long |= if index == WORDS + 1 { all >> 96 } else { all >> 64 };
    }
    long != 0
}

/// How often each nibble is there, and the sum of the squares of that.
fn nibbles(block: &[u8; BLOCK_BYTES]) -> ([u32; 16], u32) {
    // Four tables, as the next byte may be the same, and would wait for the count to be written.
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
