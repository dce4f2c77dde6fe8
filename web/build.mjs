// Bundles the charts into dist/report.js: one script without imports, ASCII only, ready to stand inside a page.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {build} from 'esbuild';

const licence = (name) => readFileSync(`node_modules/${name}`, 'utf8').replaceAll('*/', '* /').trim();
const version = JSON.parse(readFileSync('node_modules/echarts/package.json', 'utf8')).version;

const {outputFiles} = await build({
  entryPoints: ['charts/echarts.js'],
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  charset: 'ascii',
  legalComments: 'none',
  define: {'process.env.NODE_ENV': '"production"'},
  banner: {
    js: `/*! Apache ECharts ${version} (Apache-2.0)\n${licence('echarts/NOTICE')}\nand ZRender:\n${licence('zrender/LICENSE')}\nand parts of D3:\n${licence('echarts/licenses/LICENSE-d3')}\n*/`,
  },
  outfile: 'dist/report.js',
  write: false,
});
const text = outputFiles[0].text;
if (/<\/script|<!--/i.test(text)) throw new Error('the bundle would end the script element that carries it');
mkdirSync('dist', {recursive: true});
writeFileSync('dist/report.js', text);
console.log(`dist/report.js: ${Math.round(text.length / 1000)} KB`);
