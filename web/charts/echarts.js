// Charts drawn with Apache ECharts: only the parts that the page uses, so that a report stays small.
// Same face as page/charts_svg.js, which describes the specs.
import * as echarts from 'echarts/core';
import {BarChart, HeatmapChart, LineChart, ScatterChart} from 'echarts/charts';
import {DataZoomInsideComponent, GridComponent, TooltipComponent, VisualMapContinuousComponent} from 'echarts/components';
import {CanvasRenderer} from 'echarts/renderers';

echarts.use([
  BarChart,
  HeatmapChart,
  LineChart,
  ScatterChart,
  DataZoomInsideComponent,
  GridComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
  CanvasRenderer,
]);

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

function base(theme) {
  return {
    animation: false,
    color: theme.series,
    textStyle: {fontFamily: font, color: theme.muted},
    // Names come from the scenario: richText draws them on the canvas, so that none of them can become markup.
    tooltip: {
      renderMode: 'richText',
      confine: true,
      backgroundColor: theme.panel,
      borderColor: theme.line,
      textStyle: {color: theme.ink, fontSize: 13},
    },
    grid: {left: 8, right: 18, top: 14, bottom: 26, containLabel: true},
  };
}

function axis(spec, theme, more) {
  const range = {};
  if (spec.min !== undefined) range.min = spec.min;
  if (spec.max !== undefined) range.max = spec.max;
  return {
    type: spec.log ? 'log' : 'value',
    name: spec.name,
    scale: true,
    ...range,
    nameTextStyle: {color: theme.muted},
    axisLabel: {color: theme.muted, formatter: spec.format, hideOverlap: true},
    axisLine: {lineStyle: {color: theme.muted}},
    splitLine: {lineStyle: {color: theme.line}},
    ...more,
  };
}

const below = {nameLocation: 'middle', nameGap: 30, splitLine: {show: false}};

function linesOrPoints(spec, theme) {
  const lines = spec.kind === 'lines';
  const describe = (item) => `${item.seriesName}\n${spec.x.format(item.value[0])}: ${spec.y.format(item.value[1])}`;
  return {
    ...base(theme),
    tooltip: {
      ...base(theme).tooltip,
      trigger: lines ? 'axis' : 'item',
      formatter: (items) => [].concat(items).slice(0, 12).map(describe).join('\n'),
    },
    xAxis: axis(spec.x, theme, below),
    yAxis: axis({min: 0, ...spec.y, name: ''}, theme, {axisLine: {show: false}}),
    dataZoom: [{type: 'inside', xAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl'}],
    series: spec.series.map((one, index) => ({
      type: lines ? 'line' : 'scatter',
      name: one.name,
      data: one.points,
      showSymbol: false,
      symbolSize: lines ? 6 : 5,
      step: one.step ? 'end' : false,
      lineStyle: {width: 2, type: ['solid', 'dashed', 'dotted'][Math.floor(index / 6) % 3]},
      itemStyle: lines ? {} : {opacity: 0.55},
    })),
  };
}

function bars(spec, theme) {
  const names = {
    type: 'category',
    data: spec.categories,
    axisLabel: {color: theme.muted, hideOverlap: true, width: spec.labels === 'long' ? 420 : 150, overflow: 'truncate'},
    axisLine: {lineStyle: {color: theme.muted}},
    axisTick: {show: false},
  };
  const values = axis({min: 0, ...(spec.horizontal ? spec.x : spec.y), name: ''}, theme, {axisLine: {show: false}});
  const format = spec.horizontal ? spec.x.format : spec.y.format;
  return {
    ...base(theme),
    tooltip: {...base(theme).tooltip, trigger: 'item', formatter: (item) => `${item.seriesName}\n${item.name}: ${format(item.value)}`},
    xAxis: spec.horizontal
      ? values
      : {...names, name: spec.x.name, nameLocation: 'middle', nameGap: 30, nameTextStyle: {color: theme.muted}},
    yAxis: spec.horizontal ? {...names, inverse: true} : values,
    series: spec.series.map((one) => ({
      type: 'bar',
      name: one.name,
      data: one.values,
      barMaxWidth: 22,
      label: {show: Boolean(spec.horizontal), position: 'right', color: theme.muted, formatter: (item) => format(item.value)},
    })),
  };
}

function heat(spec, theme) {
  const names = (data) => ({
    type: 'category',
    data,
    axisLabel: {color: theme.muted, hideOverlap: true},
    axisTick: {show: false},
    axisLine: {show: false},
  });
  return {
    ...base(theme),
    grid: {left: 8, right: 64, top: 8, bottom: 8, containLabel: true},
    tooltip: {
      ...base(theme).tooltip,
      formatter: (item) => `${spec.rows[item.value[1]]} > ${spec.columns[item.value[0]]}\n${spec.format(item.value[2])}`,
    },
    xAxis: names(spec.columns),
    yAxis: {...names(spec.rows), inverse: true},
    visualMap: {
      min: 0,
      max: spec.max,
      right: 0,
      top: 'center',
      itemWidth: 12,
      itemHeight: 120,
      formatter: spec.format,
      textStyle: {color: theme.muted},
      inRange: {color: theme.heat},
      text: [spec.format(spec.max), spec.format(0)],
      textGap: 6,
    },
    series: [{type: 'heatmap', data: spec.cells, progressive: 0, itemStyle: {borderColor: theme.panel, borderWidth: 0.5}}],
  };
}

function options(spec, theme) {
  if (spec.kind === 'heat') return heat(spec, theme);
  return spec.kind === 'bars' ? bars(spec, theme) : linesOrPoints(spec, theme);
}

window.weftCharts = {
  interactive: true,
  draw(element, spec, theme) {
    const chart = echarts.init(element, null, {renderer: 'canvas'});
    chart.setOption(options(spec, theme));
    return {resize: () => chart.resize(), dispose: () => chart.dispose()};
  },
};
