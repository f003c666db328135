// @ts-check
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { chromium, selectors } = require('playwright-core');
const { OWNER } = require('./n8n');

/** @typedef {import('playwright-core').Page} Page */

const CHROMIUM = '/usr/bin/chromium';
const STEP_TIMEOUT_MS = 60_000;
const SETTLING_MS = 1500;
/** n8n detects a drag only if the mouse moves in several steps. */
const DRAG_STEPS = 20;
const VIEWPORT = { width: 1400, height: 900 };
/** The lower right corner of the screen, where no tooltip appears. */
const BESIDE_PANEL = { x: VIEWPORT.width - 5, y: VIEWPORT.height - 5 };
/** Without these flags, Chromium sends its own requests. */
const ARGUMENTS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

selectors.setTestIdAttribute('data-test-id');

/** Operates n8n's editor in a browser through its visible elements, as a person does. */
class Editor {
	/** @param {Page} page @param {string} url @param {string} images the folder for screenshots */
	constructor(page, url, images) {
		this.page = page;
		this.url = url;
		this.images = images;
	}

	async signIn() {
		const { page } = this;
		await page.goto(`${this.url}/signin`);
		await page.fill('input[name=emailOrLdapLoginId]', OWNER.email);
		await page.fill('input[name=password]', OWNER.password);
		await page.getByTestId('form-submit-button').click();
		await page.waitForURL(/home|workflows/);
	}

	/** Creates a workflow with a manual trigger. */
	async newWorkflow() {
		const { page } = this;
		await page.goto(`${this.url}/workflow/new`);
		await page.getByTestId('canvas-plus-button').click();
		await this.search('manual');
		await page.getByText('Manual Trigger').first().click();
		await page.getByTestId('canvas-node').first().waitFor();
	}

	/** Opens a saved workflow. @param {string} id */
	async openWorkflow(id) {
		const { page } = this;
		await page.goto(`${this.url}/workflow/${id}`);
		await page.getByTestId('canvas-node').first().waitFor();
	}

	/**
	 * Imports a workflow from a file into a new workflow, as "Import > From file" in the
	 * menu does, and saves it.
	 *
	 * @param {string} file
	 */
	async importFile(file) {
		const { page } = this;
		await page.goto(`${this.url}/workflow/new`);
		await page.getByTestId('canvas-plus-button').waitFor();
		await page.getByTestId('workflow-import-input').setInputFiles(file);
		await page.getByTestId('canvas-node').first().waitFor();
		await page.keyboard.press('Control+s');
	}

	async openNodePanel() {
		await this.page.getByTestId('node-creator-plus-button').click();
		await this.page.getByTestId('node-creator-search-bar').waitFor();
	}

	/** Searches the node panel. @param {string} words */
	async search(words) {
		await this.page.getByTestId('node-creator-search-bar').fill(words);
	}

	/** The entry of the node in the node panel. */
	get found() {
		return this.page.getByTestId('node-creator-item-name').filter({ hasText: /^Calltouch/ });
	}

	/** Adds the node through one of its actions and opens its panel. @param {string} action */
	async addAction(action) {
		await this.found.first().click();
		await this.page.getByText(action, { exact: true }).first().click();
		await this.page.getByTestId('ndv').waitFor();
	}

	/** The element that contains a field. @param {string} name */
	field(name) {
		return this.page.getByTestId(`parameter-input-${name}`).first();
	}

	/** Types into a field. @param {string} name @param {string} value */
	async type(name, value) {
		const input = this.field(name).locator('input, textarea').first();
		await input.fill(value);
		await input.blur();
	}

	/**
	 * Enters a date and closes the calendar that opens.
	 *
	 * @param {string} name
	 * @param {string} value
	 */
	async typeDate(name, value) {
		const input = this.field(name).locator('input').first();
		await input.fill(value);
		await input.press('Enter');
		await input.blur();
	}

	/** Selects an option of a list. @param {string} name @param {string} label */
	async choose(name, label) {
		await this.field(name).click();
		const isNamed = this.page.getByText(label, { exact: true });
		await this.page.getByRole('option').filter({ has: isNamed }).last().click();
	}

	/**
	 * Chooses an entry from the list of an ID field by part of the entry's text.
	 *
	 * @param {string} name
	 * @param {string} entry
	 */
	async chooseId(name, entry) {
		const { page } = this;
		const field = page.getByTestId(`resource-locator-${name}`);
		await field.getByTestId('rlc-mode-selector').click();
		await page.getByTestId('mode-list').click();
		await field.getByTestId('rlc-input').click();
		await page.getByTestId('rlc-item').filter({ hasText: entry }).first().click();
	}

	/** The value of a field. @param {string} name */
	async valueOf(name) {
		return await this.field(name).locator('input, textarea').first().inputValue();
	}

	/** Adds an optional field by its label. @param {string} label */
	async addOptional(label) {
		await this.page.getByTestId('collection-parameter-add').first().click();
		await this.page.getByRole('option', { name: label }).last().click();
	}

	/**
	 * Adds a row with a name and a value.
	 *
	 * @param {string} collection
	 * @param {string} name
	 * @param {string} value
	 */
	async addRow(collection, name, value) {
		const fields = this.page.getByTestId(`fixed-collection-${collection}`);
		await fields.getByTestId('fixed-collection-add').click();
		const inputs = fields.locator('input');
		await inputs.nth(0).fill(name);
		await inputs.nth(1).fill(value);
		await inputs.nth(1).blur();
	}

	/** A node on the canvas. @param {string} name */
	node(name) {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Opens a node's panel. @param {string} name */
	async openNode(name) {
		await this.node(name).dblclick();
		await this.page.getByTestId('ndv').waitFor();
	}

	/** Closes a node's panel with a click, because Escape would only exit the edit field. */
	async closeNode() {
		await this.page.getByTestId('ndv-backdrop').click({ position: BESIDE_PANEL });
		await this.page.getByTestId('ndv').waitFor({ state: 'hidden' });
	}

	/** Runs the workflow with the button next to a trigger. @param {string} trigger */
	async executeFrom(trigger) {
		await this.node(trigger).hover();
		await this.page.getByTestId(`execute-workflow-button-${trigger}`).click();
	}

	/** The value of a field in Edit Fields. @param {string} name */
	assignment(name) {
		const rows = this.page.getByTestId('assignment');
		const isNamed = this.page.locator(`input[value="${name}"]`);
		return rows.filter({ has: isNamed }).getByTestId('assignment-value');
	}

	/**
	 * Uses the mouse to drag a field of the input onto a value.
	 *
	 * @param {string} field
	 * @param {import('playwright-core').Locator} value
	 */
	async drag(field, value) {
		const { page } = this;
		const from = page.getByTestId('run-data-schema-node-name').getByText(field, { exact: true });
		for (const place of [from, value]) await place.scrollIntoViewIfNeeded();
		const [start, end] = await Promise.all([from.boundingBox(), value.boundingBox()]);
		if (!start || !end) throw new Error(`The source or the target of ${field} is not visible.`);
		await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
		await page.mouse.down();
		await page.mouse.move(end.x + end.width / 3, end.y + end.height / 2, { steps: DRAG_STEPS });
		await page.mouse.up();
	}

	async executeStep() {
		await this.page.getByTestId('node-execute-button').click();
	}

	get output() {
		return this.page.getByTestId('output-panel');
	}

	/** Takes a screenshot of the whole screen. @param {string} name */
	async picture(name) {
		fs.mkdirSync(this.images, { recursive: true });
		// Waits until the animations of buttons and messages have ended.
		await this.page.waitForTimeout(SETTLING_MS);
		await this.page.screenshot({
			path: path.join(this.images, `${name}.png`),
			animations: 'disabled',
			caret: 'hide',
		});
	}
}

/** Opens n8n's editor in Chromium and signs in. @param {string} url @param {string} images */
async function openEditor(url, images) {
	const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'calltouch-e2e-chromium-'));
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: CHROMIUM,
		headless: true,
		viewport: VIEWPORT,
		args: ARGUMENTS,
	});
	const page = context.pages()[0] ?? (await context.newPage());
	page.setDefaultTimeout(STEP_TIMEOUT_MS);
	const editor = new Editor(page, url, images);
	await editor.signIn();
	return {
		editor,
		async close() {
			await context.close();
			fs.rmSync(profile, { recursive: true, force: true });
		},
	};
}

module.exports = { CHROMIUM, Editor, openEditor };
