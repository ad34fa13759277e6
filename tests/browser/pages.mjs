// SPDX-License-Identifier: ISC
// What the tests of the pages share: the browser, the files, trees.
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { parse } from 'parse5';

export const languages = ['en', 'nl', 'fr', 'de'];
const folder = process.env.PAGES;

export function path(name) {
	return `${folder}/${name}`;
}

export function text(name) {
	return readFileSync(path(name), 'utf8');
}

// The page of an unpacked archive in a language.
export function page_of(name, language) {
	const other = path(`${name}/START-HERE.${language}.html`);
	return existsSync(other) ? `${name}/START-HERE.${language}.html` :
	    `${name}/START-HERE.html`;
}

export async function launch() {
	return chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu'],
	});
}

// Opens a page and notes everything that it asks for, says or runs.
export async function open(browser, name, options = {}) {
	const context = await browser.newContext(options);
	const page = await context.newPage();
	const seen = { requests: [], messages: [], dialogs: 0 };
	page.on('request', (r) => seen.requests.push(r.url()));
	page.on('console', (m) => seen.messages.push(m.text()));
	page.on('pageerror', (e) => seen.messages.push(String(e)));
	page.on('dialog', (d) => { seen.dialogs++; d.dismiss(); });
	const url = pathToFileURL(path(name)).href;
	await page.goto(url, { waitUntil: 'load' });
	return { page, seen, url, close: () => context.close() };
}

// Elements and attributes of a page, one a line; of attributes that are made
// from text only the name.
export function elements(html) {
	const lines = [];
	const walk = (node, depth) => {
		if (node.tagName !== undefined) {
			const attrs = node.attrs.map((a) =>
			    ['class', 'id', 'role', 'scope', 'http-equiv']
				.includes(a.name) ? `${a.name}=${a.value}` :
			    a.name);
			lines.push(`${depth} ${node.tagName} ${attrs.join(' ')}`);
		}
		for (const child of node.childNodes ?? [])
			walk(child, depth + 1);
	};
	walk(parse(html), 0);
	return lines;
}
