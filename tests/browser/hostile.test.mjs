// SPDX-License-Identifier: ISC
// 500 hostile texts as key, value, label, title, name of file, kind and
// service: they change no element, run nothing and load nothing.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { elements, launch, open, path, text } from './pages.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

const allowed = new Set(['html', 'head', 'meta', 'style', 'title', 'body',
	'a', 'bdi', 'br', 'caption', 'code', 'dd', 'details', 'div', 'dl', 'dt',
	'footer', 'h1', 'h2', 'h3', 'h4', 'header', 'li', 'main', 'nav', 'ol',
	'p', 'pre', 'rect', 'section', 'span', 'strong', 'summary', 'svg',
	'table', 'tbody', 'td', 'th', 'thead', 'time', 'tr', 'ul']);

for (const kind of ['case-0', 'case-1', 'case-2', 'case-3', 'case-4',
	'files']) {
	const hostile = `hostile-${kind}/START-HERE.html`;

	test(`${kind}: the elements are those of the harmless twin`, () => {
		const a = elements(text(hostile));
		const b = elements(text(`harmless-${kind}/START-HERE.html`));
		assert.ok(a.length > 2000);
		const at = a.findIndex((line, i) => line !== b[i]);
		assert.equal(at, -1, `element ${at}: ${a[at]} | ${b[at]}`);
		assert.equal(a.length, b.length);
	});

	test(`${kind}: no element or attribute but ours`, () => {
		for (const line of elements(text(hostile))) {
			const [, name, ...attrs] = line.split(' ');
			assert.ok(allowed.has(name), line);
			for (const a of attrs)
				assert.doesNotMatch(a, /^(on|src|style=)/, line);
		}
	});

	test(`${kind}: nothing runs, nothing is loaded`, async () => {
		const { page, seen, url, close } = await open(browser, hostile);
		await page.evaluate(() => {
			for (const d of document.querySelectorAll('details'))
				d.open = true;
		});
		await page.mouse.move(200, 200);
		await page.keyboard.press('Tab');
		await page.waitForTimeout(500);
		assert.deepEqual(seen.requests, [url]);
		assert.deepEqual(seen.messages, []);
		assert.equal(seen.dialogs, 0);
		assert.equal(await page.evaluate(() => window.ran), undefined);
		await close();
	});

	if (kind === 'case-0' || kind === 'files')
		test(`${kind}: texts are there to be read`, async () => {
		const { page, close } = await open(browser, hostile);
		const body = await page.evaluate(() =>
		    document.body.textContent);
		const wanted = kind === 'case-0' ? [
			'<script>window.ran=1</script>',
		] : ['javascript:window.ran=1.json',
			'" onmouseover="window.ran=1', '{{constructor',
			'\\u202etxt.exe<script>', '\\x1b[2J<b>'];
		for (const t of wanted)
			assert.ok(body.includes(t), t);
		await close();
	});
}

test('the policy holds even when markup gets in', async () => {
	// a page into which somebody wrote markup: nothing runs or leaves
	// Chromium gets a line ready for a frame before it asks the policy: what
	// counts is that nothing is said on it
	let asked = 0;
	const server = createServer((socket) => {
		socket.on('data', () => asked++);
		socket.on('error', () => {});
	});
	server.unref();
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	const at = `http://127.0.0.1:${server.address().port}/x`;
	writeFileSync(path('broken.html'),
	    text('folder/START-HERE.html').replace('<main id="main">',
		`$&<script>window.ran=1</script><script src=${at}></script>` +
		`<img src=${at} onerror=window.ran=1><iframe src=${at}></iframe>` +
		`<link rel=stylesheet href=${at}><object data=${at}></object>` +
		`<svg onload=window.ran=1></svg><style>@import "${at}";</style>`));
	const { page, seen, close } = await open(browser, 'broken.html');
	await page.waitForTimeout(500);
	assert.equal(asked, 0);
	assert.equal(await page.evaluate(() => window.ran), undefined);
	assert.ok(seen.messages.length >= 6, 'the policy says what it stopped');
	await close();
	server.close();
});
