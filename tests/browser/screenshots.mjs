#!/usr/bin/env node
// SPDX-License-Identifier: ISC
// PAGES=FOLDER screenshots OUT: the pictures in docs/, of the demo's pages.
import { launch, open, path } from './pages.mjs';

const out = process.argv[2];
const browser = await launch();
const take = async (name, file, options, act, shot = {}) => {
	const { page, close } = await open(browser, name, options);
	if (act)
		await act(page);
	await page.screenshot({ path: `${out}/${file}`, ...shot });
	await close();
};
await take('report-trusted.html', 'page-desktop.png',
    { viewport: { width: 1200, height: 1500 } });
await take('report-trusted.html', 'page-document.png',
    { viewport: { width: 1200, height: 900 } }, async (page) => {
	const one = page.locator('.document').nth(4);
	await one.evaluate((d) => { d.open = true; d.scrollIntoView(); });
});
await take('demo/START-HERE.nl.html', 'page-phone.png',
    { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2,
	colorScheme: 'dark' }, async (page) => {
	await page.locator('#summary').scrollIntoViewIfNeeded();
	await page.evaluate(() =>
	    document.querySelector('#summary').scrollIntoView());
});
await take('demo/START-HERE.html', 'page-print.png',
    { viewport: { width: 794, height: 1123 } }, async (page) =>
	page.emulateMedia({ media: 'print' }));
await browser.close();
