// @ts-check
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { installDebian } = require('./install');
const { HOST, freePort, startService } = require('./localServer');

const NGINX = '/usr/sbin/nginx';
const QUEUE_MODE = path.join(__dirname, '..', 'examples', 'queue-mode', 'nginx.conf');

/** Like the default configuration in the official image, which logs the whole request line. */
const IMAGE = `
daemon off;
worker_processes auto;
pid nginx.pid;
error_log error.log notice;
events { worker_connections 1024; }
http {
	log_format main '$remote_addr - $remote_user [$time_local] "$request" '
		'$status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for"';
	access_log access.log main;
	client_body_temp_path bodies;
	proxy_temp_path answers;
	keepalive_timeout 65;
	include default.conf;
}`;

/**
 * Replaces a part that must occur exactly once.
 *
 * @param {string} text
 * @param {string} part
 * @param {string} other
 */
function replaceOnce(text, part, other) {
	const [before, after, ...more] = text.split(part);
	if (before === undefined || after === undefined || more.length > 0) {
		throw new Error(`Expected ${JSON.stringify(part)} once in the configuration.`);
	}
	return before + other + after;
}

/**
 * Starts nginx with the configuration of examples/queue-mode. Replaces only nginx's own address,
 * Calltouch's address and the parts in `replaced`.
 *
 * @param {string} calltouchUrl
 * @param {Record<string, string>} [replaced]
 */
async function startNginx(calltouchUrl, replaced = {}) {
	installDebian({ [NGINX]: 'nginx-light' });
	const port = await freePort();
	const replacements = {
		'listen 80 ': `listen ${HOST}:${port} `,
		'set $calltouch https://api.calltouch.ru;': `set $calltouch ${calltouchUrl};`,
		...replaced,
	};
	const configuration = Object.entries(replacements).reduce(
		(text, [part, other]) => replaceOnce(text, part, other),
		fs.readFileSync(QUEUE_MODE, 'utf8'),
	);
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'calltouch-e2e-nginx-'));
	fs.writeFileSync(path.join(folder, 'nginx.conf'), IMAGE);
	fs.writeFileSync(path.join(folder, 'default.conf'), configuration);
	// Uses files, because nginx opens /dev/stdout by name, which fails for a Node.js pipe.
	const [stdout, stderr] = ['stdout', 'stderr'].map((name) =>
		fs.openSync(path.join(folder, `${name}.log`), 'a'),
	);
	const service = await startService(
		NGINX,
		['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'],
		port,
		folder,
		{ stdio: ['ignore', stdout, stderr] },
	);
	return {
		...service,
		url: `http://${HOST}:${port}`,
		/** Everything that nginx has written so far: logs and other files. */
		written: () =>
			fs
				.readdirSync(folder, { recursive: true, withFileTypes: true })
				.filter((entry) => entry.isFile() && !entry.name.endsWith('.conf'))
				.map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
				.join('\n'),
	};
}

module.exports = { startNginx };
