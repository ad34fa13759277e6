// SPDX-License-Identifier: ISC
// The pages in a real browser: accessible, readable, printable, valid.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';
import { languages, launch, open, page_of, path, text } from './pages.mjs';

const axe = readFileSync(
    createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const reports = ['report-trusted.html', 'report-unknown.html',
	'report-changed.html', 'report-auditor.html', 'folder/START-HERE.html'];

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

async function open_all(page) {
	await page.evaluate(() => {
		for (const d of document.querySelectorAll('details'))
			d.open = true;
	});
}

// Its own look at contrast takes long, and is done once; ours covers the rest.
async function violations(page, contrast = false) {
	await page.evaluate(axe);
	return page.evaluate(async (enabled) => {
		const result = await window.axe.run(document, { rules: {
			'color-contrast': { enabled } }, runOnly: [
			'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
			'best-practice'] });
		return result.violations.map((v) =>
		    `${v.id}: ${v.nodes.length}: ${v.nodes[0].html.slice(0, 200)}`);
	}, contrast);
}

// Ratio of every pair of colours in which text stands.
async function contrasts(page) {
	return page.evaluate(() => {
		const number = (c) => c.match(/[\d.]+/g).map(Number);
		const light = (c) => number(c).slice(0, 3).map((v) => {
			v /= 255;
			return v <= 0.04045 ? v / 12.92 :
			    ((v + 0.055) / 1.055) ** 2.4;
		}).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
		const opaque = (c) => (number(c)[3] ?? 1) === 1;
		const found = {};
		const walker = document.createTreeWalker(document.body,
		    NodeFilter.SHOW_TEXT);
		while (walker.nextNode()) {
			const element = walker.currentNode.parentElement;
			if (walker.currentNode.data.trim() === '')
				continue;
			let behind = element;
			while (behind && !opaque(
			    getComputedStyle(behind).backgroundColor))
				behind = behind.parentElement;
			const ink = getComputedStyle(element).color;
			const paper = getComputedStyle(
			    behind ?? document.body).backgroundColor;
			const [a, b] = [light(ink), light(paper)].sort(
			    (x, y) => y - x);
			found[`${ink} on ${paper}`] = (a + 0.05) / (b + 0.05);
		}
		return found;
	});
}

for (const language of languages) {
	const name = page_of('demo', language);

	test(`${language}: the page says its language`, async () => {
		assert.match(text(name), new RegExp(`<html lang="${language}">`));
	});

	test(`${language}: one request, nothing else`, async () => {
		const { page, seen, url, close } = await open(browser, name);
		await open_all(page);
		await page.waitForTimeout(200);
		assert.deepEqual(seen.requests, [url]);
		assert.deepEqual(seen.messages, []);
		await close();
	});

	for (const colorScheme of language === 'en' ? ['light', 'dark'] :
	    ['light'])
		test(`${language}, ${colorScheme}: axe finds nothing`,
		    async () => {
			const { page, close } = await open(browser, name,
			    { colorScheme });
			await open_all(page);
			assert.deepEqual(await violations(page,
			    language === 'en'), []);
			await close();
		});

	test(`${language}: 320 pixels are wide enough`, async () => {
		const { page, close } = await open(browser, name,
		    { viewport: { width: 320, height: 640 } });
		await open_all(page);
		const width = await page.evaluate(() =>
		    document.scrollingElement.scrollWidth);
		assert.ok(width <= 320, `${width} pixels`);
		await close();
	});
}

for (const name of reports) {
	test(`${name}: axe finds nothing, one request`, async () => {
		const { page, seen, url, close } = await open(browser, name);
		await open_all(page);
		assert.deepEqual(await violations(page), []);
		assert.deepEqual(seen.requests, [url]);
		assert.deepEqual(seen.messages, []);
		await close();
	});
}

for (const colorScheme of ['light', 'dark'])
	test(`${colorScheme}: every text has a contrast of 4.5`, async () => {
		for (const name of [page_of('demo', 'nl'), ...reports]) {
			const { page, close } = await open(browser, name,
			    { colorScheme });
			const found = await contrasts(page);
			assert.ok(Object.keys(found).length > 0);
			for (const [pair, ratio] of Object.entries(found))
				assert.ok(ratio >= 4.5,
				    `${name}: ${pair}: ${ratio.toFixed(2)}`);
			await close();
		}
	});

test('the keyboard is enough', async () => {
	const { page, close } = await open(browser, page_of('demo', 'en'));
	await page.keyboard.press('Tab');
	assert.equal(await page.evaluate(() =>
	    document.activeElement.className), 'skip');
	const box = await page.locator('.skip').boundingBox();
	assert.ok(box.x >= 0, 'the skip link shows itself');
	await page.keyboard.press('Enter');
	assert.match(page.url(), /#main$/);
	// to the first document: everything on the way shows where it is
	let found = false;
	for (let i = 0; i < 200 && !found; i++) {
		await page.keyboard.press('Tab');
		const here = await page.evaluate(() => {
			const e = document.activeElement;
			return { tag: e.tagName,
				outline: getComputedStyle(e).outlineStyle,
				document: e.parentElement?.className };
		});
		assert.notEqual(here.tag, 'BODY');
		assert.notEqual(here.outline, 'none', here.tag);
		found = here.tag === 'SUMMARY' && here.document === 'document';
	}
	assert.ok(found);
	await page.keyboard.press('Enter');
	assert.equal(await page.evaluate(() =>
	    document.activeElement.parentElement.open), true);
	await page.keyboard.press('Space');
	assert.equal(await page.evaluate(() =>
	    document.activeElement.parentElement.open), false);
	await close();
});

test('headings form an outline', async () => {
	const { page, close } = await open(browser, page_of('demo', 'en'));
	const levels = await page.evaluate(() =>
	    [...document.querySelectorAll('h1,h2,h3,h4')].map((h) =>
		Number(h.tagName[1])));
	assert.equal(levels.filter((l) => l === 1).length, 1);
	levels.reduce((before, level) => {
		assert.ok(level <= before + 1, `h${level} behind h${before}`);
		return level;
	});
	await close();
});

test('pictures have the same numbers in a table', async () => {
	const { page, close } = await open(browser, page_of('demo', 'en'));
	const drawn = await page.locator('svg.columns rect').count();
	assert.ok(drawn >= 12);
	assert.ok(await page.locator('#activity-numbers').count() === 1);
	for (const bar of await page.locator('td.bar').all())
		assert.match(await bar.locator('span').innerText(), /\d/);
	assert.ok(await page.locator('.timeline li').count() >= 3);
	await close();
});

test('on paper everything is open, and pages have numbers', async () => {
	const { page, close } = await open(browser, page_of('demo', 'en'));
	await page.emulateMedia({ media: 'print' });
	// what was closed on the screen is looked at once it was drawn for paper
	await page.evaluate(() => new Promise((drawn) =>
	    requestAnimationFrame(() => requestAnimationFrame(drawn))));
	const hidden = await page.evaluate(() =>
	    [...document.querySelectorAll('details > :not(summary)')].filter(
		(e) => !e.checkVisibility({ contentVisibilityAuto: true })
	    ).length);
	assert.equal(hidden, 0);
	writeFileSync(path('print.pdf'), await page.pdf({
		preferCSSPageSize: true }));
	assert.ok(statSync(path('print.pdf')).size > 10000);
	await close();
	let printed;
	try {
		printed = execFileSync('pdftotext', ['-layout',
			path('print.pdf'), '-'], { encoding: 'utf8' });
	} catch {
		return; // without poppler-utils the text cannot be looked at
	}
	const pages = printed.split('\f').length - 1;
	assert.ok(pages > 3);
	assert.match(printed, new RegExp(`\\b2 / ${pages}\\b`));
});

test('the page for auditors prints to a few pages', async () => {
	const { page, close } = await open(browser, 'report-auditor.html');
	const pdf = (await page.pdf({ preferCSSPageSize: true })).toString(
	    'latin1');
	const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
	assert.ok(pages >= 1 && pages <= 8, `${pages} pages`);
	await close();
});

test('the verdict stands first', async () => {
	for (const [name, start] of [['trusted', '✔'], ['unknown', '?'],
		['changed', '✘'], ['auditor', '✔']]) {
		const { page, close } = await open(browser,
		    `report-${name}.html`);
		const first = await page.locator('main h2').first().innerText();
		assert.ok(first.startsWith(start), first);
		await close();
	}
	const { page, close } = await open(browser, 'report-changed.html');
	assert.equal(await page.locator('.document').count(), 0);
	await close();
});

test('html-validate has nothing to say', async () => {
	const validate = new HtmlValidate(new FileSystemConfigLoader({
		root: true,
		extends: ['html-validate:recommended'],
		rules: {
			// ours is <!DOCTYPE html>, as the standard writes it
			'doctype-style': 'off',
			// lines are as long as what was received
			'long-title': 'off',
			'no-trailing-whitespace': 'off',
		},
	}));
	for (const name of [page_of('demo', 'en'), 'report-changed.html',
		'report-auditor.html', 'folder/START-HERE.html']) {
		const report = await validate.validateString(text(name), name);
		const said = report.results.flatMap((r) => r.messages.map((m) =>
		    `${name}:${m.line}: ${m.ruleId}: ${m.message}`));
		assert.deepEqual(said.slice(0, 5), []);
	}
});

test('100,000 documents open in three seconds', async () => {
	assert.ok(statSync(path('large/START-HERE.html')).size <= 20 << 20);
	const { page, close } = await open(browser, 'folder/START-HERE.html');
	const began = Date.now();
	await page.goto(`file://${path('large/START-HERE.html')}`,
	    { waitUntil: 'load' });
	await page.evaluate(() => new Promise((done) =>
	    requestAnimationFrame(() => requestAnimationFrame(done))));
	const took = Date.now() - began;
	assert.ok(took < 3000, `${took} ms`);
	assert.match(text('large/tables/large.runs.csv').slice(0, 60),
	    /^\ufefffile,name,obtained,type,bytes,"values\./);
	assert.equal(JSON.parse(text('large/tables/large.runs.json')).length,
	    33334);
	await close();
});
