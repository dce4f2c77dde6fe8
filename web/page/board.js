'use strict';
// The board of charts: draws each one, draws them again when the window or the colour scheme changes.

const board = (() => {
  const engine = window.weftCharts || svgCharts;
  const charts = [];

  function theme() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    return {
      ink: colour('--ink'),
      muted: colour('--muted'),
      line: colour('--line'),
      panel: colour('--panel'),
      series: [1, 2, 3, 4, 5, 6].map((n) => colour('--series-' + n)),
      heat: [0, 1, 2, 3].map((n) => colour('--heat-' + n)),
    };
  }

  function legend(series) {
    if (series.length < 2) return null;
    return make(
      'div',
      {class: 'legend'},
      series.map((one, index) => {
        const swatch = make('i');
        swatch.style.borderTop = `3px ${['solid', 'dashed', 'dotted'][Math.floor(index / 6) % 3]} var(--series-${(index % 6) + 1})`;
        return make('span', {}, swatch, one.name);
      }),
    );
  }

  // A panel with a title, a sentence on how to read it, and the chart; `wide` takes the whole row.
  function panel(title, note, spec, options = {}) {
    const element = make('div', {class: 'chart', role: 'img', 'aria-label': title + '. ' + note});
    if (options.height) element.style.height = options.height + 'px';
    charts.push({element, spec, drawn: null});
    return make(
      'section',
      {class: 'panel' + (options.wide ? ' wide' : '')},
      make('h3', {}, title),
      make('p', {class: 'note'}, note),
      element,
      spec.series ? legend(spec.series) : null,
    );
  }

  function drawAll() {
    const colours = theme();
    for (const chart of charts) {
      if (chart.drawn) chart.drawn.dispose();
      chart.drawn = engine.draw(chart.element, chart.spec, colours);
    }
  }

  function start() {
    drawAll();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
    let pending = 0;
    addEventListener('resize', () => {
      cancelAnimationFrame(pending);
      pending = requestAnimationFrame(() => charts.forEach((chart) => chart.drawn.resize()));
    });
  }

  return {panel, start, interactive: engine.interactive};
})();
