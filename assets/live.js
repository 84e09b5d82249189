/* The browser's side of the live update: the stream rings, the panels are fetched, their props are set.
   What is shown is young only while it is known to be the newest: a stream that rings is not enough.
   It retries for ever, says on screen when it lost touch, and reloads when the server's version changed. */
(() => {
  "use strict";
  const SILENT_AFTER_MS = 30000, FETCH_WITHIN_MS = 10000, RETRY_MS = 2000, FAILURES_BEFORE_POLLING = 2, FIRST_RING_MS = 5000, POLL_FOR_MS = 600000, BLANK_AFTER_MS = 20000;
  const startedAt = performance.now();
  const now = () => performance.now();
  const jitter = (ms) => ms * (0.5 + Math.random());
  const screen = () => document.getElementById("screen");
  const isChinese = () => (screen() || document.documentElement).getAttribute("data-language") !== "en";

  let version = null; // the server's, at the first message
  let wanted = null; // the newest message heard
  let shown = null; // the edition on the screen
  let newestAt = null, ageThen = null; // when the screen was last known to be the newest, and how old its data were then
  let heardAt = now(), openedAt = now(), failures = 0, stream = null, isFetching = false, isLeading = false, pollingSince = null;
  let drawnOn = null, etags = {}; // the page that `shown` and the etags speak of: another address is another one

  /* ── what the screen says of itself ── */

  function span(seconds) {
    const s = Math.max(0, Math.round(seconds));
    const [count, zh, en] = s < 90 ? [s, "秒", "s"] : s < 5400 ? [Math.round(s / 60), "分钟", "min"] : [Math.round(s / 3600), "小时", "h"];
    return isChinese() ? `${count} ${zh}` : `${count} ${en}`;
  }

  function showAge() {
    const since = now() - (newestAt === null ? startedAt : newestAt);
    const isLost = since > SILENT_AFTER_MS;
    document.body.classList.toggle("is-lost", isLost);
    const age = document.getElementById("age"), lostAge = document.getElementById("lost-age");
    const seconds = ageThen === null ? null : ageThen + since / 1000;
    if (age) age.textContent = seconds === null ? "" : isChinese() ? `${span(seconds)}前更新` : `updated ${span(seconds)} ago`;
    if (lostAge && isLost) lostAge.textContent = isChinese() ? `已 ${span(since / 1000)}` : `for ${span(since / 1000)}`;
  }

  function confirmNewest(message, at) {
    newestAt = at;
    ageThen = message.age_s;
    showAge();
  }

  /* ── hearing, and bringing what was heard of ── */

  function hear(message) {
    if (!message.edition) throw new Error("not a message of the cockpit");
    heardAt = now();
    failures = 0;
    if (version !== null && message.version !== version) { location.reload(); return; }
    version = message.version;
    wanted = message;
    bring();
  }

  async function ask(address) {
    const answer = await fetch(address, { signal: AbortSignal.timeout(FETCH_WITHIN_MS) });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  }

  async function bring() {
    const page = screen();
    if (!page || !wanted || isFetching || !(window.dash_clientside && window.dash_clientside.set_props)) return;
    if (page !== drawnOn) [drawnOn, shown, etags] = [page, page.getAttribute("data-edition"), {}];
    const target = wanted;
    if (target.edition === shown) { confirmNewest(target, heardAt); return; }
    const askedAt = now();
    isFetching = true;
    try {
      const asked = new URLSearchParams({ tick: target.tick, edition: target.edition, since: shown, lang: page.getAttribute("data-language") });
      for (const [name, value] of new URLSearchParams(page.getAttribute("data-asked") || "")) asked.append(name, value);
      const brought = await ask(`/panels/${page.getAttribute("data-screen")}?${asked}`);
      if (screen() !== page) return; // another town was chosen meanwhile
      for (const [id, panel] of Object.entries(brought.panels)) {
        if (etags[id] !== panel.etag) window.dash_clientside.set_props(id, { children: panel.children });
        etags[id] = panel.etag;
      }
      shown = brought.edition;
      page.setAttribute("data-edition", shown);
      document.body.setAttribute("data-tick", brought.tick);
      confirmNewest(target, askedAt);
      setTimeout(showAge, 50); // the header was drawn anew, without its age
    } catch (error) {
      console.warn("cockpit: panels could not be fetched,", error.message);
    } finally {
      isFetching = false;
    }
  }

  /* ── one stream a browser: the leader listens, and tells the other tabs ── */

  const channel = "BroadcastChannel" in window ? new BroadcastChannel("cockpit-live") : null;
  if (channel) channel.onmessage = (event) => { if (!isLeading) hear(event.data); };

  function pass(message) {
    hear(message);
    if (channel) channel.postMessage(message);
  }

  function lead() {
    isLeading = true;
    listen();
    return new Promise(() => {}); // for as long as this tab lives; then the next one leads
  }

  function listen() {
    openedAt = now();
    stream = new EventSource("/live");
    stream.onmessage = (event) => pass(JSON.parse(event.data));
    stream.onerror = retry;
  }

  function retry() {
    if (stream) stream.close();
    stream = null;
    failures += 1;
    setTimeout(failures > FAILURES_BEFORE_POLLING ? poll : listen, jitter(RETRY_MS));
  }

  async function poll() {
    try {
      pollingSince = pollingSince === null ? now() : pollingSince;
      pass(await ask(`/live?after=${wanted ? wanted.tick : 0}`));
      const isLong = now() - pollingSince > POLL_FOR_MS; // perhaps the stream was only slow once: try it again now and then
      setTimeout(isLong ? recover : poll, jitter(RETRY_MS));
    } catch {
      failures += 1;
      setTimeout(failures > 2 * FAILURES_BEFORE_POLLING ? recover : poll, jitter(RETRY_MS));
    }
  }

  function recover() { // the server was down, or the stream slow, rather than held back: try the stream first
    failures = 0;
    pollingSince = null;
    listen();
  }

  /* ── once a second ── */

  function look() {
    showAge();
    bring();
    const silence = now() - heardAt;
    const patience = heardAt > openedAt ? SILENT_AFTER_MS : FIRST_RING_MS; // a stream rings as soon as it opens
    if (isLeading && stream && now() - Math.max(heardAt, openedAt) > patience) { // it stays silent: held back on the way
      failures = FAILURES_BEFORE_POLLING;
      retry();
    }
    const isBlank = !screen() && !document.querySelector(".office");
    if (isBlank && now() - startedAt > BLANK_AFTER_MS && silence < SILENT_AFTER_MS && wanted) location.reload();
  }

  function scale() { // for Chromium before 111, which cannot divide lengths in CSS
    const ratio = innerWidth / innerHeight, width = ratio >= 3 ? 3840 : ratio >= 21 / 9 ? 2560 : 1920;
    document.documentElement.style.setProperty("--s", Math.min(innerWidth / width, innerHeight / 1080));
  }

  if (!CSS.supports("width: calc(1px * tan(45deg))")) { scale(); addEventListener("resize", scale); }
  setInterval(look, 1000);
  // Locks exist on this machine and over HTTPS only; elsewhere every tab has a stream of its own.
  if (channel && navigator.locks) navigator.locks.request("cockpit-live", lead);
  else lead();
})();
