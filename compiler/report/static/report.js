"use strict";
// Values under the pointer or the arrow keys, levels switched on and off, and one slider through the iterations.
// Reads the values from the page's own data; without this script everything is still shown, at the end of training.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const plots = [...document.querySelectorAll(".plot")].map((box) => new Plot(box, data.charts[box.dataset.chart]));
  const slider = document.getElementById("iteration");
  const off = new Set();

  function Plot(box, chart) {
    this.box = box;
    this.chart = chart;
    this.svg = box.querySelector("svg");
    this.cursor = box.querySelector(".cursor");
    this.reading = document.getElementById(box.dataset.chart + "-reading");
    this.switched = box.closest(".training") !== null;
    this.at = null;
  }

  Plot.prototype.place = function (value, axis, from, to) {
    const [low, high, log] = axis;
    const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return from + share * (to - from);
  };

  Plot.prototype.value = function (clientX) {
    const box = this.svg.getBoundingClientRect();
    const [left, right, , , width] = this.chart.frame;
    const [low, high, log] = this.chart.x;
    const x = ((clientX - box.left) / box.width) * width;
    const share = Math.min(1, Math.max(0, (x - left) / (right - left)));
    return log ? low * Math.pow(high / low, share) : low + share * (high - low);
  };

  Plot.prototype.visible = function () {
    return this.chart.series.filter((s) => s.x.length && !(this.switched && off.has(s.key)));
  };

  // Move the cursor to x and say what is there; each series is read at the value nearest to it.
  Plot.prototype.show = function (x) {
    const shown = this.visible();
    this.at = x;
    this.cursor.querySelectorAll("circle").forEach((dot) => dot.remove());
    const [left, right, top, bottom] = this.chart.frame;
    this.cursor.removeAttribute("hidden");
    this.cursor.querySelector("line").setAttribute("transform", `translate(${this.place(x, this.chart.x, left, right)} 0)`);
    const said = [];
    for (const s of shown) {
      const i = nearest(s.x, x);
      const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      dot.setAttribute("class", "mark s-" + s.key);
      dot.setAttribute("r", 3.5);
      dot.setAttribute("cx", this.place(s.x[i], this.chart.x, left, right));
      dot.setAttribute("cy", this.place(s.y[i], this.chart.y, bottom, top));
      this.cursor.append(dot);
      said.push(`${s.name} ${short(s.y[i])}`);
    }
    const at = shown.length ? shown[0].x[nearest(shown[0].x, x)] : x;
    this.reading.textContent = shown.length ? `${this.chart.unit} ${short(at)}: ${said.join(", ")}` : "all levels are switched off";
  };

  // The arrow keys go from one value to the next, twenty to the width of the chart.
  Plot.prototype.step = function (key) {
    const xs = [...new Set(this.visible().flatMap((s) => s.x))].sort((a, b) => a - b);
    if (!xs.length) return;
    const far = Math.max(1, Math.round(xs.length / 20));
    const now = this.at === null ? xs.length - 1 : nearest(xs, this.at);
    const next = { ArrowLeft: now - far, ArrowRight: now + far, Home: 0, End: xs.length - 1 }[key];
    const x = xs[Math.min(xs.length - 1, Math.max(0, next))];
    if (this.chart.scrubbed) scrub(Math.round(x));
    this.show(x);
  };

  function nearest(xs, x) {
    let best = 0;
    xs.forEach((v, i) => { if (Math.abs(v - x) < Math.abs(xs[best] - x)) best = i; });
    return best;
  }

  function short(v) {
    const far = v !== 0 && (Math.abs(v) < 1e-3 || Math.abs(v) >= 1e6);
    return (far ? v.toExponential(2) : String(Number(v.toPrecision(4)))).replaceAll("-", "\u2212");
  }

  // Everything that follows the iteration: cursors of the training charts, and the moments of the decision.
  function scrub(iteration) {
    if (!slider) return;
    slider.value = iteration;
    document.getElementById("at").textContent = iteration;
    for (const plot of plots) {
      if (plot.chart.scrubbed) plot.show(iteration);
      if (plot.chart.moments) decide(plot, iteration);
    }
    const loss = plots.find((plot) => plot.box.dataset.chart === "loss");
    if (loss) slider.setAttribute("aria-valuetext", loss.reading.textContent);
  }

  function decide(plot, iteration) {
    const drawn = plot.chart.moments.filter((m) => m <= iteration);
    const moment = drawn.length ? drawn[drawn.length - 1] : plot.chart.moments[0];
    for (const level of plot.svg.querySelectorAll(".series")) {
      const groups = [...level.querySelectorAll("[data-moment]")];
      const past = groups.filter((g) => Number(g.dataset.moment) <= iteration);
      const chosen = past.length ? past[past.length - 1] : groups[0];
      groups.forEach((g) => g.toggleAttribute("hidden", g !== chosen));
    }
    plot.reading.textContent = `decisions as of iteration ${moment}`;
  }

  for (const button of document.querySelectorAll(".toggle")) {
    const key = button.dataset.level;
    button.disabled = false;
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      if (on) off.delete(key); else off.add(key);
      for (const plot of plots) {
        for (const g of plot.svg.querySelectorAll(`.training [data-key="${key}"]`)) g.toggleAttribute("hidden", !on);
        if (plot.at !== null) plot.show(plot.at);
      }
    });
  }

  for (const plot of plots) {
    if (!plot.chart.series.length) continue;
    for (const what of ["pointermove", "pointerdown"]) {
      plot.box.addEventListener(what, (event) => plot.show(plot.value(event.clientX)));
    }
    // A screen reader is told of the chart that the keyboard is on, not of all that the slider moves.
    plot.box.addEventListener("focus", () => plot.reading.setAttribute("aria-live", "polite"));
    plot.box.addEventListener("blur", () => plot.reading.setAttribute("aria-live", "off"));
    plot.box.addEventListener("pointerleave", () => {
      if (plot.chart.scrubbed && slider) plot.show(Number(slider.value));
    });
    plot.box.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
      event.preventDefault();
      plot.step(event.key);
    });
  }

  if (slider) {
    slider.closest(".scrub").removeAttribute("hidden");
    slider.addEventListener("input", () => scrub(Number(slider.value)));
    scrub(Number(slider.value));
  }
  for (const plot of plots) {
    if (!plot.reading.textContent) plot.reading.textContent = "Point at the chart, or focus it and use the arrow keys, to read values.";
  }
})();
