// The plots of the last hour, drawn with uPlot.

import {h, millis, percent, show, text} from './words.js';

const HEIGHT = 220;
const MIN_SPAN_SECONDS = 300;
const STATUS = ['answered', 'partial', 'unsure', 'no_answer'];

export class PlotsView {
  constructor(store) {
    this.store = store;
    this.plots = [];
    this.width = 0;
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.rebuild());
    this.sizes = new ResizeObserver(() => this.resize());
  }

  rebuild() {
    for (const plot of this.plots) plot.chart.destroy();
    this.sizes.disconnect();
    this.plots = [];
    document.getElementById('plot-list').replaceChildren();
    this.key = '';
    this.draw();
  }

  draw() {
    const history = this.store.state.history;
    const empty = document.getElementById('plots-empty');
    const rows = history?.rows ?? [];
    show(empty, rows.length === 0);
    text(empty, 'The first values appear after 10 s.');
    if (rows.length === 0 || document.getElementById('plots').hidden) return;
    const key = history.variants.join('\n');
    if (key !== this.key && this.plots.length > 0) {
      this.key = key;
      this.rebuild();
      return;
    }
    this.key = key;
    if (this.plots.length === 0) {
      const places = definitions(history.variants).map(each => this.place(each));
      this.plots = places.map(each => this.build(each));
    }
    for (const plot of this.plots) {
      const data = plot.data(rows, history);
      plot.chart.setData(data);
      text(plot.summary, plot.tell(data));
    }
  }

  /** Adds the elements of a plot; its width is known only after all of them are added. */
  place(definition) {
    const title = h('h3', '', definition.title);
    const summary = h('p', 'hint');
    const canvas = h('div', 'canvas');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', definition.title);
    const figure = h('figure', 'panel plot', h('figcaption', '', title, summary), canvas);
    document.getElementById('plot-list').append(figure);
    this.sizes.observe(canvas);
    return {definition, summary, canvas};
  }

  build({definition, summary, canvas}) {
    const grid = color('--line');
    const axis = {stroke: color('--muted'), grid: {stroke: grid, width: 1}, ticks: {stroke: grid, width: 1}, font: '12px system-ui, sans-serif'};
    const chart = new uPlot({
      width: Math.max(200, canvas.clientWidth),
      height: HEIGHT,
      scales: {x: {range: (plot, min, max) => (max === null ? [0, 1] : [Math.min(min, max - MIN_SPAN_SECONDS), max])},
        y: {range: definition.range ?? ((plot, min, max) => [0, Math.max(definition.least ?? 1, max * 1.1)])}},
      axes: [{...axis, space: 70, values: (plot, values) => values.map(clock)},
        {...axis, size: 58, values: (plot, values) => values.map(definition.label)}],
      series: [{label: 'Time', value: (plot, value) => (value ? clock(value) : '–')},
        ...definition.series.map(each => ({
          label: each.label,
          stroke: color(each.color),
          fill: definition.stacked ? color(each.color) : undefined,
          width: definition.stacked ? 0 : 2,
          points: {show: false},
          value: (plot, value, series, i) =>
              (value === null || value === undefined ? '–' : definition.label(each.own ? each.own(plot, i) : value)),
        }))],
      legend: {live: true},
      cursor: definition.stacked ? {points: {show: false}} : {},
    }, [[], ...definition.series.map(() => [])], canvas);
    return {chart, canvas, summary, data: definition.data, tell: definition.tell};
  }

  resize() {
    for (const plot of this.plots) {
      const width = plot.canvas.clientWidth;
      if (width > 0 && plot.chart.width !== width) plot.chart.setSize({width, height: HEIGHT});
    }
  }
}

function definitions(variants) {
  return [
    {
      title: 'Answers per second',
      series: [{label: 'Answers', color: '--series-1'}],
      label: value => (value < 10 ? value.toFixed(1) : String(Math.round(value))),
      data: (rows, history) => [times(rows), rows.map(row => sum(row) / history.step)],
      tell: ([, values]) => `now ${last(values).toFixed(1)}/s`,
    },
    {
      title: 'Response time',
      series: [{label: 'p50 (median)', color: '--series-1'}, {label: 'p99', color: '--series-3'}],
      label: value => (value ? millis(value) : '0 ms'),
      least: 10,
      data: rows => [times(rows), rows.map(row => (sum(row) ? row[5] : null)), rows.map(row => (sum(row) ? row[6] : null))],
      tell: ([, p50, p99]) => `p50 ${millis(last(p50))}, p99 ${millis(last(p99))}`,
    },
    {
      title: 'Results by status',
      range: () => [0, 1],
      stacked: true,
      // Drawn from the top of the stack down: each series covers the lower part of the previous one.
      series: [...STATUS].reverse().map((status, i) => ({
        label: {answered: 'Answered', partial: 'Partial', unsure: 'Unsure', no_answer: 'No answer'}[status],
        color: `--${status}-fill`,
        own: (plot, at) => {
          const value = plot.data[i + 1][at];
          const below = i + 2 < plot.data.length ? plot.data[i + 2][at] : 0;
          return value === null ? 0 : value - below;
        },
      })),
      label: value => percent(value),
      data: rows => [times(rows), ...[4, 3, 2, 1].map(upTo => rows.map(row => {
        const all = sum(row);
        return all ? row.slice(1, upTo + 1).reduce((a, b) => a + b, 0) / all : null;
      }))],
      tell: data => {
        const answered = last(data[4]);
        return answered === null ? 'No answers now' : `${percent(answered)} answered now`;
      },
    },
    {
      title: 'Votes by variant',
      series: variants.map((variant, i) => ({label: variant, color: `--series-${i % 8 + 1}`})),
      label: value => (value < 10 ? value.toFixed(1) : String(Math.round(value))),
      data: (rows, history) => [times(rows), ...variants.map((variant, i) => rows.map(row => (row[7 + i] ?? 0) / history.step))],
      tell: () => (variants.length ? 'votes per second' : 'No votes yet'),
    },
  ];
}

function times(rows) {
  return rows.map(row => row[0] / 1000);
}

function sum(row) {
  return row[1] + row[2] + row[3] + row[4];
}

function last(values) {
  return values[values.length - 1] ?? null;
}

function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
}

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
