// @ts-check
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { HOST, freePort, startService } = require('./localServer');

const REDIS = '/usr/bin/redis-server';
const POSTGRES_FOLDER = '/usr/lib/postgresql';

/** The Debian packages that queue mode needs besides n8n, keyed by the path of a program. */
const SERVICES = { [REDIS]: 'redis-server', [POSTGRES_FOLDER]: 'postgresql' };

/** Starts Redis without persistence. */
async function startRedis() {
	const port = await freePort();
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'calltouch-e2e-redis-'));
	const args = ['--bind', HOST, '--port', String(port), '--save', '', '--appendonly', 'no'];
	return await startService(REDIS, [...args, '--dir', folder], port, folder);
}

/** Postgres can't run as root, so it needs a user. @returns {{ uid?: number, gid?: number }} */
function postgresUser() {
	if (process.getuid?.() !== 0) return {};
	const id = (/** @type {string} */ flag) =>
		Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
	return { uid: id('-u'), gid: id('-g') };
}

/** Starts Postgres with an empty database and no password. */
async function startPostgres() {
	const [version = ''] = fs.readdirSync(POSTGRES_FOLDER).sort().reverse();
	const bin = path.join(POSTGRES_FOLDER, version, 'bin');
	const as = postgresUser();
	const port = await freePort();
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'calltouch-e2e-postgres-'));
	if (as.uid !== undefined) fs.chownSync(folder, as.uid, Number(as.gid));
	const data = path.join(folder, 'data');
	execFileSync(
		path.join(bin, 'initdb'),
		['-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync'],
		{ cwd: folder, stdio: 'ignore', ...as },
	);
	const settings = [`listen_addresses=${HOST}`, `unix_socket_directories=${folder}`, 'fsync=off'];
	const args = ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])];
	return await startService(path.join(bin, 'postgres'), args, port, folder, as);
}

module.exports = { SERVICES, startPostgres, startRedis };
