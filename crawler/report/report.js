"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const say = (key, values = {}) =>
    data.words[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  const number = (value) => value.toLocaleString(data.language === "id" ? "id-ID" : "en-GB");
  const byId = (id) => document.getElementById(id);
  const root = document.documentElement;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  root.classList.add("js");
  const tables = [...document.querySelectorAll("details")];
  for (const details of tables) details.open = false;

  // Text from the web becomes text nodes only.
  const element = (name, text, properties = {}) => {
    const made = Object.assign(document.createElement(name), properties);
    if (text) made.textContent = text;
    return made;
  };

  // ---- colours, which follow the theme ----------------------------------------------------------
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const outletColour = (at) => colour(data.outlets[at] === "" ? "--o9" : `--o${at}`);
  const outletName = (at) => data.outlets[at] || say("others");
  const hidden = new Set();
  const charts = [];

  const tooltip = () => ({
    className: "tip",
    confine: true,
    transitionDuration: 0,
    backgroundColor: colour("--page"),
    borderColor: colour("--line"),
    textStyle: { color: colour("--ink"), fontSize: 13 },
  });
  const FONT = 'system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

  function addChart(id, option) {
    const place = byId(id);
    if (!place) return null;
    const chart = echarts.init(place, null, { renderer: "canvas" });
    const draw = () => chart.setOption({ textStyle: { fontFamily: FONT }, animation: false, ...option() });
    draw();
    new ResizeObserver(() => { chart.resize(); draw(); }).observe(place);
    charts.push(draw);
    return chart;
  }
  const redraw = () => charts.forEach((draw) => draw());

  // ---- the list of stories ------------------------------------------------------------------------
  const table = byId("stories");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const COLUMNS = { time: 0, title: 1, outlet: 2, in: 3, out: 4, copies: 5, versions: 6 };
  const collator = new Intl.Collator(data.language, { numeric: true });
  const stories = rows.map((row) => {
    const cells = row.cells;
    const link = cells[1].querySelector("a");
    return {
      row,
      title: (link || cells[1].querySelector("bdi")).textContent,
      url: link ? link.href : "",
      outlet: row.dataset.outlet,
      thread: row.dataset.thread,
      time: row.dataset.time,
      when: cells[0].textContent,
      text: `${cells[0].textContent} ${row.dataset.time} ${cells[1].textContent} ${row.dataset.outlet}`.toLowerCase(),
      in: Number(cells[3].textContent),
      out: Number(cells[4].textContent),
      copies: Number(cells[5].textContent),
      versions: Number(cells[6].textContent),
    };
  });

  let ordered = stories;
  function sortBy(heading) {
    const key = heading.dataset.key;
    const before = heading.getAttribute("aria-sort");
    const textual = key === "title" || key === "outlet";
    const downward = before ? before === "ascending" : !textual;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", downward ? "descending" : "ascending");
    const sign = downward ? -1 : 1;
    const compare = textual
      ? (a, b) => collator.compare(a[key], b[key])
      : (a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0);
    // What has no time comes last either way.
    const missing = (story) => (key === "time" && !story.time ? 1 : 0);
    const sorted = [...stories].sort((a, b) => missing(a) - missing(b) || sign * compare(a, b));
    body.append(...sorted.map((story) => story.row));
    ordered = sorted;
    filter();
  }
  for (const heading of table.tHead.rows[0].cells) {
    const button = element("button", heading.textContent, { type: "button" });
    heading.replaceChildren(button);
    button.addEventListener("click", () => sortBy(heading));
  }

  const form = byId("filters");
  const more = byId("more");
  let period = null;
  // A table of thousands of rows is slow to lay out, and nobody scrolls through it: the rest comes on demand.
  const STEP = 500;
  let most = STEP;
  function filter() {
    const words = form.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const outlet = form.outlet.value;
    const thread = form.thread ? form.thread.value : "";
    let found = 0;
    for (const story of ordered) {
      const fits =
        words.every((word) => story.text.includes(word)) &&
        (!outlet || story.outlet === outlet) &&
        (!thread || story.thread === thread) &&
        (!form.edited.checked || story.versions > 1) &&
        (!period || (story.time >= period[0] && story.time < period[1]));
      found += fits;
      story.row.hidden = !fits || found > most;
    }
    const counted = say("shown", { shown: number(found), number: number(stories.length) });
    byId("shown").textContent = period ? `${counted} · ${period[2]}` : counted;
    more.hidden = found <= most;
    if (found > most) more.textContent = say("list_more", { more: number(Math.min(STEP, found - most)), left: number(found - most) });
  }
  const filterAnew = () => { most = STEP; filter(); };
  form.addEventListener("input", filterAnew);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => { period = null; setTimeout(filterAnew); });
  more.addEventListener("click", () => {
    const next = ordered.filter((story) => !story.row.hidden).length;
    most += STEP;
    filter();
    const link = ordered.filter((story) => !story.row.hidden)[next].row.querySelector("a");
    if (link) link.focus({ preventScroll: true });
  });
  filter();

  function showInList(story) {
    if (story.row.hidden) { form.reset(); period = null; form.words.value = ""; setTimeout(go); } else go();
    function go() {
      if (story.row.hidden) {
        most = STEP * Math.ceil((ordered.indexOf(story) + 1) / STEP);
        filter();
      }
      for (const row of rows) row.classList.toggle("found", row === story.row);
      story.row.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
      const link = story.row.querySelector("a");
      if (link) link.focus({ preventScroll: true });
    }
  }

  // ---- the timeline ---------------------------------------------------------------------------------
  const line = data.timeline;
  const time = addChart("timeline-chart", () => ({
    grid: { left: 8, right: 12, top: 14, bottom: 64, outerBoundsMode: "same", outerBounds: { left: 4, right: 8, top: 8, bottom: 58 } },
    tooltip: {
      ...tooltip(),
      trigger: "axis",
      axisPointer: { type: "shadow" },
      formatter: (series) => {
        const tip = element("div", "", { className: "tip" });
        const found = series.filter((each) => each.value).sort((a, b) => b.value - a.value);
        const total = found.reduce((sum, each) => sum + each.value, 0);
        tip.append(element("b", `${series[0].name}: ${number(total)} ${say("stories")}`));
        for (const each of found) {
          const entry = element("div");
          const dot = element("span", "", { className: "dot" });
          dot.style.background = each.color;
          entry.append(dot, `${each.seriesName} ${number(each.value)}`);
          tip.append(entry);
        }
        return tip;
      },
    },
    xAxis: {
      type: "category",
      data: line.labels,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("--dim") } },
      axisLabel: { color: colour("--dim"), hideOverlap: true },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: { color: colour("--dim") },
      splitLine: { lineStyle: { color: colour("--line") } },
    },
    dataZoom: [
      {
        type: "slider", bottom: 8, height: 30, showDetail: false, brushSelect: false,
        borderColor: colour("--line"), fillerColor: "rgba(127,157,240,0.18)",
        handleStyle: { color: colour("--page"), borderColor: colour("--dim") },
        moveHandleStyle: { color: colour("--line") },
        dataBackground: { lineStyle: { color: colour("--dim") }, areaStyle: { color: colour("--line") } },
        selectedDataBackground: { lineStyle: { color: colour("--link") }, areaStyle: { color: colour("--line") } },
      },
      // The page scrolls by the wheel; with Ctrl it zooms here.
      { type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, moveOnMouseMove: true },
    ],
    series: data.outlets.map((name, at) => ({
      type: "bar",
      id: String(at),
      name: outletName(at),
      stack: "all",
      barMaxWidth: 36,
      barCategoryGap: "12%",
      itemStyle: { color: outletColour(at) },
      emphasis: { focus: "series" },
      data: hidden.has(at) ? line.counts[at].map(() => 0) : line.counts[at],
    })),
  }));
  if (time) {
    time.on("click", (event) => {
      period = [line.starts[event.dataIndex], line.ends[event.dataIndex], line.labels[event.dataIndex]];
      filterAnew();
      form.scrollIntoView({ behavior: calm ? "auto" : "smooth" });
    });
    const zooms = {
      zoom_in: (from, to) => [from + (to - from) / 4, to - (to - from) / 4],
      zoom_out: (from, to) => [from - (to - from) / 2, to + (to - from) / 2],
      earlier: (from, to) => (from <= 0 ? [from, to] : [Math.max(0, from - (to - from) / 2), to - Math.min(from, (to - from) / 2)]),
      later: (from, to) => (to >= 100 ? [from, to] : [from + Math.min(100 - to, (to - from) / 2), Math.min(100, to + (to - from) / 2)]),
      reset: () => [0, 100],
    };
    tools("timeline", (action) => {
      const { start, end } = time.getOption().dataZoom[0];
      const [from, to] = zooms[action](start, end);
      time.dispatchAction({ type: "dataZoom", start: Math.max(0, from), end: Math.min(100, to) });
    });
  }
  for (const chip of document.querySelectorAll(".chip")) {
    chip.addEventListener("click", () => {
      const at = Number(chip.dataset.outlet);
      const shown = hidden.delete(at);
      if (!shown) hidden.add(at);
      // The outlet has a chip at each picture.
      for (const same of document.querySelectorAll(`.chip[data-outlet="${at}"]`)) same.setAttribute("aria-pressed", String(shown));
      redraw();
    });
  }

  function tools(name, act) {
    const bar = document.querySelector(`.tools[data-for="${name}"]`);
    if (bar) bar.addEventListener("click", (event) => event.target.dataset.do && act(event.target.dataset.do));
  }

  // ---- the graph of links ---------------------------------------------------------------------------
  const nodes = data.nodes.map(([row, x, y, outlet, size]) => ({ story: stories[row], x, y, outlet, size, from: [], to: [] }));
  for (const [source, target] of data.edges) {
    nodes[source].to.push(target);
    nodes[target].from.push(source);
  }
  // What shows without asking: above each thread the headline of its most linked story, the largest thread first.
  const threads = new Map();
  nodes.forEach((node, at) => {
    if (!threads.has(node.story.thread)) threads.set(node.story.thread, []);
    threads.get(node.story.thread).push(at);
  });
  const captions = [...threads.values()]
    .filter((members) => members.length > 2)
    .sort((a, b) => b.length - a.length)
    .map((members) => {
      // Not above the very highest, which may stand alone.
      const highest = [...members].sort((a, b) => nodes[a].y - nodes[b].y)[Math.floor(members.length / 20)];
      const hub = members.reduce((best, at) => (nodes[at].from.length > nodes[best].from.length ? at : best));
      const x = members.reduce((sum, at) => sum + nodes[at].x, 0) / members.length;
      return { hub, x, y: nodes[highest].y, rise: nodes[highest].size / 2 };
    });
  const span = (values) => [Math.min(...values), Math.max(...values)];
  const [left, right] = span(nodes.map((node) => node.x));
  const [top, bottom] = span(nodes.map((node) => node.y));
  const across = data.edges.filter(([source, target]) => nodes[source].story.thread !== nodes[target].story.thread);
  const between = Math.min(0.4, Math.max(0.08, 30 / (across.length || 1)));
  let chosen = -1;
  let hits = null;
  // A narrow window has room for smaller dots and fewer names.
  function fit() {
    const width = byId("graph-chart").clientWidth;
    graphWidth = width;
    shrunk = Math.min(1, Math.max(0.5, width / 760));
    shownCaptions = width < 500 ? 4 : 18;
  }
  function inTwoLines(text, length) {
    const words = text.split(" ");
    let first = words.shift();
    while (words.length && first.length + 1 + words[0].length <= length) first += ` ${words.shift()}`;
    return [short(first, length), ...(words.length ? [short(words.join(" "), length)] : [])].join("\n");
  }
  const short = (text, length) => (text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text);

  let shownCaptions = 0;
  let graphWidth = 0;
  let shrunk = 1;
  const plate = () => ({ backgroundColor: colour("--plate"), borderRadius: 3, padding: [2, 4] });
  function captionOption({ hub, x, y, rise }, at) {
    const narrow = shrunk < 0.7;
    return {
      name: `caption ${at}`,
      x,
      y,
      symbolSize: 1,
      itemStyle: { color: "transparent", borderWidth: 0 },
      tooltip: { show: false },
      emphasis: { disabled: true },
      label: {
        ...plate(),
        show: at < shownCaptions && chosen < 0 && !hits,
        formatter: inTwoLines(nodes[hub].story.title, narrow ? 16 : 24),
        position: "top",
        distance: rise * shrunk + 1,
        lineHeight: narrow ? 12 : 14,
        fontSize: narrow ? 10 : 11.5,
        fontWeight: 600,
        align: "center",
      },
    };
  }
  function nodeOption(node, at) {
    const near = chosen >= 0 && (at === chosen || nodes[chosen].from.includes(at) || nodes[chosen].to.includes(at));
    const dull = hidden.has(node.outlet) || (hits ? !hits.has(at) : chosen >= 0 && !near);
    const named = at === chosen || (hits ? hits.has(at) && hits.size <= 12 : near);
    return {
      name: String(at),
      x: node.x,
      y: node.y,
      symbolSize: node.size * shrunk,
      itemStyle: {
        color: outletColour(node.outlet),
        opacity: dull ? 0.12 : 1,
        borderColor: at === chosen ? colour("--ink") : colour("--page"),
        borderWidth: at === chosen ? 3 : 0.75,
      },
      label: {
        ...plate(),
        show: named && !dull,
        formatter: short(node.story.title, shrunk < 1 ? 24 : 34),
        position: node.x > left + (right - left) * 0.6 ? "left" : "right",
      },
    };
  }
  const graph = addChart("graph-chart", () => (fit(), {
    tooltip: {
      ...tooltip(),
      formatter: (event) => {
        const tip = element("div", "", { className: "tip" });
        if (event.dataType !== "node") {
          const [source, target] = data.edges[event.dataIndex];
          tip.append(element("b", nodes[source].story.title), `→ ${nodes[target].story.title}`);
          return tip;
        }
        if (event.dataIndex >= nodes.length) return "";
        const { story, from } = nodes[event.dataIndex];
        tip.append(element("b", story.title), `${story.outlet} · ${story.when} · ${say("links_in")} ${number(from.length)}`);
        return tip;
      },
    },
    series: [{
      type: "graph",
      id: "graph",
      layout: "none",
      roam: "move",
      left: 20, right: 20, top: 44, bottom: 20,
      preserveAspect: "contain",
      scaleLimit: { min: 0.6, max: 14 },
      nodeScaleRatio: 0.55,
      edgeSymbol: ["none", "arrow"],
      edgeSymbolSize: 4.5,
      cursor: "pointer",
      data: [...nodes.map(nodeOption), ...captions.map(captionOption)],
      links: data.edges.map(([source, target]) => {
        const strong = chosen >= 0 && (source === chosen || target === chosen);
        const weak = chosen >= 0 || hits !== null || hidden.has(nodes[source].outlet) || hidden.has(nodes[target].outlet);
        return {
          source: String(source),
          target: String(target),
          // Many links from one thread to another would cover all else: then they show when a story is chosen.
          lineStyle: {
            opacity: strong ? 0.95 : weak ? 0.05 : nodes[source].story.thread === nodes[target].story.thread ? 0.5 : between,
            width: strong ? 1.8 : 0.9,
          },
        };
      }),
      lineStyle: { color: colour("--dim"), curveness: 0.1 },
      label: { distance: 3, fontSize: 11.5, color: colour("--ink") },
      // The edge cuts nothing off, but for what is beyond it.
      labelLayout: ({ labelRect: { x, y, width, height } }) => {
        const dx = Math.max(2 - x, 0) + Math.min(graphWidth - 2 - x - width, 0);
        const dy = Math.max(2 - y, 0);
        return Math.abs(dx) < width / 2 && dy < height ? { hideOverlap: true, dx, dy } : { hideOverlap: true };
      },
      emphasis: { focus: "adjacency", scale: 1.15, label: { show: true }, lineStyle: { opacity: 0.95, width: 1.8 } },
      blur: { itemStyle: { opacity: 0.12 }, lineStyle: { opacity: 0.04 }, label: { show: false } },
    }],
  }));

  const panel = byId("story");
  const drawGraph = charts[charts.length - 1];
  function choose(at, move) {
    chosen = at;
    hits = null;
    if (byId("graph-search").value) byId("graph-search").value = byId("graph-hits").textContent = "";
    drawGraph();
    if (at >= 0 && move) frame([at, ...nodes[at].from, ...nodes[at].to]);
    if (at < 0) {
      panel.replaceChildren(element("p", say("pick"), { className: "dim" }));
      return;
    }
    const { story, from, to, outlet } = nodes[at];
    const facts = element("p", "", { className: "dim" });
    const dot = element("span", "", { className: `dot o${data.outlets[outlet] === "" ? 9 : outlet}` });
    facts.append(dot, `${story.outlet} · ${story.when}${story.versions > 1 ? ` · ${say("was_edited")}` : ""}`);
    const heading = element("h3", story.title, { tabIndex: -1 });
    const doing = element("p");
    if (story.url) {
      doing.append(element("a", say("open_story", { outlet: story.outlet }), { href: story.url, rel: "noopener noreferrer nofollow" }), " · ");
    }
    const listed = element("a", say("in_list"), { href: `#${story.row.id}` });
    listed.addEventListener("click", (event) => { event.preventDefault(); showInList(story); });
    doing.append(listed);
    const close = element("button", say("close"), { type: "button", className: "quiet" });
    close.addEventListener("click", () => { choose(-1); byId("graph-search").focus(); });
    panel.replaceChildren(heading, facts, doing, ...neighbours("links_in", from), ...neighbours("links_out", to), element("p"), close);
  }
  function neighbours(name, list) {
    const heading = element("h4", `${say(name)} (${number(list.length)})`);
    if (!list.length) return [heading, element("p", say("none"), { className: "dim" })];
    const entries = element("ul");
    const ordered = [...list].sort((a, b) => (nodes[a].story.time < nodes[b].story.time ? -1 : 1));
    for (const at of ordered) entries.append(entryFor(at));
    return [heading, entries];
  }
  function entryFor(at) {
    const entry = element("li");
    const button = element("button", nodes[at].story.title, { type: "button" });
    button.append(element("small", `${nodes[at].story.outlet} · ${nodes[at].story.when}`));
    button.addEventListener("click", () => {
      choose(at, true);
      panel.querySelector("h3").focus({ preventScroll: true });
    });
    entry.append(button);
    return entry;
  }

  const zoom = () => graph.getOption().series[0].zoom || 1;
  const view = (zoomed, center) => graph.setOption({ series: [{ id: "graph", zoom: zoomed, center }] });
  /** Zoom so that these stories fill most of the picture. */
  function frame(members) {
    const [from, to] = span(members.map((at) => nodes[at].x));
    const [above, below] = span(members.map((at) => nodes[at].y));
    const share = Math.max((to - from) / (right - left || 1), (below - above) / (bottom - top || 1));
    view(Math.min(4, Math.max(1, 0.7 / (share || 0.01))), [(from + to) / 2, (above + below) / 2]);
  }
  function zoomAt(factor, pixel) {
    const to = Math.min(14, Math.max(0.6, zoom() * factor));
    const middle = [graph.getWidth() / 2, graph.getHeight() / 2];
    const still = graph.convertFromPixel({ seriesIndex: 0 }, pixel || middle);
    const center = graph.convertFromPixel({ seriesIndex: 0 }, middle);
    const share = zoom() / to;
    view(to, [still[0] + (center[0] - still[0]) * share, still[1] + (center[1] - still[1]) * share]);
  }
  if (graph) {
    graph.on("click", (event) => {
      if (event.dataType !== "node") return;
      const caption = captions[event.dataIndex - nodes.length];
      choose(caption ? caption.hub : event.dataIndex);
    });
    graph.getZr().on("click", (event) => { if (!event.target && chosen >= 0) choose(-1); });
    byId("graph-chart").addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomAt(event.deltaY < 0 ? 1.25 : 0.8, [event.offsetX, event.offsetY]);
    }, { passive: false });
    tools("graph", (action) => {
      if (action === "reset") view(1, null);
      else zoomAt(action === "zoom_in" ? 1.4 : 1 / 1.4);
    });
    const search = byId("graph-search");
    search.addEventListener("input", () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      chosen = -1;
      hits = words.length ? new Set(nodes.map((_, at) => at).filter((at) => words.every((word) => nodes[at].story.text.includes(word)))) : null;
      byId("graph-hits").textContent = hits ? say("graph_hits", { number: number(hits.size) }) : "";
      const best = hits ? [...hits].sort((a, b) => nodes[b].from.length - nodes[a].from.length).slice(0, 12) : [];
      const entries = element("ul");
      entries.append(...best.map(entryFor));
      panel.replaceChildren(best.length ? entries : element("p", say("pick"), { className: "dim" }));
      drawGraph();
    });
    search.addEventListener("keydown", (event) => {
      const first = panel.querySelector("li button");
      if (event.key === "Enter" && first && hits) { event.preventDefault(); first.click(); }
      if (event.key === "Escape") { choose(-1); }
    });
  }

  // ---- what fetches brought ---------------------------------------------------------------------------
  addChart("curve-chart", () => ({
    grid: { left: 8, right: 20, top: 26, bottom: 30, outerBoundsMode: "same", outerBounds: { left: 4, right: 14, top: 4, bottom: 4 } },
    tooltip: {
      ...tooltip(),
      trigger: "axis",
      formatter: ([point]) =>
        element("div", `${say("fetched")} ${number(point.value[0])} · ${say("new_stories")} ${number(point.value[1])}`, { className: "tip" }),
    },
    xAxis: {
      type: "value", max: "dataMax", name: say("fetched"), nameLocation: "middle", nameGap: 28,
      nameTextStyle: { color: colour("--dim") },
      axisLabel: { color: colour("--dim"), hideOverlap: true, showMaxLabel: false }, splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: colour("--dim") } },
    },
    yAxis: {
      type: "value", minInterval: 1, name: say("new_stories"), nameTextStyle: { color: colour("--dim"), align: "left" },
      axisLabel: { color: colour("--dim") }, splitLine: { lineStyle: { color: colour("--line") } },
    },
    series: [{
      type: "line", data: data.curve, symbolSize: 4, lineStyle: { width: 2, color: colour("--o0") },
      itemStyle: { color: colour("--o0") }, areaStyle: { color: colour("--o0"), opacity: 0.12 },
    }],
  }));

  // ---- theme and paper --------------------------------------------------------------------------------
  const themes = ["auto", "light", "dark"];
  const themeButton = byId("theme");
  let theme = 0;
  function setTheme(name) {
    if (name === "auto") delete root.dataset.theme;
    else root.dataset.theme = name;
    redraw();
  }
  themeButton.addEventListener("click", () => {
    theme = (theme + 1) % themes.length;
    themeButton.querySelector("span").textContent = say(`theme_${themes[theme]}`);
    setTheme(themes[theme]);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  const before = { most: STEP, open: [] };
  addEventListener("beforeprint", () => {
    before.most = most;
    before.open = tables.map((details) => details.open);
    most = Infinity;
    filter();
    setTheme("light");
    for (const details of tables) details.open = true;
  });
  addEventListener("afterprint", () => {
    most = before.most;
    filter();
    setTheme(themes[theme]);
    tables.forEach((details, at) => { details.open = before.open[at]; });
  });
})();
