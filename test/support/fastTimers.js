// @ts-check
// A program that loads this file first pauses for a twentieth of the time. Other timers keep their
// speed: `fetch` would give up on a connection too soon on a busy machine.
const timers = require('node:timers/promises');

const SPEED = 20;

const { setTimeout } = timers;
/** @param {number} [ms] */
const pause = async (ms = 0) => await setTimeout(ms / SPEED);
Object.assign(timers, { setTimeout: pause });
