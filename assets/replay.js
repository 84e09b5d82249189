/* The replay bar: which past minute is shown, and the ways to another one. It writes the page's address; the page follows.
   Minutes are those of the site's own clock: it counts them without a time zone, and the server knows where they lie.
   While another moment is on its way, what is seen is dimmed and says so: no number stands under a time that is not its own. */
(() => {
  "use strict";
  const MINUTE_MS = 60000, DAY = 1440, LOOK_MS = 250, ASK_AGAIN_MS = 30000, SILENT_AFTER_MS = 15000, SLOW_AFTER_MS = 45000, PLAY_MS = 1000, SETTLE_MS = 250;
  const SPEEDS = [1, 10, 60], STEPS = [-DAY, -60, -10, -1, 1, 10, 60, DAY];
  const KEYS = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -60, ArrowUp: 60, PageDown: -DAY, PageUp: DAY };
  const root = document.documentElement;

  let bar = null, parts = {}, language = "";
  let isOpen = false, chosen = null; // the minute that the bar shows, perhaps not yet asked for
  let pending = null; // the query that was written last, until it stands in the address
  let known = null, askedAt = 0, isAsking = false; // what there is to replay
  let playing = null, settling = null, elsewhenSince = null, wasSilent = false, probedAt = 0;

  /* ── minutes of the site's clock, as text and as numbers ── */

  const minuteOf = (text) => (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text || "") ? Math.floor(Date.parse(`${text.slice(0, 16)}:00Z`) / MINUTE_MS) : null);
  const textOf = (minute) => new Date(minute * MINUTE_MS).toISOString().slice(0, 16);
  const dayOf = (minute) => textOf(minute).slice(0, 10);
  const startOf = (minute) => Math.floor(minute / DAY) * DAY;
  const query = () => new URLSearchParams(pending === null ? location.search : pending);
  const asked = () => query().get("at");
  const pages = () => [...document.querySelectorAll(".screen, [data-replayed]")];
  const atOf = (page) => page.hasAttribute("data-replayed") ? page.getAttribute("data-replayed") : new URLSearchParams(page.getAttribute("data-asked") || "").get("at");
  const shownMinute = () => pages().map((page) => minuteOf(page.getAttribute("data-replay"))).find((minute) => minute !== null);
  const newest = () => (known ? minuteOf(known.newest) + Math.floor((performance.now() - askedAt) / MINUTE_MS) : null);
  const words = () => JSON.parse(document.getElementById("replay-words").getAttribute("data-words"))[language];

  /* ── the address ── */

  function go(minute) {
    if (known) minute = Math.min(newest(), Math.max(known.first === null ? minute : minuteOf(known.first), minute));
    chosen = minute;
    write(textOf(minute));
  }

  function write(at) {
    clearTimeout(settling);
    settling = null;
    const said = query();
    if (at === null) said.delete("at"); else said.set("at", at);
    const search = said.toString() ? `?${said.toString().replaceAll("%3A", ":")}` : "";
    if (search !== (pending === null ? location.search : pending)) window.dash_clientside.set_props("address", { search: (pending = search) });
    look();
  }

  const step = (minutes) => { const from = current(); if (from !== null) go(from + minutes); };
  const current = () => (chosen !== null ? chosen : newest());

  /* ── opening and closing ── */

  function open() {
    if (isOpen || !document.getElementById("replay-words")) return;
    isOpen = true;
    if (!bar) build();
    bar.hidden = false;
    root.classList.add("is-replay");
    dispatchEvent(new Event("resize"));
    ask();
    look();
  }

  function close() {
    pause();
    isOpen = false;
    chosen = null;
    if (bar) bar.hidden = true;
    root.classList.remove("is-replay");
    dispatchEvent(new Event("resize"));
    write(null);
  }

  function toggle() {
    if (isOpen) close(); else open();
  }

  /* ── playing ── */

  function play() {
    if (playing) { pause(); return; }
    playing = setInterval(() => {
      if (elsewhenSince !== null) return; // the last step is not there yet
      if (current() === null || current() >= newest()) pause(); else step(Number(parts.speed.value));
    }, PLAY_MS);
    paint();
  }

  function pause() {
    clearInterval(playing);
    playing = null;
    if (bar) paint();
  }

  /* ── what there is to replay ── */

  async function ask() {
    const day = chosen === null ? "" : dayOf(chosen);
    if (isAsking) return;
    isAsking = true;
    try {
      const answer = await fetch(`/moments?day=${day}`);
      if (!answer.ok) throw new Error(String(answer.status));
      known = await answer.json();
      askedAt = performance.now();
      mark();
      paint();
    } catch (error) {
      console.warn("cockpit: the moments could not be fetched,", error.message);
    } finally {
      isAsking = false;
    }
  }

  /* ── building and painting ── */

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function build() {
    parts = {
      kind: element("span", { class: "replay-kind", role: "status" }),
      moment: element("time", { class: "replay-moment" }),
      play: element("button", { type: "button", class: "play" }),
      speed: element("select", {}, ...SPEEDS.map((minutes) => element("option", { value: minutes }))),
      slider: element("input", { type: "range", min: 0, max: DAY - 1, step: 1 }),
      marks: document.createElementNS("http://www.w3.org/2000/svg", "svg"),
      field: element("input", { type: "datetime-local" }),
      back: element("button", { type: "button", class: "back" }),
      loading: element("div", { class: "moment-loading", role: "status" }),
    };
    const buttons = STEPS.map((minutes) => element("button", { type: "button", "data-step": minutes }));
    const steps = element("div", { class: "replay-steps" }, ...buttons.slice(0, 4), element("span", { class: "gap" }), ...buttons.slice(4), element("span", { class: "gap" }), parts.play, parts.speed);
    const hours = element("div", { class: "replay-hours", "aria-hidden": "true" }, ...[0, 3, 6, 9, 12, 15, 18, 21, 24].map((hour) => element("span", {}, String(hour))));
    parts.marks.setAttribute("viewBox", `0 0 ${DAY} 1`);
    parts.marks.setAttribute("preserveAspectRatio", "none");
    parts.marks.setAttribute("aria-hidden", "true");
    bar = element("section", { class: "replay", hidden: "" },
      element("div", { class: "replay-what" }, parts.kind, parts.moment), steps,
      element("div", { class: "replay-day" }, parts.slider, parts.marks, hours),
      element("div", { class: "replay-end" }, parts.field, parts.back));
    document.body.append(bar, parts.loading);
    parts.loading.hidden = true;
    steps.addEventListener("click", (event) => { const button = event.target.closest("[data-step]"); if (button) step(Number(button.dataset.step)); });
    parts.play.addEventListener("click", play);
    parts.back.addEventListener("click", close);
    parts.slider.addEventListener("input", slide);
    parts.field.addEventListener("change", () => { const minute = minuteOf(parts.field.value); if (minute !== null) go(minute); });
  }

  function slide() { // the bar follows the hand, the page when the hand rests
    if (current() === null) return;
    const minute = startOf(current()) + Number(parts.slider.value);
    chosen = minute;
    paint();
    clearTimeout(settling);
    settling = setTimeout(() => go(minute), SETTLE_MS);
  }

  function spell() { // the words of the page's language
    const said = words(), unit = (minutes) => (Math.abs(minutes) >= DAY ? `1${said.day}` : Math.abs(minutes) >= 60 ? `1${said.hour}` : `${Math.abs(minutes)}${said.minute}`);
    bar.lang = parts.loading.lang = language === "en" ? "en" : "zh-CN";
    bar.setAttribute("aria-label", said.replay);
    for (const button of bar.querySelectorAll("[data-step]")) button.textContent = `${Number(button.dataset.step) < 0 ? "−" : "+"}${unit(Number(button.dataset.step))}`;
    for (const option of parts.speed.options) option.textContent = `${said.speed} ${unit(Number(option.value))}`;
    parts.speed.setAttribute("aria-label", `${said.play}: ${said.speed}`);
    parts.play.title = said.keys;
    parts.slider.setAttribute("aria-label", said.of_day);
    parts.field.setAttribute("aria-label", said.moment);
    parts.back.textContent = said.back;
  }

  function mark() {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", known.changed.map((minute) => `M${minute} 0v1`).join(""));
    path.setAttribute("vector-effect", "non-scaling-stroke");
    parts.marks.replaceChildren(path);
  }

  const put = (target, text) => { if (target.textContent !== text) target.textContent = text; };

  function paint() {
    if (!bar || !language) return;
    const said = words(), minute = current(), isLive = asked() === null && chosen === null;
    const spoken = minute === null ? "" : `${dayOf(minute)} ${said.weekdays[(new Date(minute * MINUTE_MS).getUTCDay() + 6) % 7]} ${textOf(minute).slice(11)}`;
    put(parts.moment, spoken);
    if (minute !== null) parts.moment.setAttribute("datetime", textOf(minute));
    if (parts.kind.dataset.kind !== `${isLive}${language}`) {
      parts.kind.dataset.kind = `${isLive}${language}`;
      parts.kind.classList.toggle("is-live", isLive);
      parts.kind.replaceChildren(element("b", {}, isLive ? said.live : said.replay));
    }
    put(parts.play, playing ? `❚❚ ${said.pause}` : `▶ ${said.play}`);
    if (minute !== null && document.activeElement !== parts.field) parts.field.value = textOf(minute);
    if (minute !== null) parts.slider.value = minute - startOf(minute);
    if (known) {
      parts.field.max = textOf(newest());
      for (const button of bar.querySelectorAll("[data-step]")) button.disabled = minute === null || (Number(button.dataset.step) > 0 ? minute >= newest() : known.first !== null && minute <= minuteOf(known.first));
    }
    const isSlow = elsewhenSince !== null && performance.now() - elsewhenSince > SLOW_AFTER_MS;
    put(parts.loading, wasSilent ? said.silent : (isSlow ? said.slow : said.loading).replace("{}", asked() === null ? said.live : spoken));
  }

  /* ── looking: what the address asks for, and what is seen ── */

  function look() {
    if (pending === location.search) pending = null;
    const at = asked(), there = pages(), told = there.map((page) => page.getAttribute("data-language")).find(Boolean);
    if (at !== null && there.some((page) => page.matches(".screen, [data-replayed]")) && !isOpen) open();
    if (bar && told && told !== language) { language = told; parts.kind.dataset.kind = ""; spell(); }
    const isElsewhen = there.length > 0 && there.some((page) => atOf(page) !== at);
    if (isElsewhen && elsewhenSince === null) elsewhenSince = performance.now();
    if (!isElsewhen) [elsewhenSince, wasSilent] = [null, false];
    root.classList.toggle("is-elsewhen", isElsewhen);
    if (isElsewhen && !bar) build();
    if (bar) parts.loading.hidden = !isElsewhen;
    if (!isOpen) { if (isElsewhen) paint(); return; }
    if (there.length === 0) { leave(); return; }
    if (settling === null && (at === null || !isElsewhen || chosen === null)) chosen = at === null ? null : minuteOf(at) ?? shownMinute() ?? chosen;
    const day = chosen === null ? null : dayOf(chosen);
    if (performance.now() - askedAt > ASK_AGAIN_MS || (known && day !== null && day !== known.day)) ask();
    paint();
    if (isElsewhen) probe();
  }

  function leave() { // an office page has no bar
    if (!document.querySelector("#page > *")) return;
    pause();
    isOpen = false;
    bar.hidden = true;
    root.classList.remove("is-replay");
  }

  async function probe() { // a page that was asked for while the server was away is asked for again once it is back
    if (performance.now() - Math.max(elsewhenSince, probedAt) < SILENT_AFTER_MS) return;
    probedAt = performance.now();
    try {
      const answer = await fetch("/livez", { signal: AbortSignal.timeout(5000) });
      if (answer.ok && wasSilent) location.reload();
    } catch {
      wasSilent = true;
    }
  }

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.closest && event.target.closest("input:not([type=range]), textarea, select");
    if ((event.key === "r" || event.key === "R") && !isTyping && document.querySelector(".screen")) { toggle(); return; }
    if (!isOpen) return;
    if (event.key === "Escape") { close(); return; }
    if (isTyping || event.target === parts.slider) return;
    if (event.key in KEYS) step(KEYS[event.key] * (event.shiftKey && Math.abs(KEYS[event.key]) === 1 ? 10 : 1));
    else if (event.key === "Home" && current() !== null) go(startOf(current()));
    else if (event.key === "End" && current() !== null) go(startOf(current()) + DAY - 1);
    else if (event.key === " " && !event.target.closest("button")) play();
    else return;
    event.preventDefault();
  }

  addEventListener("keydown", press);
  addEventListener("popstate", () => { pending = null; chosen = null; look(); });
  addEventListener("click", (event) => { if (event.target.closest(".open-replay")) open(); });
  setInterval(look, LOOK_MS);
})();
