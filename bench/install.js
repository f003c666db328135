// @ts-check
const { installLocked } = require('../tools/install');

installLocked(__dirname, 'Installing what the benchmarks compare with (npm ci), about a minute …');
