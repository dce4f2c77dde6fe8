// Opens pages in headless Chromium as a reader would, from file://, and looks: no message on the console, no request beyond the
// file itself, every chart drawn, nothing of a hostile name turned into markup. node report_page.mjs WEB FOLDER CASE...
import {createRequire} from 'node:module';
import {existsSync, mkdirSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const [web, folder, ...cases] = process.argv.slice(2);
const {chromium} = createRequire(resolve(web, 'package.json'))('playwright-core');
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const patience = 120000; // milliseconds: no more than a net against hanging for ever
const failures = [];

function expect(rule, what) {
  if (!rule) failures.push(what);
}

// For each panel, the pixels painted on its canvases (a chart may use several layers) and the colours among them.
function drawnCharts() {
  return [...document.querySelectorAll('.chart')].map((chart) => {
    const colours = new Set();
    let painted = 0;
    for (const canvas of chart.querySelectorAll('canvas')) {
      const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      for (let i = 0; i < pixels.length; i += 4) {
        if (pixels[i + 3] === 0) continue;
        ++painted;
        if (colours.size < 1000) colours.add((pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2]);
      }
    }
    return {title: chart.closest('section').querySelector('h3').textContent, painted, colours: colours.size};
  });
}

const blank = ({painted, colours}) => painted <= 500 || colours <= 3;

// A chart paints in an animation frame, so a busy machine gets time: what counts is that all are drawn in the end.
async function expectCharts(page, name, least) {
  let drawn = await page.evaluate(drawnCharts);
  for (let attempt = 0; attempt < 100 && drawn.some(blank); ++attempt) {
    await page.waitForTimeout(100);
    drawn = await page.evaluate(drawnCharts);
  }
  expect(drawn.length >= least, `${name}: ${drawn.length} charts, expected at least ${least}`);
  for (const chart of drawn.filter(blank)) {
    expect(false, `${name}: the chart "${chart.title}" is blank (${chart.painted} pixels in ${chart.colours} colours)`);
  }
}

async function expectText(page, name, ...texts) {
  const body = await page.locator('body').innerText();
  for (const text of texts) expect(body.includes(text), `${name}: the page does not say "${text}"`);
}

// What each page must show, beside what all pages must.
const checks = {
  rich: async (page) => {
    await expectCharts(page, 'rich', 10);
    await expectText(
      page,
      'rich',
      '</script><b>"quoted", & \'so on\'',
      'of 1,024',
      '200 of 4,096 ports',
      '<img src=x onerror=alert(1)>',
      'leaf0',
    );
    expect((await page.locator('main img, main b, main script').count()) === 0, 'rich: a name became markup');
    expect(
      (await page.getByRole('table', {name: 'slowest flows'}).locator('tbody tr').count()) === 200,
      'rich: the table of slowest flows has not 200 rows',
    );
  },
  stuck: async (page) => {
    await expectCharts(page, 'stuck', 6);
    await expectText(
      page,
      'stuck',
      'The run got stuck',
      'leaf0 waits for spine0: paused, class 3',
      'Cyclic wait: leaf0 \u2192 spine0 \u2192 leaf0',
      'retry limit, "7" times',
    );
    expect((await page.locator('.banner.bad').count()) === 2, 'stuck: two red banners are due: stuck, and a failed flow');
  },
  empty: async (page) => expectText(page, 'empty', 'The run was interrupted', 'No flow completed'),
  compare: async (page) => {
    await expectCharts(page, 'compare', 1);
    await expectText(page, 'compare', 'rich and stuck', 'FCT p99', 'second / first');
  },
  run: async (page) => {
    await expectCharts(page, 'run', 4);
    await expectText(page, 'run', 'Flow completion time', 'Hottest links', 'What was modelled');
  },
};

async function hoverCharts(page) {
  for (const chart of await page.locator('.chart').all()) await chart.hover();
}

async function look(browser, name, file, colorScheme) {
  const context = await browser.newContext({colorScheme, viewport: {width: 1280, height: 900}});
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const where = `${name} (${colorScheme})`;
  const address = pathToFileURL(file).href;
  page.on('console', (message) => expect(false, `${where}: the console says ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => expect(false, `${where}: ${error.stack}`));
  page.on('dialog', (dialog) => {
    expect(false, `${where}: a dialog opened`);
    dialog.dismiss();
  });
  page.on('request', (request) =>
    expect(request.url() === address || request.url().startsWith('data:'), `${where}: asked for ${request.url()}`),
  );
  await page.goto(address);
  await page.waitForFunction(() => document.documentElement.dataset.ready !== undefined, undefined, {timeout: patience});
  expect((await page.evaluate(() => document.documentElement.dataset.ready)) === 'bundle', `${where}: the page has no bundle`);
  await checks[name](page);
  await hoverCharts(page);
  if (process.env.WEFT_SCREENSHOTS)
    await page.screenshot({path: join(process.env.WEFT_SCREENSHOTS, `${name}-${colorScheme}.png`), fullPage: true});
  await page.emulateMedia({colorScheme: colorScheme === 'dark' ? 'light' : 'dark'});
  await page.setViewportSize({width: 390, height: 800});
  await page.waitForTimeout(100);
  const [content, window] = await page.evaluate(() => [document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]);
  expect(content <= window, `${where}: on a narrow screen the page is ${content} pixels wide in ${window}`);
  await checks[name](page);
  await context.close();
}

const browser = await chromium.launch({executablePath: process.env.CHROMIUM, timeout: patience, args: flags});
if (process.env.WEFT_SCREENSHOTS) mkdirSync(process.env.WEFT_SCREENSHOTS, {recursive: true});
for (const name of cases) {
  const file = resolve(folder, name === 'compare' ? 'compare.html' : join(name, 'report.html'));
  if (!existsSync(file)) expect(false, `${file} is not there`);
  else for (const scheme of ['light', 'dark']) await look(browser, name, file, scheme);
}
await browser.close();
for (const failure of failures) console.log('FAILED: ' + failure);
console.log(`${cases.length} pages, ${failures.length} failures`);
process.exit(failures.length === 0 && cases.length > 0 ? 0 : 1);
