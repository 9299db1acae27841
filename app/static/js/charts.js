// Draws each figure[data-chart] with ECharts in the page's own colours; its table folds away but stays.
(() => {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const drawn = [];

  function option(chart, width) {
    const sideways = chart.kind === "row";
    const written = (value) =>
      value === null || value === undefined ? "–" : (chart.money ? "¥" : "") + value.toLocaleString("en-US");
    const text = { color: token("--ink-2"), fontFamily: token("--font"), fontSize: 13 };
    const categories = { type: "category", data: chart.categories, axisTick: { show: false },
      axisLabel: sideways ? { ...text, width: Math.round(width * 0.4), overflow: "break" } : text,
      axisLine: { lineStyle: { color: token("--line-strong") } }, inverse: sideways };
    const values = { type: "value", axisLabel: { ...text, formatter: written, hideOverlap: true },
      splitLine: { lineStyle: { color: token("--line") } } };
    // A legend of several rows keeps its place: Chinese takes about 13 pixels a letter, Latin half of it.
    const long = chart.series.reduce((sum, series) => sum + 40 + [...series.name].reduce((w, c) => w + (c > "\u2e80" ? 13 : 7), 0), 0);
    const rows = Math.ceil(long / width);
    return {
      animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
      color: [1, 2, 3, 4, 5, 6].map((place) => token(`--chart-${place}`)),
      grid: { left: 8, right: 16, top: 16, bottom: chart.series.length > 1 ? 16 + 24 * rows : 8, containLabel: true },
      legend: chart.series.length > 1 ? { bottom: 0, left: 0, right: 0, textStyle: text, itemWidth: 12, itemHeight: 12 } : undefined,
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: written, confine: true },
      xAxis: sideways ? values : categories,
      yAxis: sideways ? categories : values,
      series: chart.series.map((series) => ({
        name: series.name,
        data: series.values,
        type: chart.kind === "line" ? "line" : "bar",
        stack: chart.kind === "stacked" ? "all" : undefined,
        barMaxWidth: 28,
        symbolSize: 7,
      })),
    };
  }

  function draw(figure) {
    const canvas = figure.querySelector(".chart-canvas");
    canvas.hidden = false;
    const instance = echarts.init(canvas, null, { renderer: "svg" });
    instance.setOption(option(JSON.parse(figure.dataset.chart), canvas.clientWidth));
    figure.querySelector("details").removeAttribute("open");
    drawn.push(instance);
  }

  function drawAll() {
    for (const figure of document.querySelectorAll("figure[data-chart]")) draw(figure);
  }

  addEventListener("resize", () => drawn.forEach((instance) => instance.resize()));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    drawn.splice(0).forEach((instance) => instance.dispose());
    drawAll();
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", drawAll);
  else drawAll();
})();
