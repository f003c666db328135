// @ts-check
/** How many orders the load test sends; `npm run load` sends 10,000. */
const LOAD_ORDERS = Number(process.env.LOAD_ORDERS ?? 150);

module.exports = { LOAD_ORDERS };
