// @ts-check
/** How many items the fuzzing test sends, and the seed from which they are made: `npm run fuzz` sets both. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 2_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20261124);

module.exports = { RUNS, SEED };
