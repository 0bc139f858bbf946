//! Our tests of FIPS 140-2 against the real `rngtest`, block by block and test by test, where it is installed.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and speak as tests do"
)]

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use scs_benches::Random;
use scs_entropy::fips::{BLOCK_BYTES, FIRST_BYTES, FipsSummary, FipsTest, FipsTester};

/// What `rngtest` says of a stream: its figures after each block, and at the end.
fn rngtest(stream: &[u8], options: &[&str]) -> Vec<FipsSummary> {
    let mut child = Command::new("rngtest")
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rngtest");
    let mut input = child.stdin.take().expect("its input");
    let stream = stream.to_vec();
    // It may stop reading before the end.
    let feeder = thread::spawn(move || input.write_all(&stream).is_ok());
    let output = child.wait_with_output().expect("its output");
    feeder.join().expect("a thread");
    let text = String::from_utf8(output.stderr).expect("text");
    let mut all: Vec<FipsSummary> = Vec::new();
    for line in text.lines() {
        let Some((what, count)) = line.strip_prefix("rngtest: ").and_then(|line| line.split_once(": "))
        else {
            continue;
        };
        let Ok(count) = count.parse() else { continue };
        if what == "bits received from input" {
            all.push(FipsSummary::default());
        }
        let Some(last) = all.last_mut() else { continue };
        match what {
            "bits received from input" => last.bits = count,
            "FIPS 140-2 successes" => last.successes = count,
            "FIPS 140-2 failures" => last.failures = count,
            "FIPS 140-2(2001-10-10) Monobit" => last.monobit = count,
            "FIPS 140-2(2001-10-10) Poker" => last.poker = count,
            "FIPS 140-2(2001-10-10) Runs" => last.runs = count,
            "FIPS 140-2(2001-10-10) Long run" => last.long_run = count,
            "FIPS 140-2(2001-10-10) Continuous run" => last.continuous_run = count,
            _ => panic!("an unknown figure: {line}"),
        }
    }
    all
}

fn is_installed() -> bool {
    let known = Command::new("rngtest").arg("--version").output().is_ok_and(|it| it.status.success());
    if !known {
        println!("skipped: rngtest is not installed");
    }
    known
}

/// So many bytes, each made from the generator.
fn bytes(seed: u64, length: usize, mut byte: impl FnMut(&mut Random, usize) -> u8) -> Vec<u8> {
    let mut random = Random::new(seed);
    (0..length).map(|index| byte(&mut random, index)).collect()
}

fn good(random: &mut Random, _: usize) -> u8 {
    random.bits().to_le_bytes()[0]
}

/// A byte whose bits are ones in so many of a thousand cases.
fn biased(per_mille: usize) -> impl FnMut(&mut Random, usize) -> u8 {
    move |random, _| (0..8).fold(0, |byte, _| byte << 1 | u8::from(random.below(1000) < per_mille))
}

/// Bits each of which repeats the one before in so many of a thousand cases.
fn sticky(per_mille: usize) -> impl FnMut(&mut Random, usize) -> u8 {
    let mut bit = 0;
    move |random, _| {
        (0..8).fold(0, |byte, _| {
            bit ^= u8::from(random.below(1000) >= per_mille);
            byte << 1 | bit
        })
    }
}

/// Mostly random, with blocks of the same byte strewn in: runs of all lengths at all places.
fn patched(random: &mut Random, index: usize) -> u8 {
    match random.below(300) {
        0 => 0xff,
        1 => 0,
        _ if index % BLOCK_BYTES > BLOCK_BYTES - 5 || index % BLOCK_BYTES < 4 => {
            [0, 0xff, 0x0f, 0xf0, 0xfe, 0x7f][random.below(6)]
        }
        _ => good(random, index),
    }
}

/// Streams of all kinds: of a kind, so many blocks.
fn streams() -> Vec<(String, Vec<u8>)> {
    let length = |blocks: usize| FIRST_BYTES + blocks * BLOCK_BYTES;
    let mut streams = vec![
        ("good".to_owned(), bytes(1, length(1_000), good)),
        ("zeros".to_owned(), vec![0; length(20)]),
        ("ones".to_owned(), vec![0xff; length(20)]),
        ("alternating".to_owned(), vec![0x55; length(20)]),
        ("counting".to_owned(), bytes(2, length(100), |_, index| index.to_le_bytes()[0])),
        ("counting words".to_owned(), (0_u32..25_001).flat_map(u32::to_be_bytes).collect()),
        ("patched".to_owned(), bytes(3, length(1_000), patched)),
        ("repeated words".to_owned(), {
            let mut stream = bytes(4, length(200), good);
            let mut random = Random::new(5);
            for _ in 0..60 {
                let at = 4 * random.below(stream.len() / 4 - 1);
                stream.copy_within(at..at + 4, at + 4);
            }
            stream
        }),
    ];
    for per_mille in [485, 490, 510, 515, 600] {
        streams.push((format!("{per_mille} per mille of ones"), bytes(6, length(200), biased(per_mille))));
    }
    for per_mille in [480, 490, 505, 510, 520, 600, 900] {
        streams.push((format!("sticky by {per_mille} per mille"), bytes(7, length(200), sticky(per_mille))));
    }
    for (index, cut) in [0, 1, 3, 4, 5, 100, 2_503, 2_504, 2_505, 30_000, 50_003].into_iter().enumerate() {
        streams.push((format!("cut after {cut} bytes"), bytes(8 + index as u64, cut, good)));
    }
    streams
}

/// The words in which both are compared: `None` where `rngtest` says nothing, for want of the first bytes.
fn compare(name: &str, stream: &[u8]) -> usize {
    let ours = FipsSummary::from_reader(stream, None).expect("a slice");
    let theirs = rngtest(stream, &["-b", "1"]);
    let Some((total, after_each)) = theirs.split_last() else {
        assert!(stream.len() < FIRST_BYTES, "{name}: rngtest says nothing");
        assert_eq!(ours, FipsSummary { bits: stream.len() as u64 * 8, ..FipsSummary::default() }, "{name}");
        return 0;
    };
    assert_eq!(ours, *total, "{name}: ours, and rngtest's");
    let (first, rest) = stream.split_first_chunk::<FIRST_BYTES>().expect("the first bytes");
    let mut tester = FipsTester::new(*first);
    let mut before = FipsSummary::default();
    let (blocks, _) = rest.as_chunks::<BLOCK_BYTES>();
    assert_eq!(blocks.len(), after_each.len(), "{name}");
    for (number, (block, after)) in blocks.iter().zip(after_each).enumerate() {
        let result = tester.test_block(block);
        for test in FipsTest::ALL {
            let theirs = after.count(test) > before.count(test);
            assert_eq!(result.failed(test), theirs, "{name}, block {number}: {test}");
        }
        assert_eq!(result.passed(), after.successes > before.successes, "{name}, block {number}");
        before = *after;
    }
    blocks.len()
}

#[test]
fn every_block_matches_rngtest() {
    if !is_installed() {
        return;
    }
    let mut blocks = 0;
    let streams = streams();
    for (name, stream) in &streams {
        blocks += compare(name, stream);
    }
    println!("{blocks} blocks of {} streams: the same in each of 5 tests", streams.len());
}

/// Blocks at the bounds, where the habits of `rngtest` decide: each on its own, behind first bytes of its own.
#[test]
fn blocks_at_the_bounds_match_rngtest() {
    if !is_installed() {
        return;
    }
    let mut stream = vec![1, 2, 3, 4];
    let mut random = Random::new(0xb0_17d5);
    let mut blocks = 0;
    while blocks < 1_600 {
        let mut block = [0; BLOCK_BYTES];
        for (index, byte) in block.iter_mut().enumerate() {
            *byte = good(&mut random, index);
        }
        match blocks % 4 {
            0 => poker(&mut block, &mut random),
            1 => ones(&mut block, &mut random),
            2 => runs(&mut block, &mut random),
            _ => long_run(&mut block, &mut random),
        }
        stream.extend(block);
        blocks += 1;
    }
    let compared = compare("blocks at the bounds", &stream);
    let summary = FipsSummary::from_reader(&stream[..], None).expect("a slice");
    for test in [FipsTest::Monobit, FipsTest::Poker, FipsTest::Runs, FipsTest::LongRun] {
        let failed = summary.count(test);
        assert!(failed > 50 && failed < 1_550, "the bound of {test} is met from both sides: {failed}");
    }
    println!("{compared} blocks at the bounds: the same in each of 5 tests");
}

fn nibble_counts(block: &[u8]) -> [i64; 16] {
    let mut counts = [0; 16];
    for byte in block {
        counts[usize::from(byte >> 4)] += 1;
        counts[usize::from(byte & 15)] += 1;
    }
    counts
}

/// Changes nibbles until the sum of squares is at one of its bounds, or almost.
fn poker(block: &mut [u8; BLOCK_BYTES], random: &mut Random) {
    let target =
        [1_563_176_i64, 1_576_928][random.below(2)] + i64::try_from(random.below(9)).unwrap_or(0) - 4;
    let mut counts = nibble_counts(block);
    let sum = |counts: &[i64; 16]| counts.iter().map(|count| count * count).sum::<i64>();
    for _ in 0..200_000 {
        let now = sum(&counts);
        if now == target {
            return;
        }
        let at = random.below(BLOCK_BYTES);
        let new = good(random, 0);
        let mut changed = counts;
        for (byte, step) in [(block[at], -1), (new, 1)] {
            changed[usize::from(byte >> 4)] += step;
            changed[usize::from(byte & 15)] += step;
        }
        if (sum(&changed) - target).abs() <= (now - target).abs() {
            (counts, block[at]) = (changed, new);
        }
    }
}

/// Sets bits until there are as many ones as a bound has, or almost.
fn ones(block: &mut [u8; BLOCK_BYTES], random: &mut Random) {
    let target = [9_725, 9_726, 10_274, 10_275][random.below(4)];
    loop {
        let now: u32 = block.iter().map(|byte| byte.count_ones()).sum();
        if now == target {
            return;
        }
        let bit = 1 << random.below(8);
        let byte = &mut block[random.below(BLOCK_BYTES)];
        *byte = if now < target { *byte | bit } else { *byte & !bit };
    }
}

/// Makes runs of ones of six and more, or of one, rarer or more frequent, towards a bound.
fn runs(block: &mut [u8; BLOCK_BYTES], random: &mut Random) {
    let count = |bytes: &[u8], length: u32, bit: u8| {
        let (mut runs, mut current, mut last) = (0_i64, 0_u32, 2);
        for index in 0..bytes.len() * 8 {
            let this = bytes[index / 8] >> (7 - index % 8) & 1;
            if this == last {
                current += 1;
            } else {
                runs += i64::from(last == bit && current.min(6) == length);
                (current, last) = (1, this);
            }
        }
        runs + i64::from(last == bit && current.min(6) == length)
    };
    let bit = u8::from(random.percent(50));
    let (length, bounds) = [(6, [103, 209]), (5, [103, 209]), (4, [240, 384])][random.below(3)];
    let target = bounds[random.below(2)] + i64::try_from(random.below(5)).unwrap_or(0) - 2;
    let mut now = count(&block[..], length, bit);
    for _ in 0..3_000 {
        if now == target {
            return;
        }
        let at = random.below(BLOCK_BYTES);
        // What a byte changes is told by those around it.
        let around = at.saturating_sub(8)..(at + 9).min(BLOCK_BYTES);
        let before = block[at];
        let runs_before = count(&block[around.clone()], length, bit);
        block[at] = if now < target && random.percent(50) {
            [0b0111_1110, 0b1000_0001, 0b0111_1100, 0b0011_1100, 0b1000_0011, 0b1100_0011][random.below(6)]
        } else {
            good(random, 0)
        };
        let then = now + count(&block[around], length, bit) - runs_before;
        if then.abs_diff(target) <= now.abs_diff(target) {
            now = then;
        } else {
            block[at] = before;
        }
    }
}

/// Writes a run of about 26 bits, at the end, at the beginning or anywhere.
fn long_run(block: &mut [u8; BLOCK_BYTES], random: &mut Random) {
    let length = 24 + random.below(5);
    let bits = BLOCK_BYTES * 8;
    let start = [0, bits - length, random.below(bits - length)][random.below(3)];
    let one = random.percent(50);
    for index in start.saturating_sub(1)..(start + length + 1).min(bits) {
        let mask = 0x80 >> (index % 8);
        let inside = (start..start + length).contains(&index);
        if inside == one {
            block[index / 8] |= mask;
        } else {
            block[index / 8] &= !mask;
        }
    }
}

#[test]
fn counts_match_rngtest() {
    if !is_installed() {
        return;
    }
    for seed in 0..4 {
        let stream = bytes(0x1000 + seed, 3_000_000, if seed < 2 { good } else { patched });
        let ours = FipsSummary::from_reader(&stream[..], Some(1_000)).expect("a slice");
        assert_eq!(rngtest(&stream, &["-c", "1000"]), [ours], "seed {seed}");
        assert_eq!(ours.blocks(), 1_000);
        println!("{ours}");
    }
}

/// Each block in a process of its own, which knows of nothing before it.
#[test]
fn single_blocks_match_the_stream() {
    if !is_installed() {
        return;
    }
    for seed in 0..40 {
        let stream = bytes(0x2000 + seed, FIRST_BYTES + BLOCK_BYTES, if seed < 10 { good } else { patched });
        let ours = FipsSummary::from_reader(&stream[..], Some(1)).expect("a slice");
        assert_eq!(rngtest(&stream, &["-c", "1"]), [ours], "seed {seed}");
    }
}
